import Glibc
import Synchronization

/// A name that a file has until it gets its own one. It goes away with this value, and when a
/// signal ends the process; only SIGKILL leaves it.
///
/// A signal's handler is given nothing but the number, so what it needs is global: atomic words.
/// They have room for one name, and a process of ours writes one file.
final class TemporaryName: Sendable {
  let place: OutputLocation

  private static let folder = Atomic<Int32>(-1)
  private static let name = Atomic<UInt>(0)
  private let isWatched: Bool
  private let copy: UInt

  /// To be made before the file, which must not be there yet.
  init(beside file: OutputLocation) {
    place = file.temporary()
    copy = UInt(bitPattern: unsafe strdup(place.name))
    let number = place.folder.descriptor.number
    isWatched =
      Self.folder.compareExchange(
        expected: -1, desired: number, ordering: .acquiringAndReleasing
      ).exchanged
    guard isWatched else { return }
    Self.name.store(copy, ordering: .releasing)
    Self.setHandlers(from: 0, to: unsafe unsafeBitCast(Self.leave, to: Int.self))
  }

  deinit {
    unsafe unlinkat(place.folder.descriptor.number, place.name, 0)
    if isWatched {
      Self.name.store(0, ordering: .releasing)
      Self.setHandlers(from: unsafe unsafeBitCast(Self.leave, to: Int.self), to: 0)
      Self.folder.store(-1, ordering: .releasing)
    }
    unsafe free(UnsafeMutablePointer<CChar>(bitPattern: copy))
  }

  /// Removes the file that has such a name; safe in a signal's handler.
  static func remove() {
    guard let text = unsafe UnsafePointer<CChar>(bitPattern: name.load(ordering: .acquiring))
    else { return }
    unsafe unlinkat(folder.load(ordering: .relaxed), text, 0)
  }

  /// The handler is gone once it has been called, so the signal that is raised again ends us.
  private static let leave: @convention(c) (Int32) -> Void = { number in
    TemporaryName.remove()
    raise(number)
  }

  /// Of every signal that has the first handler (0 is the default) and ends a process by default.
  private static func setHandlers(from before: Int, to after: Int) {
    let harmless = [
      SIGKILL, SIGSTOP, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGURG, SIGWINCH,
    ]
    for number in 1...64 where !harmless.contains(Int32(number)) {
      var action = sigaction()
      guard unsafe sigaction(Int32(number), nil, &action) == 0,
        unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == before
      else { continue }
      action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = unsafe unsafeBitCast(
        after, to: __sighandler_t?.self)
      action.sa_flags = Int32(bitPattern: SA_RESETHAND)
      unsafe sigaction(Int32(number), &action, nil)
    }
  }
}
