/// `/proc/<pid>/stat`: a process in one line, readable by everybody.
///
/// `7 (name) S 1 …`: the name is anything of up to 15 bytes, spaces, parentheses and line feeds
/// included, so the fields are counted from the last `)`. More fields follow with each kernel.
public struct ProcStat: Sendable, Equatable {
  /// The number, of a thread its own.
  public var process: Int32
  /// The task's name (`comm`), raw.
  public var command: [UInt8]
  /// `R` runs, `S` sleeps, `D` sleeps uninterruptibly, `T` stopped, `t` traced, `Z` ended and not
  /// waited for.
  public var state: UInt8
  /// The number of the parent process; 0 for one that is outside of our pid namespace.
  public var parent: Int32
  /// It has a controlling terminal (`tty_nr`), as what a person starts in a shell does.
  public var hasTerminal: Bool
  /// `PF_…` bits of the kernel's task.
  public var flags: UInt32
  /// Clock ticks (1/100 s) in user mode (`utime`).
  public var userTicks: UInt64
  /// Clock ticks in kernel mode (`stime`).
  public var kernelTicks: UInt64
  /// How many threads the process has (`num_threads`).
  public var threads: UInt32
  /// Clock ticks after boot; with the number it names a process for good.
  public var startTicks: UInt64
  /// The processor it last ran on.
  public var processor: Int32?

  /// Names of threads of the kernel are the longest.
  static let longestCommand = 64

  /// `PF_KTHREAD`: a thread of the kernel itself, which has no descriptors.
  var isKernelThread: Bool { flags & 0x0020_0000 != 0 }
  var isZombie: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }

  /// Reads the line; nil when it is cut off or not of that form.
  public init?(_ text: [UInt8]) {
    guard let opening = text.firstIndex(of: UInt8(ascii: "(")),
      let closing = text.lastIndex(of: UInt8(ascii: ")")), opening < closing,
      let process = Int32(procDigits: text[..<opening].prefix { $0 != 32 })
    else { return nil }
    let fields = text[(closing + 1)...].split { $0 == 32 || $0 == 10 }
    guard fields.count >= 20, let state = fields[0].first,
      let parent = Int32(procDigits: fields[1]), let flags = UInt32(procDigits: fields[6]),
      let userTicks = UInt64(procDigits: fields[11]),
      let kernelTicks = UInt64(procDigits: fields[12]),
      let threads = UInt32(procDigits: fields[17]),
      let startTicks = UInt64(procDigits: fields[19])
    else { return nil }
    self.process = process
    self.command = Array(text[(opening + 1)..<closing].prefix(Self.longestCommand))
    self.state = state
    self.parent = parent
    // 0 for none.
    hasTerminal = !fields[4].elementsEqual([UInt8(ascii: "0")])
    self.flags = flags
    self.userTicks = userTicks
    self.kernelTicks = kernelTicks
    self.threads = threads
    self.startTicks = startTicks
    processor = fields.count > 36 ? Int32(procDigits: fields[36]) : nil
  }
}
