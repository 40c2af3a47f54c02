import ProcNet

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
