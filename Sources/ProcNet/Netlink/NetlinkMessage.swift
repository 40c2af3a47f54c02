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
    static let acknowledge: UInt16 = 0x4
    /// `NLM_F_DUMP_INTR`: the table changed under the dump.
    static let dumpInterrupted: UInt16 = 0x10
    /// `NLM_F_CAPPED` and `NLM_F_ACK_TLVS` of an error: the request in it was cut off behind its
    /// header; attributes follow.
    static let capped: UInt16 = 0x100
    static let hasAttributes: UInt16 = 0x200
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

  /// What an error or done message says beyond its number: the words of the extended
  /// acknowledgement (`NLMSGERR_ATTR_MSG` 1, asked for with `NETLINK_EXT_ACK`); nil without any.
  ///
  /// Behind the number of an error stands the request that it is about, then the attributes;
  /// behind that of a done message only these. Bytes that are no plain text are left out.
  static func errorText(_ header: NetlinkMessage, in payload: borrowing Span<UInt8>) -> String? {
    guard header.flags & Flag.hasAttributes != 0 else { return nil }
    var start = 4
    if header.type == Control.error {
      guard payload.count >= start + headerSize else { return nil }
      let isCapped = header.flags & Flag.capped != 0
      start += aligned(isCapped ? headerSize : Int(payload.number32(at: 4)))
    }
    var attributes = NetlinkAttributes(from: start)
    while attributes.next(in: payload) {
      guard attributes.type == 1 else { continue }
      let text = attributes.text(in: payload).filter { (32..<127).contains($0) }
      return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }
    return nil
  }

  /// Any number will do for our requests: each has a socket of its own.
  static let sequence: UInt32 = 1

  /// A request: the header with our sequence number and no port, then what the subsystem wants.
  static func request(_ type: UInt16, flags: UInt16, _ body: [UInt8]) -> [UInt8] {
    var message: [UInt8] = []
    message.append32(UInt32(headerSize + body.count))
    message.append16(type)
    message.append16(flags)
    message.append32(sequence)
    message.append32(0)
    return message + body
  }

  /// Messages and attributes begin at multiples of four.
  @inline(__always)
  static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
}

/// Walks the attributes behind a message (`struct nlattr`: length u16, type u16, payload).
///
/// A length that is too small to advance or too large for what arrived ends the walk: what was
/// read before stays.
struct NetlinkAttributes {
  private(set) var offset: Int
  private(set) var type: UInt16 = 0
  private(set) var start = 0
  private(set) var count = 0

  init(from offset: Int) { self.offset = offset }

  /// Moves to the next attribute; false at the end.
  @inline(__always)
  mutating func next(in bytes: borrowing Span<UInt8>) -> Bool {
    guard bytes.count - offset >= 4 else { return false }
    let length = Int(bytes.number16(at: offset))
    guard length >= 4, length <= bytes.count - offset else { return false }
    // The two highest bits say "nested" and "network byte order" (NLA_TYPE_MASK).
    type = bytes.number16(at: offset + 2) & 0x3FFF
    start = offset + 4
    count = length - 4
    offset += NetlinkMessage.aligned(length)
    return true
  }

  func number8(in bytes: borrowing Span<UInt8>) -> UInt8? {
    count >= 1 ? bytes[start] : nil
  }

  func number16(in bytes: borrowing Span<UInt8>) -> UInt16? {
    count >= 2 ? bytes.number16(at: start) : nil
  }

  func number32(in bytes: borrowing Span<UInt8>) -> UInt32? {
    count >= 4 ? bytes.number32(at: start) : nil
  }

  func number64(in bytes: borrowing Span<UInt8>) -> UInt64? {
    count >= 8 ? bytes.number64(at: start) : nil
  }

  func bytes(in bytes: borrowing Span<UInt8>) -> [UInt8] {
    bytes.extracting(start..<start + count).copied()
  }

  /// Bytes up to the first zero byte.
  func text(in bytes: borrowing Span<UInt8>) -> [UInt8] {
    var text = self.bytes(in: bytes)
    if let end = text.firstIndex(of: 0) { text.removeSubrange(end...) }
    return text
  }

  func words(in bytes: borrowing Span<UInt8>) -> [UInt32] {
    var words: [UInt32] = []
    for index in 0..<count / 4 { words.append(bytes.number32(at: start + index * 4)) }
    return words
  }
}

/// What the messages of one datagram say about the dump that they belong to.
struct DumpStatus {
  /// `NLMSG_DONE` or `NLMSG_ERROR` came: no further datagram will.
  private(set) var isOver = false
  /// `NLM_F_DUMP_INTR`: the table changed under the dump.
  private(set) var wasInterrupted = false

  init(datagram: borrowing Span<UInt8>) {
    var offset = 0
    while let header = NetlinkMessage.header(in: datagram, at: offset) {
      typealias Control = NetlinkMessage.Control
      if header.type == Control.done || header.type == Control.error { isOver = true }
      if header.flags & NetlinkMessage.Flag.dumpInterrupted != 0 { wasInterrupted = true }
      offset += NetlinkMessage.aligned(header.length)
    }
  }
}
