/// Which socket is the other end of which, for connections within this host.
///
/// TCP and UDP: the socket with the reversed pair of endpoints in the same namespace; else in
/// another one, where only one there has that pair, unless an address is loopback or both are the
/// same, since such a connection never leaves its namespace. unix: the kernel names the other end's
/// inode. Pairs are kept as 64-bit hashes, 12 bytes a slot: with 200,000 connections the chance
/// that any two of them share one is below one in 10⁸.
public struct PeerIndex: Sendable {
  private var connections = HashedInodes()
  /// By the pair alone; empty where there is but one namespace.
  private var anywhere = HashedInodes()
  private let spansNamespaces: Bool
  /// unix: who names whom, for datagram sockets, where only the sender knows the other; 0 when
  /// several name the same one.
  private var namedBy: [UInt32: UInt32] = [:]

  /// Knows no socket; of those that come, some may be of other namespaces than others.
  public init(spansNamespaces: Bool = false) { self.spansNamespaces = spansNamespaces }

  /// Adds a socket: those without another end and those of packet sockets are passed over.
  public mutating func insert(_ socket: borrowing Socket) {
    if socket.netid.isUnix {
      guard let peer = socket.peerInode, peer != 0 else { return }
      let isFirst = namedBy[peer] == nil || namedBy[peer] == socket.inode
      namedBy[peer] = isFirst ? socket.inode : 0
    } else if socket.netid.isInternet, socket.peer.port != 0,
      socket.inode != 0 || spansNamespaces
    {
      let pair = Self.hash(socket, socket.local, socket.peer)
      connections.insert(pair.here, socket.inode)
      if spansNamespaces { anywhere.insert(pair.anywhere, socket.inode) }
    }
  }

  /// The inode of the other end; nil when it is not on this host, or not held by anybody.
  public func inode(oppositeTo socket: borrowing Socket) -> UInt32? {
    if socket.netid.isUnix {
      if let peer = socket.peerInode, peer != 0 { return peer }
      return namedBy[socket.inode].flatMap { $0 == 0 ? nil : $0 }
    }
    guard socket.netid.isInternet, socket.peer.port != 0 else { return nil }
    let pair = Self.hash(socket, socket.peer, socket.local)
    if let inode = connections[pair.here] { return inode == 0 ? nil : inode }
    let (one, other) = (socket.local.address.unmapped, socket.peer.address.unmapped)
    let stays = one == other || one.isLoopback || other.isLoopback
    guard !stays, let inode = anywhere[pair.anywhere], inode != 0 else { return nil }
    return inode
  }

  /// The finaliser of SplitMix64 over each part in turn, the namespace last; never 0.
  private static func hash(
    _ socket: borrowing Socket, _ local: Endpoint, _ peer: Endpoint
  ) -> (anywhere: UInt64, here: UInt64) {
    let (one, other) = (local.address.unmapped, peer.address.unmapped)
    let kind = UInt64(socket.netid.rawValue) << 32
    let ports = kind | UInt64(local.port) << 16 | UInt64(peer.port)
    var hash: UInt64 = 0
    for part in [ports, one.high, one.low, other.high, other.low] { mix(part, into: &hash) }
    let anywhere = max(hash, 1)
    mix(UInt64(socket.namespace), into: &hash)
    return (anywhere, max(hash, 1))
  }

  private static func mix(_ part: UInt64, into hash: inout UInt64) {
    hash = (hash ^ part) &+ 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
    hash ^= hash >> 31
  }
}

/// Inodes by a hash that is never 0, with open addressing; an inode of 0 stands for several, or
/// for a socket that nobody holds.
private struct HashedInodes: Sendable {
  private var hashes = [UInt64](repeating: 0, count: 1024)
  private var inodes = [UInt32](repeating: 0, count: 1024)
  private var count = 0

  mutating func insert(_ hash: UInt64, _ inode: UInt32) {
    if count * 4 >= hashes.count * 3 { grow() }
    let slot = slot(of: hash)
    if hashes[slot] == 0 { count += 1 }
    let isSecond = hashes[slot] == hash && inodes[slot] != inode
    hashes[slot] = hash
    inodes[slot] = isSecond ? 0 : inode
  }

  subscript(_ hash: UInt64) -> UInt32? {
    let slot = slot(of: hash)
    return hashes[slot] == hash ? inodes[slot] : nil
  }

  /// Where the hash stands, or would stand.
  private func slot(of hash: UInt64) -> Int {
    let mask = hashes.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let (oldHashes, oldInodes) = (hashes, inodes)
    hashes = [UInt64](repeating: 0, count: oldHashes.count * 2)
    inodes = [UInt32](repeating: 0, count: oldHashes.count * 2)
    for (hash, inode) in zip(oldHashes, oldInodes) where hash != 0 {
      let slot = slot(of: hash)
      hashes[slot] = hash
      inodes[slot] = inode
    }
  }
}
