/// Before Linux 6.17 the kernel writes uid 0 for every internet socket that has no file: waiting to
/// be accepted, or closed by its program. It does not know, and 0 would read as root.
struct UnknownUsers {
  /// Since when the kernel keeps the uid with the socket itself.
  private static let end = KernelRelease(6, 17)

  private let kernel: any Kernel
  /// Whether a 0 means root; asked when the first one comes by.
  private var isKnown: Bool?

  init(through kernel: any Kernel) { self.kernel = kernel }

  /// Takes the uid away that nothing stands behind.
  @inline(__always)
  mutating func clear(_ socket: inout Socket) {
    guard socket.inode == 0, socket.uid == 0, socket.netid.isInternet else { return }
    let known = isKnown ?? (KernelRelease(through: kernel).map { $0 >= Self.end } ?? false)
    isKnown = known
    if !known { socket.uid = nil }
  }
}
