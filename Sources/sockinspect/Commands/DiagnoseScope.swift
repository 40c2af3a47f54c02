import ProcNet

/// Which network namespaces a diagnosis reads when `--netns` does not say: its own and all others
/// that it may enter, up to a bound.
struct DiagnoseScope {
  /// Each costs some dumps per sample, which walk the host's whole table of connections.
  static let most = 64
  /// A setting that every namespace has: reading it shows whether we may enter.
  private static let setting = "/proc/sys/net/core/somaxconn"

  private let session: Session

  init(_ session: Session) { self.session = session }

  /// Of another `/proc` only the namespace that is meant is read, unless others are asked for.
  func places(
    _ common: CommonArguments, gaps: inout [Gap]
  ) throws(KernelError) -> [NetworkNamespace] {
    guard common.namespace == nil, common.procRoot == nil else {
      return try session.places(common.namespace, gaps: &gaps)
    }
    var found: [Gap] = []
    let all: [NetworkNamespace]
    do throws(KernelError) {
      all = try session.places("all", gaps: &found)
    } catch {
      return try session.places("self", gaps: &gaps)
    }
    gaps += found
    return chosen(all, &gaps)
  }

  /// Our own first; of the others first those in which processes live.
  private func chosen(_ all: [NetworkNamespace], _ gaps: inout [Gap]) -> [NetworkNamespace] {
    let others = all.dropFirst()
    let ordered = others.filter { $0.tables != nil } + others.filter { $0.tables == nil }
    var (open, denied): ([NetworkNamespace], [NetworkNamespace]) = ([], [])
    var reason = ""
    for place in ordered.prefix(Self.most - 1) {
      do throws(KernelError) {
        if try isThere(place) { open.append(place) }
      } catch {
        denied.append(place)
        reason = error.reason
      }
    }
    if !denied.isEmpty { gaps.append(gap(count(denied), reason, remedy: remedy)) }
    let beyond = ordered.count - (Self.most - 1)
    if beyond > 0 {
      let reason = "more than \(Self.most) are read only when asked for"
      gaps.append(gap("\(beyond)", reason, remedy: "--netns all"))
    }
    return all.prefix(1) + open
  }

  /// A namespace with a name can be that of a process whose namespace may not be told.
  private func count(_ places: [NetworkNamespace]) -> String {
    let unknown = places.count { $0.inode == 0 }
    let known = places.count - unknown
    return unknown > 0 && known > 0 ? "at least \(max(unknown, known))" : "\(places.count)"
  }

  /// False for one that has gone meanwhile; throws when it may not be entered.
  private func isThere(_ place: NetworkNamespace) throws(KernelError) -> Bool {
    guard let path = place.path else { return true }
    do throws(KernelError) {
      _ = try session.kernel.setting(Self.setting, inNamespaceAt: path)
    } catch {
      guard error.isGone else { throw error }
      return (try? session.kernel.identity(of: path)) != nil
    }
    return true
  }

  /// What a diagnosis read is repeated as it was said.
  private var remedy: String {
    let recorded = session.kernel as? RecordedKernel
    return recorded == nil || recorded?.header.diagnosis != nil ? "run as root" : "record as root"
  }

  private func gap(_ count: String, _ reason: String, remedy: String) -> Gap {
    let isOne = count == "1" || count == "at least 1"
    return Gap(
      .namespaces, missing: "\(count) other network namespace\(isOne ? "" : "s")",
      reason: reason, remedy: remedy)
  }
}
