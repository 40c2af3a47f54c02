/// Which socket is the other end of which, for connections within this host.
///
/// TCP and UDP: the socket with the reversed pair of endpoints, in any namespace in view. unix:
/// the kernel names the other end's inode.
public struct PeerIndex: Sendable {
  private struct Pair: Hashable {
    var netid: Netid
    var local: Endpoint
    var peer: Endpoint

    init(_ netid: Netid, local: Endpoint, peer: Endpoint) {
      self.netid = netid
      self.local = Endpoint(address: local.address.unmapped, port: local.port)
      self.peer = Endpoint(address: peer.address.unmapped, port: peer.port)
    }
  }

  private var inodes: [Pair: UInt32] = [:]
  /// unix: who names whom, for sources that tell it from one side only.
  private var namedBy: [UInt32: UInt32] = [:]

  public init() {}

  public mutating func insert(_ socket: borrowing Socket) {
    if socket.netid.isUnix {
      if let peer = socket.peerInode, peer != 0 { namedBy[peer] = socket.inode }
    } else if socket.netid.isInternet, socket.peer.port != 0, socket.inode != 0 {
      let pair = Pair(socket.netid, local: socket.local, peer: socket.peer)
      inodes[pair] = socket.inode
    }
  }

  /// The inode of the other end; nil when it is not on this host, or not held by anybody.
  public func inode(oppositeTo socket: borrowing Socket) -> UInt32? {
    if socket.netid.isUnix {
      if let peer = socket.peerInode, peer != 0 { return peer }
      return namedBy[socket.inode]
    }
    guard socket.netid.isInternet, socket.peer.port != 0 else { return nil }
    return inodes[Pair(socket.netid, local: socket.peer, peer: socket.local)]
  }
}
