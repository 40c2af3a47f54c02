import ProcNet

/// What tells a listener from all others as long as it lives: the kernel's cookie, or where the
/// source has none, its inode.
struct ListenerKey: Hashable, Sendable {
  private let isCookie: Bool
  private let number: UInt64
  private let namespace: UInt32

  init(_ socket: borrowing Socket) {
    isCookie = socket.cookie != nil
    number = socket.cookie ?? UInt64(socket.inode)
    namespace = socket.namespace
  }
}

extension Listener {
  var key: ListenerKey { ListenerKey(socket) }
}
