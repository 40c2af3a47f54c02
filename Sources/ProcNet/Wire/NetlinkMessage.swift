/// The header in front of every netlink message (`struct nlmsghdr`, 16 bytes).
struct NetlinkMessage {
  static let headerSize = 16

  /// Length with header, as the sender claims.
  var length: Int
  var type: UInt16
  var flags: UInt16
  var sequence: UInt32

  /// `NLMSG_MIN_TYPE`: what a subsystem calls its messages begins here.
  static let firstSubsystemType: UInt16 = 16

  /// `NLMSG_NOOP`, `NLMSG_ERROR`, `NLMSG_DONE`, `NLMSG_OVERRUN`.
  enum Control {
    static let nothing: UInt16 = 1
    static let error: UInt16 = 2
    static let done: UInt16 = 3
    static let overrun: UInt16 = 4
  }

  enum Flag {
    static let request: UInt16 = 0x1
    /// `NLM_F_DUMP_INTR`: the table changed under the dump.
    static let dumpInterrupted: UInt16 = 0x10
    /// `NLM_F_ROOT | NLM_F_MATCH`.
    static let dump: UInt16 = 0x300
  }

  /// Reads the header at an offset; nil when the message would not fit into what arrived.
  static func header(in bytes: borrowing Span<UInt8>, at offset: Int) -> NetlinkMessage? {
    guard bytes.count - offset >= headerSize else { return nil }
    let length = Int(bytes.number32(at: offset))
    guard length >= headerSize, length <= bytes.count - offset else { return nil }
    return NetlinkMessage(
      length: length, type: bytes.number16(at: offset + 4),
      flags: bytes.number16(at: offset + 6), sequence: bytes.number32(at: offset + 8))
  }

  /// The error number in an error or done message, positive; 0 when there is none.
  static func errorNumber(in payload: borrowing Span<UInt8>) -> Int32 {
    guard payload.count >= 4 else { return 0 }
    return 0 &- Int32(bitPattern: payload.number32(at: 0))
  }

  /// Messages and attributes begin at multiples of four.
  @inline(__always)
  static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
}

/// Appends numbers in the host's byte order while a request is built.
extension [UInt8] {
  mutating func append16(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }

  mutating func append32(_ value: UInt32) {
    append16(UInt16(truncatingIfNeeded: value))
    append16(UInt16(truncatingIfNeeded: value >> 16))
  }
}
