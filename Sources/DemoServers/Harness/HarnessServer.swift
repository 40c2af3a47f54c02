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
