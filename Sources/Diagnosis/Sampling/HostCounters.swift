import ProcNet

/// The counters of the namespaces that are read, in one sample.
public struct HostCounters: Sendable {
  private var tables: [UInt32: [String: Int128]] = [:]

  init(_ places: [NetworkNamespace], through kernel: any Kernel, gaps: inout [Gap]) {
    for place in places {
      guard let folder = place.tables else { continue }
      tables[place.inode] = Self.read(folder, kernel, &gaps)
    }
  }

  /// `TcpExt` and `ListenDrops`: nil where this kernel does not count it, or it was not read, and
  /// above 2^63: a level that looks so large has fallen below 0.
  public func value(_ group: String, _ name: String, in namespace: UInt32) -> Int64? {
    exact(group, name, namespace).flatMap { Int64(exactly: $0) }
  }

  private func exact(_ group: String, _ name: String, _ namespace: UInt32) -> Int128? {
    tables[namespace]?["\(group).\(name)"]
  }

  /// How much a counter has risen since an earlier sample; nil when one of the two lacks it.
  public func rise(
    of group: String, _ name: String, since earlier: HostCounters, in namespace: UInt32
  ) -> Int64? {
    guard let now = exact(group, name, namespace),
      let before = earlier.exact(group, name, namespace)
    else { return nil }
    return Int64(exactly: max(now - before, 0))
  }

  public var namespaces: [UInt32] { tables.keys.sorted() }

  private static func read(
    _ folder: String, _ kernel: any Kernel, _ gaps: inout [Gap]
  ) -> [String: Int128] {
    var values: [String: Int128] = [:]
    for (name, decode) in files {
      do throws(KernelError) {
        let text = try kernel.contents(of: "\(folder)/\(name)")
        let table = decode(text.span)
        for counter in table.counters {
          values["\(counter.group).\(counter.name)"] = counter.value
        }
        if let gap = table.gap(of: "\(folder)/\(name)"), !gaps.contains(gap) { gaps.append(gap) }
      } catch {
        let gap = Gap(.counters, missing: "counters of \(folder)/\(name)", reason: error.reason)
        if !gaps.contains(gap) { gaps.append(gap) }
      }
    }
    return values
  }

  private static let files: [(String, @Sendable (Span<UInt8>) -> CounterTable)] = [
    ("netstat", { ProcNetNetstat.decode($0) }), ("snmp", { ProcNetSnmp.decode($0) }),
    ("sockstat", { ProcSockstat.decode($0) }),
  ]
}
