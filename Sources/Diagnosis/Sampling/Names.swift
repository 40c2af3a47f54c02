import ProcNet

/// A socket as people name it.
public struct SocketName: Sendable, Hashable {
  public var netid: Netid
  public var local: Endpoint
  public var peer: Endpoint?
  /// unix: the path, or nil.
  public var path: [UInt8]?
  public var isV6Only: Bool?
  public var inode: UInt32
  public var namespace: UInt32

  public init(_ socket: borrowing Socket) {
    netid = socket.netid
    local = socket.local
    peer = socket.netid.isInternet && socket.peer.port != 0 ? socket.peer : nil
    path = socket.path
    isV6Only = socket.isV6Only
    inode = socket.inode
    namespace = socket.namespace
  }

  /// `127.0.0.1:9000`, `*:80`, `[::1]:80`, `/run/x.sock`, `@name`.
  public var text: String {
    netid.isUnix ? Self.path(path, inode) : Self.endpoint(local, isV6Only)
  }

  /// `127.0.0.1:9000`, `[::1]:80`; `*:80` for all addresses of both families.
  static func endpoint(_ endpoint: Endpoint, _ isV6Only: Bool? = true) -> String {
    let address = endpoint.address
    if address == .anyV6, isV6Only != true { return "*:\(endpoint.port)" }
    let text = AddressText.string(address.unmapped)
    return address.unmapped.isIPv6 ? "[\(text)]:\(endpoint.port)" : "\(text):\(endpoint.port)"
  }

  /// `/run/x.sock`, `@name` for abstract ones.
  static func path(_ path: [UInt8]?, _ inode: UInt32) -> String {
    guard let path, let first = path.first else { return "an unnamed socket (inode \(inode))" }
    let name = String(rawBytes: first == 0 ? path.dropFirst() : path[...])
    return first == 0 ? "@\(name)" : name
  }
}

/// A process as people name it.
public struct ProcessName: Sendable, Hashable {
  public var process: Int32
  public var command: [UInt8]
  /// The network namespace it lives in, where that has to be said: `netns blue`.
  public var place: String?

  public init(process: Int32, command: [UInt8]) {
    self.process = process
    self.command = command
  }

  public init(_ owner: Owner) { self.init(process: owner.process, command: owner.command) }

  /// `nginx (pid 812)`, `nginx (pid 812, netns blue)`.
  public var text: String { "\(name) (pid \(process)\(place.map { ", \($0)" } ?? ""))" }
  public var name: String {
    command.isEmpty ? "a process" : String(rawBytes: command)
  }
}

/// A connection from one of its ends, whatever source it was read from.
///
/// A loopback connection never leaves its namespace; one between other addresses may have its other
/// end in another namespace of this host.
public struct ConnectionKey: Hashable, Sendable {
  var netid: Netid
  var local: Endpoint
  var peer: Endpoint
  var namespace: UInt32

  init(_ socket: borrowing Socket) {
    self.init(socket, from: socket.local, to: socket.peer)
  }

  /// The same connection as its other end has it.
  init(oppositeOf socket: borrowing Socket) {
    self.init(socket, from: socket.peer, to: socket.local)
  }

  private init(_ socket: borrowing Socket, from local: Endpoint, to peer: Endpoint) {
    netid = socket.netid
    self.local = Endpoint(address: local.address.unmapped, port: local.port)
    self.peer = Endpoint(address: peer.address.unmapped, port: peer.port)
    let stays =
      self.local.address.isLoopback || self.peer.address.isLoopback
      || self.local.address == self.peer.address
    namespace = stays ? socket.namespace : 0
  }
}
