/// `struct tcp_info` of `linux/tcp.h`, as many bytes of it as the kernel sent.
///
/// The structure grows at its end with new kernels. Fields beyond the received length are nil, so
/// an old kernel's answer and a new one's are both read right.
public struct TCPInfo: Sendable, Hashable {
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The value of a field; nil when this kernel's structure ends before it, and when its value
  /// stands for "none".
  public subscript(_ field: TCPInfoField) -> UInt64? { self[field.place] }

  /// The same by the field's place alone, for loops over all fields of many sockets.
  public subscript(_ place: TCPInfoField.Place) -> UInt64? {
    guard place.offset + place.width <= bytes.count else { return nil }
    let span = bytes.span
    let value: UInt64 =
      switch place.width {
      case 1: UInt64(span[place.offset])
      case 2: UInt64(span.number16(at: place.offset))
      case 4: UInt64(span.number32(at: place.offset))
      default: span.number64(at: place.offset)
      }
    return value == place.unset ? nil : (value >> UInt64(place.bitShift)) & place.bitMask
  }
}

/// One field of `struct tcp_info`: where it stands, what it means, since when it exists.
public struct TCPInfoField: Sendable, Hashable {
  /// The kernel's name without `tcpi_`; the JSON key is this name and the unit.
  public let name: String
  public let place: Place
  public let unit: Unit
  /// The Linux version that brought the field.
  public let since: String

  /// Where the field's bits are.
  public struct Place: Sendable, Hashable {
    public let offset: Int
    /// Bytes.
    public let width: Int
    /// Bit fields: how far to shift right, and how many bits remain.
    public let bitShift: Int
    public let bitCount: Int
    /// The value by which the kernel says "none": no limit, not measured.
    public let unset: UInt64?

    var bitMask: UInt64 { bitCount >= 64 ? .max : (1 << UInt64(bitCount)) - 1 }
  }

  public enum Unit: String, Sendable {
    case count, bytes, segments, microseconds, milliseconds, bytesPerSecond, flags
  }

  public var offset: Int { place.offset }
  public var width: Int { place.width }
  public var bitShift: Int { place.bitShift }
  public var bitCount: Int { place.bitCount }

  init(
    _ name: String, _ offset: Int, _ width: Int, _ unit: Unit, _ since: String, shift: Int = 0,
    bits: Int? = nil, unset: UInt64? = nil
  ) {
    self.name = name
    place = Place(
      offset: offset, width: width, bitShift: shift, bitCount: bits ?? width * 8,
      unset: unset)
    self.unit = unit
    self.since = since
  }
}
