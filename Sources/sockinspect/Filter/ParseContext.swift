import ProcNet

/// What a filter's words are read against: the tables asked for, and who knows names.
struct ParseContext {
  /// Tables that the listing is limited to: with unix ones only, `src` takes a path, as in ss.
  var netids: NetidSet = .all
  /// Families that the listing is limited to, likewise.
  var families: FamilySet = .all
  var resolveHost: (String) throws(KernelError) -> [IPAddress] = { _ in [] }
  var resolvePort: (String, NetidSet) -> ServiceNames.Search = { _, _ in .missing }
  var interface: ([UInt8]) -> Interfaces.Search = { _ in .missing }
  /// The id of the cgroup with this path, which may begin with the mount point.
  var cgroupID: (String) -> UInt64? = { _ in nil }
  /// The ports that the kernel gives out by itself (`net.ipv4.ip_local_port_range`).
  var ephemeralPorts: ClosedRange<UInt16> = 32768...60999

  /// Names from the C library, interfaces from the surroundings, cgroups from the file system.
  static func live(
    netids: NetidSet, families: FamilySet, kernel: any Kernel, surroundings: any SocketContext
  ) -> ParseContext {
    let services = ServiceNames(through: kernel)
    return ParseContext(
      netids: netids, families: families,
      resolveHost: { (host) throws(KernelError) in try NameLookup.addresses(ofHost: host) },
      resolvePort: { services.search($0.rawBytes, in: $1) },
      interface: { surroundings.interface(named: $0) },
      cgroupID: { cgroupID(at: $0, through: kernel) },
      ephemeralPorts: ephemeralPorts(of: kernel) ?? 32768...60999)
  }

  private static let mountPoint = "/sys/fs/cgroup"

  private static func cgroupID(at path: String, through kernel: any Kernel) -> UInt64? {
    let place = path.hasPrefix(mountPoint) ? path : mountPoint + path
    return try? kernel.identity(of: place).inode
  }

  private static func ephemeralPorts(of kernel: any Kernel) -> ClosedRange<UInt16>? {
    let file = "/proc/sys/net/ipv4/ip_local_port_range"
    guard let bytes = try? kernel.contents(of: file) else { return nil }
    let numbers = bytes.split { $0 < 0x30 || $0 > 0x39 }
      .compactMap { UInt16(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 2, numbers[0] <= numbers[1] else { return nil }
    return numbers[0]...numbers[1]
  }

  var takesPaths: Bool {
    families == .unix || (!netids.isEmpty && netids.isSubset(of: .unix))
  }
  var takesProtocols: Bool {
    families == .packet || (!netids.isEmpty && netids.isSubset(of: .packet))
  }
}
