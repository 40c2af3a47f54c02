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

  /// 256 KiB: from 32 KiB on a larger buffer gains nothing measurable, and a datagram of a dump
  /// is never larger than what we offer.
  func receive(
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    let buffer = ByteBuffer(capacity: 256 * 1024)
    while true {
      try waitForDatagram()
      let count = try SystemCall.retrying("receive", Self.subject) {
        unsafe recv(
          descriptor.number, buffer.memory.baseAddress, buffer.capacity,
          Int32(MSG_TRUNC))
      }
      guard count <= buffer.capacity else {
        throw KernelError("receive", Self.subject, .malformed("a datagram was cut off"))
      }
      if case .complete = try datagram(buffer.span(count)) { return }
    }
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
