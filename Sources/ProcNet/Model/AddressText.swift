/// Writes addresses the way ss and the C library do.
public enum AddressText {
  public static func append(_ address: IPAddress, to writer: inout ByteWriter) {
    if address.isIPv6 {
      appendIPv6(address, to: &writer)
    } else {
      appendIPv4(UInt32(truncatingIfNeeded: address.low), to: &writer)
    }
  }

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

  public static func string(_ address: IPAddress) -> String {
    var writer = ByteWriter(capacity: 64)
    append(address, to: &writer)
    return writer.text
  }
}
