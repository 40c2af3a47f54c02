/// Remembers which sockets of one table were listed: the kernel can repeat a row where one page of
/// the file ends and the next begins, while sockets come and go.
///
/// A socket is known by its inode. A connection without one is known by its two ends, kept as a
/// hash under the process's own random seed, so that 200,000 of them stay small; two ends that
/// share a hash are a matter of one listing in a thousand million. A unix socket without inode
/// has nothing to be known by.
struct ProcSourceSeen {
  private var inodes: Set<UInt32> = []
  private var ends: Set<Int> = []

  /// Whether this is the socket's first row; remembers it.
  mutating func isFirst(_ socket: borrowing Socket) -> Bool {
    if socket.inode != 0 { return inodes.insert(socket.inode).inserted }
    guard socket.netid.isInternet else { return true }
    var hasher = Hasher()
    hasher.combine(socket.local)
    hasher.combine(socket.peer)
    return ends.insert(hasher.finalize()).inserted
  }
}
