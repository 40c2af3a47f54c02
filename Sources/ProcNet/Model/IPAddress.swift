/// An IPv4 or IPv6 address as two numbers, most significant first.
///
/// An IPv4 address stands in the low 32 bits of `low`; `high` is 0 then.
public struct IPAddress: Sendable, Hashable {
  /// The first 64 bits of an IPv6 address.
  public var high: UInt64
  /// The last 64 bits of an IPv6 address; or an IPv4 address.
  public var low: UInt64
  /// Which of the two it is; a mapped address (`::ffff:a.b.c.d`) is IPv6.
  public var isIPv6: Bool

  /// IPv4: `0x7F000001` is 127.0.0.1.
  public init(v4: UInt32) {
    high = 0
    low = UInt64(v4)
    isIPv6 = false
  }

  /// IPv6 in two halves.
  public init(v6High: UInt64, low: UInt64) {
    high = v6High
    self.low = low
    isIPv6 = true
  }

  /// `0.0.0.0`.
  public static let anyV4 = IPAddress(v4: 0)
  /// `::`.
  public static let anyV6 = IPAddress(v6High: 0, low: 0)

  /// `0.0.0.0` or `::`.
  public var isAny: Bool { high == 0 && low == 0 }
  /// `::ffff:a.b.c.d`: IPv4 over a dual-stack socket.
  var isMappedV4: Bool { isIPv6 && high == 0 && low >> 32 == 0xFFFF }
  /// The IPv4 address, also of a mapped one.
  public var v4: UInt32? {
    if !isIPv6 || isMappedV4 { UInt32(truncatingIfNeeded: low) } else { nil }
  }
  /// Mapped IPv4 as plain IPv4; anything else unchanged.
  public var unmapped: IPAddress {
    isMappedV4 ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self
  }
  /// `127.0.0.0/8`, also mapped, or `::1`.
  public var isLoopback: Bool {
    if let v4 { return v4 >> 24 == 127 }
    return high == 0 && low == 1
  }
}

/// An internet address and a port.
public struct Endpoint: Sendable, Hashable {
  /// The address; any for a socket that is not bound or not connected.
  public var address: IPAddress
  /// The port in host order; 0 for none.
  public var port: UInt16

  /// Joins an address and a port.
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `0.0.0.0:0`, what a socket has that is neither bound nor connected.
  public static let anyV4 = Endpoint(address: .anyV4, port: 0)
}

/// Writes addresses the way ss and the C library do.
public enum AddressText {
  /// Writes an address of either family, without brackets.
  public static func append(_ address: IPAddress, to writer: inout ByteWriter) {
    if address.isIPv6 {
      appendIPv6(address, to: &writer)
    } else {
      appendIPv4(UInt32(truncatingIfNeeded: address.low), to: &writer)
    }
  }

  /// Writes four decimal numbers with dots between them.
  public static func appendIPv4(_ address: UInt32, to writer: inout ByteWriter) {
    appendOctet(address >> 24, to: &writer)
    writer.append(UInt8(ascii: "."))
    appendOctet(address >> 16 & 255, to: &writer)
    writer.append(UInt8(ascii: "."))
    appendOctet(address >> 8 & 255, to: &writer)
    writer.append(UInt8(ascii: "."))
    appendOctet(address & 255, to: &writer)
  }

  @inline(__always)
  private static func appendOctet(_ octet: UInt32, to writer: inout ByteWriter) {
    writer.append(decimal: octet)
  }

  /// The longest run of two or more zero groups is left out (RFC 5952); IPv4 inside is written
  /// as IPv4.
  public static func appendIPv6(_ address: IPAddress, to writer: inout ByteWriter) {
    if address.isAny {
      writer.append("::")
    } else if address.high == 0, address.low >> 32 == 0xFFFF {
      writer.append("::ffff:")
      appendIPv4(UInt32(truncatingIfNeeded: address.low), to: &writer)
    } else if address.high == 0, address.low >> 32 == 0, address.low >> 16 != 0 {
      // IPv4-compatible, as inet_ntop writes it.
      writer.append("::")
      appendIPv4(UInt32(truncatingIfNeeded: address.low), to: &writer)
    } else {
      appendGroups(address, to: &writer)
    }
  }

  private static func group(_ address: IPAddress, _ index: Int) -> UInt64 {
    let half = index < 4 ? address.high : address.low
    return half >> UInt64((3 - index % 4) * 16) & 0xFFFF
  }

  private static func appendGroups(_ address: IPAddress, to writer: inout ByteWriter) {
    let gap = longestZeroRun(address)
    var index = 0
    while index < 8 {
      if index == gap.start, gap.count > 1 {
        writer.append("::")
        index += gap.count
      } else {
        if index > 0, index != gap.start + gap.count || gap.count < 2 {
          writer.append(UInt8(ascii: ":"))
        }
        writer.append(hexadecimal: group(address, index))
        index += 1
      }
    }
  }

  private static func longestZeroRun(_ address: IPAddress) -> (start: Int, count: Int) {
    var best = (start: 0, count: 0)
    var start = 0
    for index in 0...8 where index == 8 || group(address, index) != 0 {
      if index - start > best.count { best = (start, index - start) }
      start = index + 1
    }
    return best
  }

  /// The address as a String; for small numbers of them.
  public static func string(_ address: IPAddress) -> String {
    var writer = ByteWriter(capacity: 64)
    append(address, to: &writer)
    return writer.text
  }
}
