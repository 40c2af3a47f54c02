/// Remembers which sockets of one table were listed: the kernel can repeat a row where one page of
/// the file ends and the next begins, while sockets come and go.
struct ProcSourceSeen {
  private var keys: Set<UInt64> = []

  /// Whether this is the socket's first row; remembers it.
  mutating func isFirst(_ socket: borrowing Socket) -> Bool {
    guard let key = key(socket) else { return true }
    return keys.insert(key).inserted
  }

  /// The inode, where there is one. Without it a connection is known by its two ends: eight bytes
  /// of hash instead of the ends, with the process's own random seed, so that 200,000 of them stay
  /// small (two that collide are a matter of one listing in a thousand million). A unix socket
  /// without inode has nothing to be known by.
  private func key(_ socket: borrowing Socket) -> UInt64? {
    if socket.inode != 0 { return UInt64(socket.inode) }
    guard socket.netid.isInternet else { return nil }
    var hasher = Hasher()
    hasher.combine(socket.local)
    hasher.combine(socket.peer)
    return UInt64(bitPattern: Int64(hasher.finalize())) | 1 << 63
  }
}
