/// The answer to a dump of interfaces (`RTM_GETLINK`), message by message.
struct InterfacesMessage {
  struct Link: Sendable, Equatable {
    var index: UInt32
    var name: [UInt8]
  }

  private(set) var links: [Link] = []
  /// `NLM_F_DUMP_INTR`: interfaces came or went while the kernel answered.
  private(set) var wasInterrupted = false

  private static let subject = "the interfaces' netlink answer"

  /// `nlmsghdr` (length, type, flags, sequence, port), `ifinfomsg` of zeros, and the attribute
  /// `IFLA_EXT_MASK` = `RTEXT_FILTER_SKIP_STATS`, which older kernels pass over.
  static let request: [UInt8] = [
    40, 0, 0, 0,  // length
    18, 0,  // RTM_GETLINK
    0x01, 0x03,  // NLM_F_REQUEST | NLM_F_DUMP
    1, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    8, 0, 29, 0, 8, 0, 0, 0,
  ]

  /// Takes one datagram of messages, each padded to four bytes.
  mutating func take(_ datagram: Span<UInt8>) throws(KernelError) -> AnswerProgress {
    var start = 0
    while start < datagram.count {
      guard datagram.count - start >= 16 else { throw Self.malformed("ends in a header") }
      let length = Int(datagram.number32(at: start))
      guard length >= 16, length <= datagram.count - start else {
        throw Self.malformed("a message says that it is \(length) bytes long")
      }
      let message = datagram.extracting(start..<(start + length))
      if case .complete = try takeMessage(message) { return .complete }
      start += (length + 3) & ~3
    }
    return .more
  }

  private mutating func takeMessage(_ message: Span<UInt8>) throws(KernelError) -> AnswerProgress {
    if message.number16(at: 6) & 0x10 != 0 { wasInterrupted = true }
    switch message.number16(at: 4) {
    case 2, 3:  // NLMSG_ERROR, NLMSG_DONE: both begin with a negative error number or 0
      let status = message.count >= 20 ? Int32(bitPattern: message.number32(at: 16)) : 0
      guard status >= 0 else {
        throw KernelError("list", "interfaces", .system(0 -| status))
      }
      return .complete
    case 16:  // RTM_NEWLINK
      if let link = Self.link(message) { links.append(link) }
      return .more
    default:
      return .more
    }
  }

  /// `ifinfomsg`: family u8, type u16, index i32 at 4, flags, change; then attributes.
  private static func link(_ message: Span<UInt8>) -> Link? {
    guard message.count >= 32 else { return nil }
    let index = message.number32(at: 20)
    return name(in: message).map { Link(index: index, name: $0) }
  }

  /// `IFLA_IFNAME` = 3, ends with a zero byte.
  private static func name(in message: Span<UInt8>) -> [UInt8]? {
    var start = 32
    while message.count - start >= 4 {
      let length = Int(message.number16(at: start))
      guard length >= 4, length <= message.count - start else { return nil }
      if message.number16(at: start + 2) & 0x3FFF == 3 {
        let value = message.extracting((start + 4)..<(start + length)).copied()
        return Array(value.prefix { $0 != 0 })
      }
      start += (length + 3) & ~3
    }
    return nil
  }

  private static func malformed(_ what: String) -> KernelError {
    KernelError("read", subject, .malformed(what))
  }
}
