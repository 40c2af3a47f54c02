/// What `NETLINK_ROUTE` says of a namespace's interfaces and of their addresses.
enum RouteMessage {
  /// One interface (`RTM_NEWLINK`).
  struct Link: Sendable, Equatable {
    var index: UInt32
    /// Up to 15 bytes of nearly anything.
    var name: [UInt8]
  }

  private static let flags = NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump

  /// `RTM_GETLINK`: an `ifinfomsg` of zeros, and the attribute `IFLA_EXT_MASK` =
  /// `RTEXT_FILTER_SKIP_STATS`, which older kernels pass over.
  static let linksRequest = NetlinkMessage.request(
    18, flags: flags, [UInt8](repeating: 0, count: 16) + [8, 0, 29, 0, 8, 0, 0, 0])

  /// `RTM_GETADDR`: an `ifaddrmsg` of zeros, so of every family.
  static let addressesRequest = NetlinkMessage.request(
    22, flags: flags, [UInt8](repeating: 0, count: 8))

  /// `ifinfomsg`: family u8, type u16, index i32 at 4, flags, change; then attributes, of which
  /// `IFLA_IFNAME` is 3.
  static func link(in message: borrowing Span<UInt8>) -> Link? {
    guard message.count >= 16 else { return nil }
    var attributes = NetlinkAttributes(from: 16)
    while attributes.next(in: message) {
      guard attributes.type == 3 else { continue }
      return Link(index: message.number32(at: 4), name: attributes.text(in: message))
    }
    return nil
  }

  /// `ifaddrmsg`: family u8, prefix length, flags, scope, index u32; then attributes. `IFA_ADDRESS`
  /// is the other end of a point-to-point link; `IFA_LOCAL` is ours then.
  static func address(in message: borrowing Span<UInt8>) -> IPAddress? {
    guard message.count >= 8 else { return nil }
    let isIPv6 = message[0] == AddressFamily.inet6.rawValue
    guard isIPv6 || message[0] == AddressFamily.inet.rawValue else { return nil }
    var found: (address: IPAddress?, local: IPAddress?) = (nil, nil)
    var attributes = NetlinkAttributes(from: 8)
    while attributes.next(in: message) {
      switch attributes.type {
      case 1: found.address = ip(attributes.bytes(in: message), isIPv6)
      case 2: found.local = ip(attributes.bytes(in: message), isIPv6)
      default: continue
      }
    }
    return found.local ?? found.address
  }

  private static func ip(_ bytes: [UInt8], _ isIPv6: Bool) -> IPAddress? {
    guard bytes.count >= (isIPv6 ? 16 : 4) else { return nil }
    func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    return isIPv6
      ? IPAddress(v6High: number(bytes[0..<8]), low: number(bytes[8..<16]))
      : IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes[0..<4])))
  }
}
