import Glibc

/// A client's end of a stream connection, whose calls never wait; it is closed with its last
/// reference.
final class ClientSocket {
  let descriptor: Int32

  /// `socket`: no address yet, no connection.
  init(for address: SocketAddress) throws(DemoError) {
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    descriptor = try SystemCall.retrying("open a socket for \(address)") {
      socket(address.family, Int32(kind), 0)
    }
  }

  deinit { close(descriptor) }

  /// How far `connect` has come.
  enum Connecting: Equatable {
    case done
    /// TCP's handshake goes on; the socket becomes writable when it has ended.
    case underway
    case failed(Int32)
  }

  func connect(to address: SocketAddress) -> Connecting {
    let answer = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor, $0, $1) }
    if answer == 0 { return .done }
    let number = errno
    return number == EINPROGRESS || number == EINTR ? .underway : .failed(number)
  }

  /// What one `send` or `recv` did.
  enum Transfer: Equatable {
    /// So many bytes; receiving none is the end.
    case moved(Int)
    /// The other side must act first.
    case mustWait
    case failed(Int32)
  }

  func send(_ bytes: ArraySlice<UInt8>) -> Transfer {
    transfer {
      unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }
  }

  func receive(into buffer: inout [UInt8]) -> Transfer {
    transfer {
      unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
      }
    }
  }

  private func transfer(_ call: () -> Int) -> Transfer {
    while true {
      let count = call()
      if count >= 0 { return .moved(count) }
      let number = errno
      if number == EAGAIN { return .mustWait }
      if number != EINTR { return .failed(number) }
    }
  }

  /// What went wrong meanwhile; 0 for nothing (`SO_ERROR`). Reading it takes it away.
  var error: Int32 {
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let answer = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
    return answer == 0 ? number : errno
  }

  /// Our own end's address; nil when it has none, as with unix sockets.
  var localAddress: SocketAddress? {
    unsafe SocketAddress.received { unsafe _ = getsockname(descriptor, $0, $1) }
  }

  /// Small buffers in the kernel, before `connect`: they fill soon, and thousands of them fit.
  func keepBuffersSmall() {
    var size: Int32 = 32 * 1024
    let length = socklen_t(MemoryLayout<Int32>.size)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, length)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, length)
  }
}

/// The error numbers that clients tell apart.
enum ClientFailure {
  static func isRefused(_ number: Int32) -> Bool { number == ECONNREFUSED }
  static func isReset(_ number: Int32) -> Bool { number == ECONNRESET || number == EPIPE }
  static func isTimeOut(_ number: Int32) -> Bool { number == ETIMEDOUT }
  static let timeOut = ETIMEDOUT
  /// Passes by itself: a unix listener's queue is full (EAGAIN; it offers no handshake that one
  /// could wait for), or every local port towards this address is taken (EADDRNOTAVAIL).
  static func mayPass(_ number: Int32) -> Bool { number == EAGAIN || number == EADDRNOTAVAIL }

  /// A shortage on this side.
  static func isOurs(_ number: Int32) -> Bool { number == EADDRNOTAVAIL }

  static func words(_ number: Int32) -> String {
    switch number {
    case EAGAIN: "the server's queue is full"
    case EADDRNOTAVAIL: "no local port is free"
    default: SystemCall.words(number)
    }
  }
}
