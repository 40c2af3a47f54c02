/// An IPv4 or IPv6 address as two numbers, most significant first.
///
/// An IPv4 address stands in the low 32 bits of `low`; `high` is 0 then.
public struct IPAddress: Sendable, Hashable {
  public var high: UInt64
  public var low: UInt64
  public var isIPv6: Bool

  public init(v4: UInt32) {
    high = 0
    low = UInt64(v4)
    isIPv6 = false
  }

  public init(v6High: UInt64, low: UInt64) {
    high = v6High
    self.low = low
    isIPv6 = true
  }

  public static let anyV4 = IPAddress(v4: 0)
  public static let anyV6 = IPAddress(v6High: 0, low: 0)

  /// `0.0.0.0` or `::`.
  public var isAny: Bool { high == 0 && low == 0 }
  /// `::ffff:a.b.c.d`: IPv4 over a dual-stack socket.
  public var isMappedV4: Bool { isIPv6 && high == 0 && low >> 32 == 0xFFFF }
  /// The IPv4 address, also of a mapped one.
  public var v4: UInt32? {
    if !isIPv6 || isMappedV4 { UInt32(truncatingIfNeeded: low) } else { nil }
  }
  /// Mapped IPv4 as plain IPv4; anything else unchanged.
  public var unmapped: IPAddress {
    isMappedV4 ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self
  }
  public var isLoopback: Bool {
    if let v4 { return v4 >> 24 == 127 }
    return high == 0 && low == 1
  }
}

/// An internet address and a port.
public struct Endpoint: Sendable, Hashable {
  public var address: IPAddress
  public var port: UInt16

  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  public static let anyV4 = Endpoint(address: .anyV4, port: 0)
}
