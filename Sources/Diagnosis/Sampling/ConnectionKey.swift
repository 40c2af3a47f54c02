import ProcNet

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
