import CLinux
import Glibc

/// Opens something in another namespace and comes back.
///
/// `setns` moves the calling thread only. What is opened inside stays inside, so the thread can
/// return at once; if it cannot return, going on would show the wrong host's sockets.
enum NamespaceEntry {
  /// The kinds that are entered; the raw value is the name in `/proc/<pid>/ns`.
  enum Kind: String {
    case network = "net"
    /// Host name and domain name.
    case hostName = "uts"

    var flag: Int32 {
      switch self {
      case .network: SOCKINSPECT_CLONE_NEWNET
      case .hostName: SOCKINSPECT_CLONE_NEWUTS
      }
    }

    /// The one that we are in.
    var own: String { "/proc/thread-self/ns/\(rawValue)" }
  }

  /// - Parameter name: What errors call the namespace.
  static func opening<Opened: ~Copyable>(
    in target: borrowing Descriptor, called name: String, _ kind: Kind,
    _ open: () throws(KernelError) -> Opened
  ) throws(KernelError) -> Opened {
    let home = try Descriptor.open(kind.own, attempt: "open")
    if try isSame(home, target, name) { return try open() }
    // Whoever may not enter where we are could not come back: root of a user namespace, say.
    try enter(home, kind.own, kind)
    try enter(target, name, kind)
    let opened: Opened
    do throws(KernelError) {
      opened = try open()
    } catch {
      try enter(home, kind.own, kind)
      throw error
    }
    try enter(home, kind.own, kind)
    return opened
  }

  /// Device and inode tell a namespace; there is no need, and maybe no right, to enter our own.
  private static func isSame(
    _ home: borrowing Descriptor, _ target: borrowing Descriptor, _ name: String
  ) throws(KernelError) -> Bool {
    let (ours, theirs) = (
      try home.status("open", called: name), try target.status("open", called: name)
    )
    return ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino
  }

  private static func enter(
    _ namespace: borrowing Descriptor, _ path: String, _ kind: Kind
  ) throws(KernelError) {
    let number = namespace.number
    _ = try SystemCall.retrying("enter network namespace", path) { setns(number, kind.flag) }
  }
}
