/// Reads the answer to a dump request: checks what the protocol promises and hands on messages.
struct NetlinkDump {
  /// What was tried and on what, for error sentences.
  private let attempt: String
  private let subject: String
  private var wasInterrupted = false
  private var isComplete = false

  private init(_ attempt: String, _ subject: String) {
    self.attempt = attempt
    self.subject = subject
  }

  /// Asks and passes on each message's payload. Answers whether the kernel said that the table
  /// changed under the dump (`NLM_F_DUMP_INTR`), so that rows may be missing.
  static func run(
    _ request: NetlinkRequest, _ attempt: String = "ask sock_diag for", about subject: String,
    through kernel: any Kernel, _ message: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) -> Bool {
    var dump = NetlinkDump(attempt, subject)
    try kernel.ask(request) { (datagram) throws(KernelError) in
      try dump.take(datagram, message)
    }
    // An answer that just stops is not the whole table.
    guard dump.isComplete else { throw dump.malformed("the answer has no end") }
    return dump.wasInterrupted
  }

  private mutating func take(
    _ datagram: Span<UInt8>, _ message: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) -> AnswerProgress {
    guard datagram.count > 0 else { throw malformed("an empty datagram") }
    var offset = 0
    while offset < datagram.count {
      guard let header = NetlinkMessage.header(in: datagram, at: offset) else {
        throw malformed("a message does not fit its datagram")
      }
      let payload = datagram.extracting(
        offset + NetlinkMessage.headerSize..<offset + header.length)
      offset += NetlinkMessage.aligned(header.length)
      // An answer to somebody else's request; cannot happen on a socket of our own.
      guard header.sequence == NetlinkMessage.sequence else { continue }
      if header.flags & NetlinkMessage.Flag.dumpInterrupted != 0 { wasInterrupted = true }
      if case .complete = try take(header, payload, message) {
        isComplete = true
        return .complete
      }
    }
    return .more
  }

  @inline(__always)
  private func take(
    _ header: NetlinkMessage, _ payload: Span<UInt8>,
    _ message: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) -> AnswerProgress {
    switch header.type {
    case NetlinkMessage.Control.nothing: return .more
    case NetlinkMessage.Control.overrun: throw malformed("the kernel lost messages")
    case NetlinkMessage.Control.error, NetlinkMessage.Control.done:
      let number = NetlinkMessage.errorNumber(in: payload)
      if number != 0 {
        let words = NetlinkMessage.errorText(header, in: payload)
        throw KernelError(attempt, subject, .system(number), detail: words)
      }
      return .complete
    default:
      // Numbers below belong to the protocol itself, and we know none of these.
      if header.type >= NetlinkMessage.firstSubsystemType { try message(payload) }
      return .more
    }
  }

  private func malformed(_ what: String) -> KernelError {
    KernelError(attempt, subject, .malformed(what))
  }
}
