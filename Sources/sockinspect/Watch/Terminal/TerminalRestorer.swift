import Glibc
import Synchronization

/// Gives the terminal back as it was, from wherever the program happens to be, a signal's handler
/// included: so the shell gets a usable terminal even when the program crashes.
///
/// A handler is given nothing but the signal's number, so what it needs has to be global: atomic
/// words, set before they are needed.
enum TerminalRestorer {
  /// Where the terminal's settings of before are kept; never freed, since a handler may read them.
  private static let settings = Atomic<UInt>(0)
  private static let terminal = Atomic<Int32>(-1)
  private static let isTaken = Atomic<Bool>(false)

  /// All attributes off, the cursor shown, the screen of before.
  private static let farewell: StaticString = "\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l"

  /// Remembers how the terminal is now. Only the first time counts.
  static func remember(_ descriptor: Int32) -> Bool {
    if settings.load(ordering: .acquiring) != 0 { return true }
    let memory = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    unsafe memory.initialize(to: termios())
    guard unsafe tcgetattr(descriptor, memory) == 0 else {
      unsafe memory.deallocate()
      return false
    }
    terminal.store(descriptor, ordering: .releasing)
    settings.store(UInt(bitPattern: memory), ordering: .releasing)
    return true
  }

  /// The settings of before.
  static var before: termios? {
    unsafe UnsafePointer<termios>(bitPattern: settings.load(ordering: .acquiring))?.pointee
  }

  static func taken() { isTaken.store(true, ordering: .releasing) }

  /// Does nothing while the terminal is not taken; safe in a handler.
  static func giveBack() {
    guard isTaken.exchange(false, ordering: .acquiringAndReleasing) else { return }
    _ = unsafe write(1, farewell.utf8Start, farewell.utf8CodeUnitCount)
    guard
      let memory = unsafe UnsafePointer<termios>(
        bitPattern: settings.load(ordering: .acquiring))
    else { return }
    _ = unsafe tcsetattr(terminal.load(ordering: .acquiring), TCSANOW, memory)
  }
}
