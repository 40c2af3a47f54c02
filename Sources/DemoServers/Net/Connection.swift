import CLinux
import Glibc

/// One end of a stream connection; it is closed with its last reference.
public final class Connection: Sendable {
  public let descriptor: Int32
  /// Who is at the other end, for people: `127.0.0.1:40000`, or `pid:812` over a unix socket.
  public let peer: String

  init(_ descriptor: Int32, peer: String) {
    self.descriptor = descriptor
    self.peer = peer
  }

  /// Takes over a connection from the parent process.
  convenience init(adopting descriptor: Int32) {
    self.init(descriptor, peer: PeerName.of(descriptor))
  }

  deinit { close(descriptor) }

  /// Connects and waits until the other side has answered; no time-out but the kernel's.
  public static func open(to address: SocketAddress) throws(DemoError) -> Connection {
    let attempt = "connect to \(address)"
    let descriptor = try SystemCall.retrying(attempt) {
      socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    let connection = Connection(descriptor, peer: address.description)
    let answer = unsafe address.withSockaddr { unsafe connect(descriptor, $0, $1) }
    if answer == -1 { throw SystemCall.failure(attempt, errno) }
    return connection
  }

  /// Waits for bytes; 0 when the other side has closed. With `.now` it does not wait and fails
  /// with EAGAIN instead.
  public func receive(
    into buffer: inout [UInt8], _ patience: WaitMode = .wait
  ) throws(DemoError) -> Int {
    try SystemCall.retrying("receive") {
      unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, patience.flag)
      }
    }
  }

  /// Sends some of the bytes and answers how many.
  public func send(
    some bytes: ArraySlice<UInt8>, _ patience: WaitMode = .wait
  ) throws(DemoError) -> Int {
    try SystemCall.retrying("send") {
      unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress, $0.count, patience.flag | Int32(MSG_NOSIGNAL))
      }
    }
  }

  /// Sends all of them, waiting as long as the other side does not read.
  public func send(_ bytes: [UInt8]) throws(DemoError) {
    var rest = bytes[...]
    while !rest.isEmpty { rest = rest.dropFirst(try send(some: rest)) }
  }

  /// Tells the other side that nothing more will come.
  public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Waits, without reading, until the other side has closed or gone.
  public func waitForHangUp() {
    var waiting = pollfd(fd: descriptor, events: Int16(SOCKINSPECT_POLLRDHUP), revents: 0)
    while unsafe poll(&waiting, 1, -1) == -1, errno == EINTR {}
  }

  /// Whether a call waits for the other side.
  public enum WaitMode: Sendable {
    case wait, now

    var flag: Int32 { self == .now ? Int32(MSG_DONTWAIT) : 0 }
  }
}

extension DemoError {
  /// A call that did not want to wait would have had to.
  public var wouldWait: Bool { number == EAGAIN }
  /// The other side went away without a word; a server takes it for a close.
  public var isPeerGone: Bool { number == ECONNRESET || number == EPIPE || number == ETIMEDOUT }
  /// No descriptor is left, in the process or in the system.
  public var isOutOfDescriptors: Bool { number == EMFILE || number == ENFILE }
  public var isRefused: Bool { number == ECONNREFUSED }
}
