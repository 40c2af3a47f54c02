import Glibc
import ProcNet
import Synchronization

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

/// Gives the terminal back as it was, from wherever the program happens to be, a signal's handler
/// included: so the shell gets a usable terminal even when the program crashes.
///
/// A handler is given nothing but the signal's number, so what it needs has to be global: atomic
/// words, set before they are needed.
private enum TerminalRestorer {
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

/// What a full-screen program waits for: keys, signals, the next sample.
struct TerminalEvents: ~Copyable {
  enum Event {
    case typed([UInt8])
    case signal(Int32)
    /// Nothing will be typed any more: the terminal has gone.
    case closed
  }

  private let keyboard: Int32
  private let signals = TerminalSignals()

  init(keyboard: Int32) { self.keyboard = keyboard }

  func stop() { signals.stop() }

  /// Sleeps until something happens, or for this time; no events means that the time is over.
  func wait(milliseconds: UInt64) -> [Event] {
    var polled = [
      pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let count = unsafe poll(&polled, 2, Int32(clamping: milliseconds))
    // Interrupted by a signal: its byte is in the pipe.
    if count < 0 { return signals.take().map { .signal($0) } }
    var events: [Event] = []
    if polled[1].revents != 0 { events += signals.take().map { .signal($0) } }
    if polled[0].revents != 0 { events.append(typed()) }
    return events
  }

  private func typed() -> Event {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = unsafe read(keyboard, &bytes, bytes.count)
    if count > 0 { return .typed(Array(bytes[..<count])) }
    return count < 0 && errno == EINTR ? .typed([]) : .closed
  }
}

/// The signals that a full-screen program has to know of, as something to wait for.
///
/// Orderly ones are written into a pipe, one byte each. Those that say that the program is broken
/// (and Ctrl-\, which asks for a core dump) give the terminal back first and then have their way.
private struct TerminalSignals: ~Copyable {
  /// The end to wait for.
  let descriptor: Int32
  private let writingEnd: Int32
  /// What a handler writes to.
  private static let pipe = Atomic<Int32>(-1)

  private static let orderly = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT]
  private static let fatal = [
    SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS,
  ]

  init() {
    var ends: [Int32] = [-1, -1]
    _ = unsafe Glibc.pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writingEnd) = (ends[0], ends[1])
    Self.pipe.store(ends[1], ordering: .releasing)
    for number in Self.orderly { Self.listen(to: number) }
    Self.unblock(Self.orderly + Self.fatal)
    for number in Self.fatal { Self.handle(number, Int32(bitPattern: SA_RESETHAND), Self.rescue) }
  }

  deinit {
    for number in Self.orderly + Self.fatal where !Self.isIgnored(number) {
      _ = signal(number, SIG_DFL)
    }
    Self.pipe.store(-1, ordering: .releasing)
    close(descriptor)
    close(writingEnd)
  }

  /// The signals that came since, in order.
  func take() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map { Int32($0) } : []
  }

  /// Stops as Ctrl-Z means it; comes back when we may go on.
  func stop() {
    _ = signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    Self.listen(to: SIGTSTP)
  }

  /// Who started us may have asked to be left alone with a signal, as nohup does.
  private static func listen(to number: Int32) {
    guard !isIgnored(number) else { return }
    handle(number, SA_RESTART, note)
  }

  /// A parent's thread that took no signals hands that on to its children.
  private static func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return handler == 1
  }

  private static func handle(
    _ number: Int32, _ flags: Int32, _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = flags
    unsafe sigemptyset(&action.sa_mask)
    unsafe sigaction(number, &action, nil)
  }

  private static let note: @convention(c) (Int32) -> Void = { number in
    let before = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = unsafe write(TerminalSignals.pipe.load(ordering: .acquiring), &byte, 1)
    errno = before
  }

  /// The handler is gone once it has been called, so the signal that is raised again ends us.
  private static let rescue: @convention(c) (Int32) -> Void = { number in
    TerminalRestorer.giveBack()
    raise(number)
  }
}

/// A key as it was pressed.
enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  case enter, escape, backspace, tab, backTab
  case up, down, left, right, pageUp, pageDown, home, end, delete
  /// Ctrl with a letter, by the letter.
  case control(Unicode.Scalar)
}

/// Turns what a terminal sends into keys (the sequences of xterm and the VT100, UTF-8).
///
/// A sequence can come in pieces, and the Escape key is the beginning of one: a caller that waits
/// for more than a moment in vain calls `expire`.
struct KeyReader {
  private var waiting: [UInt8] = []
  /// No sequence that we know is longer; what is, is no key.
  private static let longest = 24

  /// The keys that are complete.
  mutating func take(_ bytes: [UInt8]) -> [Key] {
    waiting += bytes
    var keys: [Key] = []
    while !waiting.isEmpty, let (key, length) = next() {
      if let key { keys.append(key) }
      waiting.removeFirst(length)
    }
    return keys
  }

  var isWaiting: Bool { !waiting.isEmpty }

  /// Nothing more comes: a lone Escape is the key; other beginnings are nothing.
  mutating func expire() -> [Key] {
    defer { waiting = [] }
    return waiting == [0x1B] ? [.escape] : []
  }

  /// A key, or nil for something that is not one, and how many bytes it took; nil when bytes are
  /// missing.
  private func next() -> (Key?, Int)? {
    switch waiting[0] {
    case 0x1B: return sequence()
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x09: return (.tab, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x01...0x1A: return (.control(Unicode.Scalar(waiting[0] + 0x60)), 1)
    case 0x00..<0x20: return (nil, 1)
    default: return character()
    }
  }

  private func character() -> (Key?, Int)? {
    if let (scalar, length) = UTF8Reader.scalar(in: waiting, at: 0) {
      let isShown = scalar < 0x7F || (scalar >= 0xA0 && !SafeText.isDeceptive(scalar))
      return (isShown ? Unicode.Scalar(scalar).map { .character($0) } : nil, length)
    }
    let isBeginning =
      waiting[0] >= 0xC2 && waiting[0] <= 0xF4 && waiting.count < 4
      && waiting.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 }
    return isBeginning ? nil : (nil, 1)
  }

  /// `ESC [ parameters final`, `ESC O final`; Alt with a key (`ESC key`) is nothing.
  private func sequence() -> (Key?, Int)? {
    guard waiting.count > 1 else { return nil }
    guard waiting[1] == UInt8(ascii: "[") || waiting[1] == UInt8(ascii: "O") else {
      return waiting[1] == 0x1B ? (.escape, 1) : (nil, 2)
    }
    guard let final = waiting.dropFirst(2).firstIndex(where: { $0 >= 0x40 && $0 <= 0x7E }) else {
      return waiting.count > Self.longest ? (nil, waiting.count) : nil
    }
    let parameters = waiting[2..<final]
    return (Self.key(waiting[final], parameters.prefix { $0 != UInt8(ascii: ";") }), final + 1)
  }

  private static func key(_ final: UInt8, _ parameter: ArraySlice<UInt8>) -> Key? {
    switch Unicode.Scalar(final) {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    case "H": .home
    case "F": .end
    case "Z": .backTab
    case "M": .enter
    case "~": numbered[String(decoding: parameter, as: UTF8.self)]
    default: nil
    }
  }

  private static let numbered: [String: Key] = [
    "1": .home, "7": .home, "4": .end, "8": .end, "3": .delete, "5": .pageUp, "6": .pageDown,
  ]
}
