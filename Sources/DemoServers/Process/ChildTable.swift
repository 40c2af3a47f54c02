import Glibc
import Synchronization

/// The children of this process that have not been reaped, readable in a signal handler.
///
/// A number leaves the table before its child is reaped: a number in it is never somebody else's.
final class ChildTable: Sendable {
  /// A child that finds no room is still ended by the death of its parent, a moment later.
  private static let room = 1024
  private let slots = InlineArray<1024, Atomic<Int32>> { _ in Atomic(0) }

  /// Makes sure that the table exists before a handler wants it, and that the runtime knows the
  /// types which walking through it needs.
  func touch() { replace(0, with: 0) }

  func insert(_ child: pid_t) { replace(0, with: child) }

  /// Takes out and reaps one child that has ended.
  func reap(waiting: Bool) -> pid_t? {
    var found = unsafe siginfo_t()
    let options = WEXITED | WNOWAIT | (waiting ? 0 : WNOHANG)
    while unsafe waitid(P_ALL, 0, &found, options) == -1 {
      if errno != EINTR { return nil }
    }
    let child = unsafe found._sifields._sigchld.si_pid
    guard child > 0 else { return nil }
    replace(child, with: 0)
    waitpid(child, nil, 0)
    return child
  }

  /// SIGKILL, because a child may be asleep in its handler on purpose; then waits for each.
  func endAll() {
    for index in slots.indices {
      let child = slots[index].load(ordering: .acquiring)
      if child > 0 { kill(child, SIGKILL) }
    }
    for index in slots.indices {
      let child = slots[index].load(ordering: .acquiring)
      if child > 0 { waitpid(child, nil, 0) }
    }
  }

  private func replace(_ old: Int32, with new: Int32) {
    for index in slots.indices
    where slots[index].compareExchange(
      expected: old, desired: new, ordering: .acquiringAndReleasing
    ).exchanged {
      return
    }
  }
}
