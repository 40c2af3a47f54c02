/// A thread as it was at one moment.
public struct ThreadSnapshot: Sendable, Hashable {
  public var thread: Int32
  /// The thread's own name (`comm`), up to 15 bytes of anything.
  public var command: [UInt8]
  /// The letter of `/proc/<pid>/task/<tid>/stat`: R, S, D, T (stopped), t (traced), Z …
  public var state: UInt8
  /// Clock ticks (1/100 s) of processor time in user and kernel mode.
  public var userTicks: UInt64
  public var kernelTicks: UInt64
  /// Clock ticks after boot at which it began: `ProcUptime` makes an age of it.
  public var startTicks: UInt64
  /// Nanoseconds since it began in which it could run and waited for a processor; nil where the
  /// kernel does not count them.
  public var runDelay: UInt64?
  /// Milliseconds since it last ran; nil while it runs, and where the kernel does not tell
  /// (`CONFIG_SCHED_DEBUG`).
  public var asleep: UInt64?
  /// Times it went to sleep by itself, and was made to pause; nil where status could not be read.
  public var voluntarySwitches: UInt64?
  public var forcedSwitches: UInt64?
  /// The process that traces it; 0 when none does.
  public var tracer: Int32?
  public var activity: ThreadActivity
  /// The kernel function it sleeps in: a hint only, names change between kernels. nil when it does
  /// not sleep, or we may not know.
  public var wchan: [UInt8]?

  public init(
    thread: Int32, command: [UInt8], state: UInt8, userTicks: UInt64 = 0, kernelTicks: UInt64 = 0,
    startTicks: UInt64 = 0, runDelay: UInt64? = nil, voluntarySwitches: UInt64? = nil,
    forcedSwitches: UInt64? = nil, tracer: Int32? = nil, activity: ThreadActivity,
    wchan: [UInt8]? = nil
  ) {
    self.thread = thread
    self.command = command
    self.state = state
    self.userTicks = userTicks
    self.kernelTicks = kernelTicks
    self.startTicks = startTicks
    self.runDelay = runDelay
    self.voluntarySwitches = voluntarySwitches
    self.forcedSwitches = forcedSwitches
    self.tracer = tracer
    self.activity = activity
    self.wchan = wchan
  }

  /// What it sleeps in; nil when it runs or we may not know.
  public var call: ThreadCall? {
    if case .call(let call) = activity { call } else { nil }
  }

  /// Frozen, as far as the place where it sleeps tells: `__refrigerator` of control groups of version
  /// 1; those of version 2 let it sleep (S) where signals are handled, and nothing else does.
  var isInFreezer: Bool {
    guard let wchan else { return false }
    switch String(decoding: wchan, as: UTF8.self) {
    case "__refrigerator": return true
    case "get_signal", "do_freezer_trap": return state == UInt8(ascii: "S")
    default: return false
    }
  }

  /// Its control group has as much memory as it may, and nothing ends a process to make room
  /// (`mem_cgroup_oom_synchronize`, version 1 with `oom_kill_disable`), or it is slowed down for having
  /// more than it should (`mem_cgroup_handle_over_high`, version 2 with `memory.high`).
  public var waitsForMemory: Bool {
    state == UInt8(ascii: "D") && wchan?.starts(with: "mem_cgroup_".utf8) == true
  }

  /// It waits for the other end of a pipe or of a FIFO, as far as the place where it sleeps tells:
  /// for that end to be opened (`wait_for_partner`, `fifo_open`), or for bytes or room
  /// (`pipe_read`, `pipe_write`; `pipe_wait` before Linux 5.5, `fifo_pipe_read` and the like since
  /// 6.15). A pipe with a name, a FIFO, cannot be told from a file otherwise.
  public var waitsAtPipe: Bool {
    guard let wchan else { return false }
    switch String(decoding: wchan, as: UTF8.self) {
    case "wait_for_partner", "fifo_open", "pipe_read", "pipe_write", "pipe_wait",
      "pipe_wait_readable", "pipe_wait_writable", "anon_pipe_read", "anon_pipe_write",
      "fifo_pipe_read", "fifo_pipe_write":
      return true
    default: return false
    }
  }

  /// Without a claim of who has the lock that it waits for, unless that thread is among these.
  mutating func keepHolder(among threads: Set<Int32>) {
    guard case .call(var call) = activity, let holder = call.likelyHolder else { return }
    if threads.contains(holder), holder != thread { return }
    call.likelyHolder = nil
    activity = .call(call)
  }

  /// Stopped by a signal or a debugger: its system call is an old one.
  public var isStopped: Bool { state == UInt8(ascii: "T") || state == UInt8(ascii: "t") }
}

/// What a thread does, from its `syscall` file.
public enum ThreadActivity: Sendable, Hashable {
  case running
  /// Asleep, but in no system call: a page fault, say.
  case outsideCall
  case call(ThreadCall)
  /// We may not know.
  case denied
  /// The file was not there, or said something that we cannot read.
  case unknown
}
