import CLinux
import Glibc
import Synchronization

/// A socket of a server, a client or a scenario; it is closed with its last reference.
final class Socket: Sendable {
  let descriptor: Int32
  /// Who is at the other end of an accepted connection, for people: `127.0.0.1:40000`, or
  /// `pid:812` over a unix socket, whose clients have no name.
  let peer: String
  private let isOpen = Atomic(true)

  /// Takes over a descriptor.
  init(_ descriptor: Int32, peer: String = "") {
    self.descriptor = descriptor
    self.peer = peer
  }

  /// Takes over a connection, such as one from the parent process.
  convenience init(adopting descriptor: Int32, peer: SocketAddress? = nil) {
    self.init(descriptor, peer: peer?.description ?? Self.peer(of: descriptor))
  }

  /// socket(2); one that never waits fails with EAGAIN or EINPROGRESS instead.
  convenience init(
    _ kind: __socket_type, family: Int32, protocol number: Int32 = 0, waits: Bool = true,
    _ attempt: String = "make a socket"
  ) throws(DemoError) {
    let flags = SOCK_CLOEXEC.rawValue | (waits ? 0 : SOCK_NONBLOCK.rawValue)
    self.init(
      try SystemCall.retrying(attempt) { socket(family, Int32(kind.rawValue | flags), number) })
  }

  deinit { close() }

  /// Closes it now, though there may be other references.
  func close() {
    if isOpen.exchange(false, ordering: .acquiringAndReleasing) { Glibc.close(descriptor) }
  }

  private static func peer(of descriptor: Int32) -> String {
    let address = unsafe SocketAddress.received { unsafe _ = getpeername(descriptor, $0, $1) }
    if let address { return address.description }
    // SO_PEERCRED: struct ucred is three numbers of 32 bits and begins with the process id.
    var credentials: [Int32] = [0, 0, 0]
    var length = socklen_t(12)
    unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
    return "pid:\(credentials[0])"
  }

  /// Connects and waits until the other side has answered; no time-out but the kernel's.
  static func open(to address: SocketAddress) throws(DemoError) -> Socket {
    let connection = try Socket(SOCK_STREAM, family: address.family, "connect to \(address)")
    try connection.connect(to: address)
    return connection
  }

  func bind(to address: SocketAddress, _ attempt: String = "bind a socket") throws(DemoError) {
    _ = try SystemCall.retrying(attempt) {
      unsafe address.withSockaddr { unsafe Glibc.bind(descriptor, $0, $1) }
    }
  }

  /// Waits in connect(2) for as long as the kernel lets it.
  func connect(to address: SocketAddress) throws(DemoError) {
    let answer = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor, $0, $1) }
    if answer == -1 { throw SystemCall.failure("connect to \(address)", errno) }
  }

  /// How far connect(2) has come.
  enum Connecting: Equatable {
    case done
    /// TCP's handshake goes on; the socket becomes writable when it has ended.
    case underway
    case failed(Int32)
  }

  /// Begins to connect a socket that never waits.
  func beginConnecting(to address: SocketAddress) -> Connecting {
    let answer = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor, $0, $1) }
    if answer == 0 { return .done }
    let number = errno
    return number == EINPROGRESS || number == EINTR ? .underway : .failed(number)
  }

  /// What went wrong meanwhile; 0 for nothing (`SO_ERROR`). Reading it takes it away.
  var error: Int32 {
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let answer = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
    return answer == 0 ? number : errno
  }

  /// Our own end's address; nil when it has none, as with clients of unix sockets.
  var localAddress: SocketAddress? {
    unsafe SocketAddress.received { unsafe _ = getsockname(descriptor, $0, $1) }
  }

  /// The port that it is bound to; 0 for none.
  var port: UInt16 { localAddress?.port ?? 0 }

  /// The handshake has ended well, and the other side has not reset the connection.
  var isConnected: Bool {
    var answer: Int32 = -1
    _ = unsafe SocketAddress.received { unsafe answer = getpeername(descriptor, $0, $1) }
    return answer == 0
  }

  /// Waits for bytes; 0 when the other side has closed.
  func receive(into buffer: inout [UInt8]) throws(DemoError) -> Int {
    try SystemCall.retrying("receive") {
      unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
      }
    }
  }

  /// Sends some of the bytes, waiting as long as the other side does not read; answers how many.
  func send(some bytes: ArraySlice<UInt8>) throws(DemoError) -> Int {
    try SystemCall.retrying("send") {
      unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }
  }

  /// Sends all of them.
  func send(_ bytes: [UInt8]) throws(DemoError) {
    var rest = bytes[...]
    while !rest.isEmpty { rest = rest.dropFirst(try send(some: rest)) }
  }

  /// What a call did that does not wait.
  enum Transfer: Equatable {
    /// This many bytes; receiving none is the end.
    case moved(Int)
    /// The other side must act first.
    case mustWait
    case failed(Int32)

    /// The bytes; nil when the other side must act first.
    func count(_ attempt: String) throws(DemoError) -> Int? {
      switch self {
      case .moved(let count): return count
      case .mustWait: return nil
      case .failed(let number): throw SystemCall.failure(attempt, number)
      }
    }
  }

  func sendNow(_ bytes: ArraySlice<UInt8>) -> Transfer {
    transfer {
      unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      }
    }
  }

  func receiveNow(into buffer: inout [UInt8]) -> Transfer {
    transfer {
      unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
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

  /// Tells the other side that nothing more will come.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Waits, without reading, until the other side has closed or gone.
  func waitForHangUp() {
    var waiting = pollfd(fd: descriptor, events: Int16(SOCKINSPECT_POLLRDHUP), revents: 0)
    while unsafe poll(&waiting, 1, -1) == -1, errno == EINTR {}
  }

  /// Sets an option of the level `SOL_SOCKET` to a number.
  func set(
    _ option: Int32, to value: Int32, _ attempt: String = "set an option of a socket"
  ) throws(DemoError) {
    var value = value
    let size = socklen_t(MemoryLayout<Int32>.size)
    _ = try SystemCall.retrying(attempt) {
      unsafe setsockopt(descriptor, SOL_SOCKET, option, &value, size)
    }
  }

  /// Whether closing sends a reset (SO_LINGER with 0 s) instead of taking leave.
  func resetOnClose(_ resets: Bool) {
    var option = linger(l_onoff: resets ? 1 : 0, l_linger: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }
}

/// The error numbers that clients tell apart.
enum ClientFailure {
  static func isRefused(_ number: Int32) -> Bool { number == ECONNREFUSED }
  static func isReset(_ number: Int32) -> Bool { number == ECONNRESET || number == EPIPE }
  static func isTimeOut(_ number: Int32) -> Bool { number == ETIMEDOUT }
  static let timeOut = ETIMEDOUT
  /// Passes on its own: a unix listener's queue is full (EAGAIN; it offers no handshake that one
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
