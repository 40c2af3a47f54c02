/// Remembers which sockets of one table were listed: the kernel can repeat a row where one page of
/// the file ends and the next begins, while sockets come and go.
///
/// A socket is known by its inode together with its ends: two may have the same inode, since the
/// kernel's 32-bit numbers begin anew. Both are kept as a hash under the process's own random seed,
/// so that 200,000 of them stay small; two that share a hash are a matter of one listing in a
/// thousand million. A unix socket without inode has nothing to be known by.
struct ProcSourceSeen {
  private var sockets: Set<Int> = []

  /// Whether this is the socket's first row; remembers it.
  mutating func isFirst(_ socket: borrowing Socket) -> Bool {
    guard socket.inode != 0 || socket.netid.isInternet else { return true }
    var hasher = Hasher()
    hasher.combine(socket.inode)
    if socket.netid.isInternet {
      hasher.combine(socket.local)
      hasher.combine(socket.peer)
    } else {
      hasher.combine(socket.path)
    }
    return sockets.insert(hasher.finalize()).inserted
  }
}
