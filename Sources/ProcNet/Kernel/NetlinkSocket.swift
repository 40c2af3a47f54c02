import CLinux
import Glibc
import Synchronization

/// An open netlink socket; it belongs for good to the namespace in which it was opened.
struct NetlinkSocket: ~Copyable {
  let descriptor: Descriptor
  private static let subject = "the kernel's netlink answer"
  /// Milliseconds. The kernel makes an answer while we ask and while we read, so that nothing
  /// there means nothing to come.
  private static let patience: Int32 = 2000

  init(_ subsystem: NetlinkRequest.Subsystem) throws(KernelError) {
    let number = try SystemCall.retrying("open", "a netlink socket") {
      socket(
        SOCKINSPECT_AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue),
        Int32(subsystem.rawValue))
    }
    descriptor = Descriptor(number)
    // Errors with the kernel's own words, since Linux 4.12; before that there are none.
    var on: Int32 = 1
    let length = socklen_t(MemoryLayout<Int32>.size)
    unsafe setsockopt(number, Self.netlinkLevel, Self.extendedAcknowledgement, &on, length)
  }

  /// `SOL_NETLINK` and `NETLINK_EXT_ACK`.
  private static let (netlinkLevel, extendedAcknowledgement): (Int32, Int32) = (270, 11)

  func send(_ message: [UInt8]) throws(KernelError) {
    _ = try SystemCall.retrying("send", "a netlink request") {
      unsafe message.withUnsafeBytes {
        unsafe Glibc.send(descriptor.number, $0.baseAddress, $0.count, 0)
      }
    }
  }

  /// Passes on datagrams until told to stop. Long answers are received on a second thread once
  /// they prove to be long: a thread costs as much as a few hundred rows.
  func receive(
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    let buffer = ByteBuffer(capacity: Self.room)
    if try receive(Self.shortAnswer, into: buffer, datagram) { return }
    let prefetch = NetlinkPrefetch(descriptor: descriptor.number)
    if try prefetch.run(datagram) { return }
    while try !receive(.max, into: buffer, datagram) {}
  }

  /// From 32 KiB on a larger buffer gains nothing measurable; other subsystems send more at once.
  private static let room = 256 * 1024
  /// Datagrams of an answer that is not worth a thread.
  private static let shortAnswer = 24

  /// Receives some datagrams; true when the answer is complete.
  private func receive(
    _ most: Int, into buffer: ByteBuffer,
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) -> Bool {
    for _ in 0..<most {
      try waitForDatagram()
      guard let count = try Self.receive(from: descriptor.number, into: buffer) else { continue }
      try Self.check(count, room: buffer.capacity)
      if case .complete = try datagram(buffer.span(count)) { return true }
    }
    return false
  }

  /// Receives one datagram and answers its length, also of one that was cut off; nil for one that
  /// another process sent: what only looks like an answer of the kernel's is passed over.
  fileprivate static func receive(
    from descriptor: Int32, into buffer: ByteBuffer, flags: Int32 = 0
  ) throws(KernelError) -> Int? {
    var sender = sockaddr()
    let count = try SystemCall.retrying("receive", subject) {
      var length = socklen_t(MemoryLayout<sockaddr>.size)
      return unsafe recvfrom(
        descriptor, buffer.memory.baseAddress, buffer.capacity, Int32(MSG_TRUNC) | flags, &sender,
        &length)
    }
    return unsafe withUnsafeBytes(of: &sender) { unsafe isKernel(sender: $0) } ? count : nil
  }

  /// `sockaddr_nl`: family u16, padding u16, port u32, groups u32. The kernel's port is 0; every
  /// socket of a process has another one.
  static func isKernel(sender: UnsafeRawBufferPointer) -> Bool {
    unsafe sender.loadUnaligned(fromByteOffset: 4, as: UInt32.self) == 0
  }

  /// What was received: negative error number, 0 at an end that came too early, or bytes.
  fileprivate static func check(_ count: Int, room: Int) throws(KernelError) {
    if count < 0 { throw KernelError("receive", subject, .system(Int32(clamping: -count))) }
    if count == 0 { throw KernelError("receive", subject, .malformed("it ended too early")) }
    if count > room { throw KernelError("receive", subject, .malformed("a datagram was cut off")) }
  }

  /// An answer without an end fails; it must not keep us waiting for good.
  private func waitForDatagram() throws(KernelError) {
    var watched = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    let ready = try SystemCall.retrying("receive", Self.subject) {
      unsafe poll(&watched, 1, Self.patience)
    }
    if ready == 0 { throw KernelError("receive", Self.subject, .malformed("it does not end")) }
  }
}

/// Receives the rest of a long dump on a second thread, while the first one works on what has
/// arrived: the kernel fills the next buffer meanwhile.
///
/// A ring of buffers between one producer and one consumer. Two semaphores count the filled and
/// the free ones; a buffer belongs to whoever was let through for it, which is what makes the
/// unchecked sharing safe.
@safe private final class NetlinkPrefetch: @unchecked Sendable {
  private static let slots = 8
  /// The kernel builds parts of a dump of 32 KiB at most.
  private static let room = 64 * 1024

  private let descriptor: Int32
  private let buffers = (0..<slots).map { _ in ByteBuffer(capacity: room) }
  /// How many bytes a slot holds; 0 at the end, negative for an error number.
  private let counts: UnsafeMutablePointer<Int>
  private let filled: UnsafeMutablePointer<sem_t>
  private let free: UnsafeMutablePointer<sem_t>
  private let isStopped = Atomic(false)

  init(descriptor: Int32) {
    self.descriptor = descriptor
    unsafe counts = .allocate(capacity: Self.slots)
    unsafe counts.initialize(repeating: 0, count: Self.slots)
    unsafe filled = .allocate(capacity: 1)
    unsafe free = .allocate(capacity: 1)
    unsafe sem_init(filled, 0, 0)
    unsafe sem_init(free, 0, UInt32(Self.slots))
  }

  deinit {
    unsafe sem_destroy(filled)
    unsafe sem_destroy(free)
    unsafe counts.deallocate()
    unsafe filled.deallocate()
    unsafe free.deallocate()
  }

  /// Passes on datagrams until told to stop. Answers false, having received nothing, when there
  /// is no thread to be had.
  func run(
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) -> Bool {
    guard let thread = PosixThread.start({ [self] in produce() }) else { return false }
    defer {
      isStopped.store(true, ordering: .releasing)
      unsafe sem_post(free)
      pthread_join(thread, nil)
    }
    try consume(datagram)
    return true
  }

  private func produce() {
    var slot = 0
    while true {
      unsafe Self.wait(free)
      if isStopped.load(ordering: .acquiring) { return }
      let count = receive(into: buffers[slot])
      unsafe counts[slot] = count
      unsafe sem_post(filled)
      if count <= 0 { return }
      slot = (slot + 1) % Self.slots
    }
  }

  /// The next part of a dump is built while the one before it is taken, so there is always one
  /// until the end, and waiting would only hang.
  private func receive(into buffer: ByteBuffer) -> Int {
    do throws(KernelError) {
      while true {
        let count = try NetlinkSocket.receive(
          from: descriptor, into: buffer, flags: Int32(MSG_DONTWAIT))
        if let count { return count }
      }
    } catch {
      return error.number == EAGAIN ? 0 : -Int(error.number ?? EIO)
    }
  }

  private func consume(
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    var slot = 0
    while true {
      unsafe Self.wait(filled)
      let count = unsafe counts[slot]
      try NetlinkSocket.check(count, room: Self.room)
      let buffer = buffers[slot]
      if case .complete = try datagram(buffer.span(count)) { return }
      unsafe sem_post(free)
      slot = (slot + 1) % Self.slots
    }
  }

  private static func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
    while unsafe sem_wait(semaphore) != 0 {}
  }
}

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
