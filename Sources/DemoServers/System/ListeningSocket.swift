import CLinux
import Glibc

/// How a listening socket is to be made.
public struct ListenOptions: Sendable {
  public var address: SocketAddress
  /// Connections that may wait for accept; the kernel cuts it to net.core.somaxconn.
  public var backlog: Int32
  /// `SO_REUSEPORT`, set before bind: several sockets share the port, each with its own queue.
  public var sharesPort = false
  /// `SO_REUSEADDR`: bind in spite of connections in TIME-WAIT.
  public var reusesAddress = false

  public init(_ address: SocketAddress, backlog: Int32 = 128) {
    self.address = address
    self.backlog = backlog
  }
}

/// A socket that listens; it is closed with its last reference.
final class ListeningSocket: Sendable {
  private let socket: Socket
  /// As bound: a port of 0 has become the kernel's choice.
  let address: SocketAddress

  /// socket, bind, listen.
  init(_ options: ListenOptions) throws(DemoError) {
    do {
      socket = try Self.make(options, "listen on \(options.address)")
      address = try Self.address(of: socket)
    } catch {
      throw Self.explained(error, options.address)
    }
  }

  /// Takes over a socket that already listens, such as one from the parent process.
  init(adopting descriptor: Int32) throws(DemoError) {
    socket = Socket(descriptor)
    address = try Self.address(of: socket)
  }

  var descriptor: Int32 { socket.descriptor }

  /// accept: waits for the next connection. A client that is already gone is passed over.
  func accept(isBlocking: Bool = true) throws(DemoError) -> Socket {
    let flags = Int32(SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue))
    while true {
      var accepted: Int32 = -1
      let peer = unsafe SocketAddress.received {
        unsafe accepted = accept4(descriptor, $0, $1, flags)
      }
      if accepted >= 0 { return Socket(adopting: accepted, peer: peer) }
      let number = errno
      if number != EINTR, number != ECONNABORTED { throw SystemCall.failure("accept", number) }
    }
  }

  /// For an event loop, whose accept must never wait.
  func stopWaiting() {
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
  }

  /// The address of a socket that has one.
  static func address(of socket: Socket) throws(DemoError) -> SocketAddress {
    guard let address = socket.localAddress else {
      throw DemoError("a socket that was handed over has no address")
    }
    return address
  }

  private static func make(
    _ options: ListenOptions, _ attempt: String
  ) throws(DemoError) -> Socket {
    let socket = try Socket(SOCK_STREAM, family: options.address.family, attempt)
    if options.reusesAddress { try socket.set(SO_REUSEADDR, to: 1, attempt) }
    if options.sharesPort { try socket.set(SO_REUSEPORT, to: 1, attempt) }
    try socket.bind(to: options.address, attempt)
    _ = try SystemCall.retrying(attempt) { listen(socket.descriptor, options.backlog) }
    return socket
  }

  /// The failures that people meet, with what to do about them.
  private static func explained(_ error: DemoError, _ address: SocketAddress) -> DemoError {
    var error = error
    if let hint = hint(error.number, address) { error.message += "; \(hint)" }
    return error
  }

  private static func hint(_ number: Int32?, _ address: SocketAddress) -> String? {
    switch (number, address) {
    case (EADDRINUSE, .path(let path)): "remove \(path) if no server uses it any more"
    case (EADDRINUSE, .abstract): "another server has this name"
    case (EADDRINUSE, _):
      "take another port; TIME-WAIT holds it for a minute unless the server before and this one "
        + "have --reuse-address"
    case (EACCES, .ip4), (EACCES, .ip6):
      "ports below net.ipv4.ip_unprivileged_port_start need CAP_NET_BIND_SERVICE"
    case (EADDRNOTAVAIL, _): "this host does not have that address"
    default: nil
    }
  }
}
