import Glibc
import ProcNet

/// The terminal as a full-screen program has it: a screen of its own, no cursor, keys as they are
/// typed. It is given back when this value ends, and whenever it is asked for.
///
/// Ctrl-C and Ctrl-Z stay signals, so that typed and sent ones take the same way.
struct FullScreen: ~Copyable {
  /// Where keys come from.
  let keyboard: Int32
  private let isOwnDescriptor: Bool

  /// nil when there is nobody to type: neither standard input nor `/dev/tty` is a terminal.
  init?() {
    let isTyped = isatty(0) == 1
    keyboard = isTyped ? 0 : unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    isOwnDescriptor = !isTyped
    guard keyboard >= 0, TerminalRestorer.remember(keyboard) else { return nil }
  }

  deinit {
    TerminalRestorer.giveBack()
    if isOwnDescriptor, keyboard >= 0 { close(keyboard) }
  }

  /// Takes the terminal, or takes it once more after others had it.
  func take() throws(KernelError) {
    guard var settings = TerminalRestorer.before else { return }
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN)
    settings.c_lflag |= tcflag_t(ISIG)
    // Enter is a carriage return, and Ctrl-S no way to stand still for good.
    settings.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR | IGNCR)
    Self.setMinimum(1, &settings)
    TerminalRestorer.taken()
    _ = unsafe tcsetattr(keyboard, TCSANOW, &settings)
    try OutputFile.standardOutput.write("\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J")
  }

  func giveBack() { TerminalRestorer.giveBack() }

  /// `read` comes back with the first byte, without a clock.
  private static func setMinimum(_ bytes: UInt8, _ settings: inout termios) {
    unsafe withUnsafeMutableBytes(of: &settings.c_cc) {
      unsafe $0[Int(VMIN)] = bytes
      unsafe $0[Int(VTIME)] = 0
    }
  }
}
