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

/// Settings of a network namespace that limits depend on (`/proc/sys/net`).
///
/// Only a process in the namespace can read them; nil where the tool may not enter it.
public struct NetworkSettings: Sendable {
  /// `net.core.somaxconn`.
  public var mostBacklog: Int64?
  public var mostSynBacklog: Int64?
  /// 0 off, 1 when the SYN queue is full, 2 always.
  public var synCookies: Int64?
  public var localPorts: ClosedRange<UInt16>?
  /// 0 never, 1 always, 2 on loopback.
  public var reusesTimeWait: Int64?
  public var mostTimeWait: Int64?
  public var mostOrphans: Int64?
  /// Pages: below the first all is well, above the last the kernel drops.
  public var memory: [Int64]

  /// Of each network namespace, by its inode.
  static func all(
    _ places: [NetworkNamespace], through kernel: any Kernel
  ) -> [UInt32: NetworkSettings] {
    places.reduce(into: [:]) { found, place in
      found[place.inode] = NetworkSettings(in: place, through: kernel)
    }
  }

  init(in place: NetworkNamespace, through kernel: any Kernel) {
    func numbers(_ name: String) -> [Int64] {
      guard let text = place.setting("/proc/sys/net/\(name)", through: kernel) else { return [] }
      return text.split { $0 <= 32 }.compactMap { Int64(String(rawBytes: $0)) }
    }
    mostBacklog = numbers("core/somaxconn").first
    mostSynBacklog = numbers("ipv4/tcp_max_syn_backlog").first
    synCookies = numbers("ipv4/tcp_syncookies").first
    reusesTimeWait = numbers("ipv4/tcp_tw_reuse").first
    mostTimeWait = numbers("ipv4/tcp_max_tw_buckets").first
    mostOrphans = numbers("ipv4/tcp_max_orphans").first
    memory = numbers("ipv4/tcp_mem")
    let range = numbers("ipv4/ip_local_port_range").compactMap { UInt16(exactly: $0) }
    localPorts = range.count == 2 && range[0] <= range[1] ? range[0]...range[1] : nil
  }
}
