import Glibc

/// A server of the scenario, and what the kernel says about its listener.
public struct HarnessServer: Sendable {
  public let pid: Int32
  /// The address and port it listens on; port 0 for a unix socket.
  public let address: String
  public let port: UInt16
  /// Where a unix socket listens; abstract names begin with `@`.
  public let path: String?
  /// The kind of its socket as ss has it: tcp, udp, u_str, u_dgr.
  public let netid: String

  /// From the words of a ready line: `pid=12 address=127.0.0.1 port=9000` or `pid=12 path=@x`.
  init(_ ready: ReadyFields) throws(DemoError) {
    pid = try ready.number("pid")
    path = ready["path"]
    netid = ready["netid"] ?? (path == nil ? "tcp" : "u_str")
    address = ready["address"] ?? ""
    port = try path == nil ? ready.number("port") : 0
    if path == nil, address.isEmpty { throw DemoError("a server did not say its address") }
  }

  /// Where its clients on this host reach it.
  var socketAddress: SocketAddress {
    guard let path else { return .loopback(port) }
    return path.hasPrefix("@") ? .abstract(String(path.dropFirst())) : .path(path)
  }

  var process: ProcessView { ProcessView(pid: pid) }
  var rows: [TCPRow] { TCPRow.rows(port: Int(port)) }
  var target: String { path.map { "unix:\($0)" } ?? "\(address):\(port)" }

  /// Length of the accept queue; the longest one where several listeners share the port.
  var queueLength: Int {
    if let path { return HostTables.unixPending(path: path) }
    return TCPRow.listeners(port: Int(port)).map(\.receiveQueue).max() ?? 0
  }

  /// Connections of the server's side in a state.
  func connections(_ state: TCPRow.State) -> [TCPRow] {
    rows.filter { $0.state == state && $0.localPort == Int(port) }
  }

  /// Nothing waits in its accept queue, and each connection has been read to its last byte.
  var hasReadAll: Bool {
    let open = connections(.established)
    return queueLength == 0 && !open.isEmpty
      && open.allSatisfy { $0.inode != 0 && $0.receiveQueue == 0 }
  }

  /// Connections of the clients' side in a state, where the client is on this host too.
  func clients(_ state: TCPRow.State) -> [TCPRow] {
    rows.filter { $0.state == state && $0.peerPort == Int(port) }
  }
}

/// A client connection that the harness itself holds; it never blocks.
///
/// The harness closes it at its end, with a reset, so that no TIME-WAIT is left behind.
struct HarnessClient: Sendable {
  let socket: Socket

  /// Begins to connect; whether that succeeds shows in `isConnected`.
  init(to server: HarnessServer) throws(DemoError) {
    socket = try Socket(SOCK_STREAM, family: server.socketAddress.family, waits: false)
    socket.resetOnClose(true)
    try connect(to: server)
  }

  /// Sends datagrams there; what the kernel does not take at once is lost.
  init(datagramsTo server: HarnessServer) throws(DemoError) {
    socket = try Socket(SOCK_DGRAM, family: AF_INET, waits: false)
    try connect(to: server)
  }

  private func connect(to server: HarnessServer) throws(DemoError) {
    if case .failed(let number) = socket.beginConnecting(to: server.socketAddress),
      number != EAGAIN
    {
      throw .system("connect to \(server.target)", number)
    }
  }

  var isConnected: Bool { socket.isConnected }

  /// Writes as much as the kernel takes at once.
  func say(_ text: String) { _ = socket.sendNow(Array(text.utf8)[...]) }

  /// What has come in so far, at most some kilobytes; empty when nothing has.
  func hear() -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    guard case .moved(let count) = socket.receiveNow(into: &bytes) else { return "" }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Says goodbye as an ordinary client does, with a FIN, and is gone.
  func hangUp() {
    socket.resetOnClose(false)
    socket.close()
  }

  /// Whether nothing listens at an address: tries once to connect, and waits for the answer.
  static func isRefused(by target: String) -> Bool {
    do {
      _ = try Socket.open(to: try SocketAddress(target))
      return false
    } catch {
      return error.isRefused
    }
  }
}
