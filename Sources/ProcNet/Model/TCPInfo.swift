/// `struct tcp_info` of `linux/tcp.h`, as many bytes of it as the kernel sent.
///
/// The structure grows at its end with new kernels. Fields beyond the received length are nil, so
/// an old kernel's answer and a new one's are both read right.
public struct TCPInfo: Sendable, Hashable {
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The value of a field; nil when this kernel's structure ends before it.
  public subscript(_ field: TCPInfoField) -> UInt64? {
    guard field.offset + field.width <= bytes.count else { return nil }
    var value: UInt64 = 0
    for index in (0..<field.width).reversed() {
      value = value << 8 | UInt64(bytes[field.offset + index])
    }
    return (value >> field.bitShift) & field.bitMask
  }
}

/// One field of `struct tcp_info`: where it stands, what it means, since when it exists.
public struct TCPInfoField: Sendable, Hashable {
  /// The kernel's name without `tcpi_`; the JSON key is this name and the unit.
  public let name: String
  public let offset: Int
  /// Bytes.
  public let width: Int
  public let unit: Unit
  /// The Linux version that brought the field.
  public let since: String
  /// Bit fields: how far to shift right, and how many bits remain.
  public let bitShift: Int
  public let bitCount: Int

  public enum Unit: String, Sendable {
    case count, bytes, segments, microseconds, milliseconds, bytesPerSecond, flags
  }

  var bitMask: UInt64 { bitCount >= 64 ? .max : (1 << UInt64(bitCount)) - 1 }

  init(
    _ name: String, _ offset: Int, _ width: Int, _ unit: Unit, _ since: String, shift: Int = 0,
    bits: Int? = nil
  ) {
    self.name = name
    self.offset = offset
    self.width = width
    self.unit = unit
    self.since = since
    bitShift = shift
    bitCount = bits ?? width * 8
  }
}
