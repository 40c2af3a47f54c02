import CLinux
import Glibc

/// Opens something in another network namespace and comes back.
///
/// `setns` moves the calling thread only. What is opened inside stays inside, so the thread can
/// return at once; if it cannot return, going on would show the wrong host's sockets.
enum NamespaceEntry {
  static func opening<Opened: ~Copyable>(
    in path: String?, _ open: () throws(KernelError) -> Opened
  ) throws(KernelError) -> Opened {
    guard let path else { return try open() }
    let home = try Descriptor.open("/proc/thread-self/ns/net", attempt: "open")
    let target = try Descriptor.open(path, attempt: "open")
    // Whoever may not enter where we are could not come back: root of a user namespace, say.
    try enter(home, "/proc/thread-self/ns/net")
    try enter(target, path)
    let opened: Opened
    do throws(KernelError) {
      opened = try open()
    } catch {
      try enter(home, "/proc/thread-self/ns/net")
      throw error
    }
    try enter(home, "/proc/thread-self/ns/net")
    return opened
  }

  private static func enter(
    _ namespace: borrowing Descriptor, _ path: String
  ) throws(KernelError) {
    let number = namespace.number
    _ = try SystemCall.retrying("enter network namespace", path) {
      setns(number, SOCKINSPECT_CLONE_NEWNET)
    }
  }
}
