/// The network namespaces in which processes live.
struct NamespaceFinderProcesses {
  /// The lowest process in each namespace.
  private(set) var known: [UInt32: Int32] = [:]
  /// The lowest process in each namespace whose inode is not for us to see, ascending.
  private(set) var unnamed: [Int32] = []
  /// Processes of which nothing could be told, and the first reason.
  private(set) var denied = 0
  private(set) var failure: KernelError?

  private let file: NamespaceFinderFile

  init(_ processes: [Int32], _ file: NamespaceFinderFile) {
    self.file = file
    var closed: [Int32] = []
    for process in processes {
      do throws(KernelError) {
        let inode = try file.inode(at: "/proc/\(process)/ns/net")
        known[inode] = known[inode] ?? process
      } catch {
        if !error.isGone { closed.append(process) }
      }
    }
    if !closed.isEmpty { tellApart(closed) }
  }

  /// Processes that share a namespace with a known one are nothing new.
  private mutating func tellApart(_ closed: [Int32]) {
    var seen = Set(known.values.compactMap { mark("/proc/\($0)/net") })
    if let own = mark("/proc/net") { seen.insert(own) }
    for process in closed {
      do throws(KernelError) {
        let mark = try file.fingerprint(ofNetAt: "/proc/\(process)/net")
        if seen.insert(mark).inserted { unnamed.append(process) }
      } catch {
        if !error.isGone { miss(error) }
      }
    }
  }

  private mutating func miss(_ error: KernelError) {
    denied += 1
    failure = failure ?? error
  }

  private func mark(_ folder: String) -> UInt64? {
    do throws(KernelError) { return try file.fingerprint(ofNetAt: folder) } catch { return nil }
  }

  /// What stays unknown, as a gap.
  var gap: Gap? {
    guard let failure else { return nil }
    return Gap(
      .namespaces,
      missing: "network namespaces of \(denied) process\(denied == 1 ? "" : "es")",
      reason: failure.reason, remedy: file.kernel.remedy(for: failure))
  }
}
