import CLinux
import Glibc

/// An open netlink socket; it belongs for good to the namespace in which it was opened.
struct NetlinkSocket: ~Copyable {
  private let descriptor: Descriptor
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
  }

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
      let count = try SystemCall.retrying("receive", Self.subject) {
        unsafe recv(
          descriptor.number, buffer.memory.baseAddress, buffer.capacity, Int32(MSG_TRUNC))
      }
      try Self.check(count, room: buffer.capacity)
      if case .complete = try datagram(buffer.span(count)) { return true }
    }
    return false
  }

  /// What `recv` answered: negative error number, 0 at an end that came too early, or bytes.
  static func check(_ count: Int, room: Int) throws(KernelError) {
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
