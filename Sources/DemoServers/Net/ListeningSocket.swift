import CLinux
import Glibc

/// A socket that listens; it is closed with its last reference.
public final class ListeningSocket: Sendable {
  public let descriptor: Int32
  /// As bound: a port of 0 has become the kernel's choice.
  public let address: SocketAddress

  /// Takes over a socket that already listens, such as one from the parent process.
  public init(adopting descriptor: Int32) throws(DemoError) {
    self.descriptor = descriptor
    address = try Self.address(of: descriptor)
  }

  /// socket, bind, listen.
  public convenience init(_ options: ListenOptions) throws(DemoError) {
    let attempt = "listen on \(options.address)"
    let descriptor = try SystemCall.retrying(attempt) {
      socket(options.address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    do {
      try Self.prepare(descriptor, options)
      try self.init(adopting: descriptor)
    } catch {
      close(descriptor)
      throw Self.explained(error, options.address)
    }
  }

  deinit { close(descriptor) }

  /// accept: waits for the next connection. A client that is already gone is passed over.
  public func accept(isBlocking: Bool = true) throws(DemoError) -> Connection {
    let flags = Int32(SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue))
    while true {
      var accepted: Int32 = -1
      let peer = unsafe SocketAddress.received {
        unsafe accepted = accept4(descriptor, $0, $1, flags)
      }
      if accepted >= 0 {
        return Connection(accepted, peer: peer?.description ?? PeerName.of(accepted))
      }
      let number = errno
      if number != EINTR, number != ECONNABORTED { throw SystemCall.failure("accept", number) }
    }
  }

  /// For an event loop, whose accept must never wait.
  public func stopWaiting() {
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
  }
}
