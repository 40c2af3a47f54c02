/// A process as it was at one moment, with its threads.
public struct ProcessSnapshot: Sendable {
  /// Its number in the pid namespace of the `/proc` that was read.
  public var process: Int32
  /// `comm`, up to 15 bytes of anything.
  public var command: [UInt8]
  /// The arguments with spaces between them, as far as they were read; often rewritten by the
  /// program with what it is doing. nil when it could not be read.
  public var commandLine: [UInt8]?
  /// The number of its parent; 0 when it has none that shows.
  public var parent: Int32
  /// Clock ticks after boot at which it began: with the number it names a process for good.
  public var startTicks: UInt64
  /// The effective user; nil when `status` could not be read.
  public var uid: UInt32?
  /// It has a controlling terminal, as what a person starts in a shell does.
  public var hasTerminal = false
  /// The letter of `/proc/<pid>/stat`.
  public var state: UInt8
  /// Its threads, the first one first; cut short when there are too many (see `threadCount`).
  public var threads: [ThreadSnapshot]
  /// How many threads there are.
  public var threadCount: Int
  /// How many descriptors are open; nil before Linux 6.2, when not asked for, and when denied.
  public var openFiles: Int64?
  /// How many it may open now (the soft `RLIMIT_NOFILE`); nil when not asked for or denied.
  public var openFilesLimit: ResourceLimit?
  /// The path of its control group that tells most, see `ProcCgroup.path`; nil when not asked for.
  public var controlGroup: [UInt8]?
  /// Its control group is frozen; nil where that cannot be told.
  public var isFrozen: Bool?
  /// The limit of processor time that it is under; nil where there is none or none that shows.
  public var cpuQuota: CPUQuota?
  /// What its descriptors lead to; nil when we may not know or they were not asked for.
  public var descriptors: [Int32: DescriptorTarget]?
  /// What its epoll instances watch, by the instance's descriptor.
  public var watchLists: [Int32: [WatchedDescriptor]] = [:]
  /// The processes behind its pidfds, by the descriptor; those that have ended are left out.
  public var processDescriptors: [Int32: Int32] = [:]

  /// Where relative paths begin (`/proc/<pid>/cwd`); only read for a thread whose call has such a
  /// path. nil also when we may not know.
  public var workingFolder: [UInt8]?

  /// A process of which only these are known; the other fields are set one by one.
  public init(
    process: Int32, command: [UInt8], commandLine: [UInt8]? = nil, parent: Int32 = 0,
    startTicks: UInt64 = 0, uid: UInt32? = nil, state: UInt8, threads: [ThreadSnapshot] = []
  ) {
    self.process = process
    self.command = command
    self.commandLine = commandLine
    self.parent = parent
    self.startTicks = startTicks
    self.uid = uid
    self.state = state
    self.threads = threads
    self.threadCount = threads.count
  }

  /// The whole path that a call of one of its threads leads to, as the process sees its files.
  ///
  /// `..` and links in it are left as they are. nil for calls without a path, and where the path or
  /// the folder that it begins at is not known.
  public func path(of call: ThreadCall) -> [UInt8]? {
    guard let path = call.path else { return nil }
    if path.first == UInt8(ascii: "/") { return path }
    let beginning = call.pathFolder.map { self.folder(at: $0) } ?? workingFolder
    guard let folder = beginning, folder.first == UInt8(ascii: "/") else { return nil }
    if path.isEmpty { return call.pathFolder == nil ? nil : folder }
    return folder.last == UInt8(ascii: "/") ? folder + path : folder + [UInt8(ascii: "/")] + path
  }

  private func folder(at descriptor: Int32) -> [UInt8]? {
    if case .file(let path)? = descriptors?[descriptor] { path } else { nil }
  }

  /// The system calls of its threads are not for us to see.
  public var isOpaque: Bool {
    !threads.isEmpty && threads.allSatisfy { $0.activity == .denied }
  }
}

/// The limit of processor time that a process is under, by its control group or one above it.
public struct CPUQuota: Sendable, Hashable {
  /// The group that has the limit: of several the one with the least.
  public var group: [UInt8]
  /// Microseconds of processor time in each period, of all threads in the group together.
  public var quota: UInt64
  /// Microseconds.
  public var period: UInt64
  /// Periods in which the group had something to do, since it was made (`nr_periods`); nil where
  /// the kernel does not say.
  public var periods: UInt64?
  /// Those of the periods in which it was held back (`nr_throttled`).
  public var throttledPeriods: UInt64?
  /// Microseconds in which it was held back, of all processors added up.
  public var throttledTime: UInt64?

  /// How many processors it may keep busy: 0.5 is half of one.
  public var processors: Double { Double(quota) / Double(max(period, 1)) }
}

/// A descriptor that an epoll instance watches.
public struct WatchedDescriptor: Sendable, Hashable {
  /// The number under which it was added; the program may have reused the number since.
  public var descriptor: Int32
  /// `EPOLL*` bits; 0 in the low 28 after a one-shot has fired.
  public var events: UInt32
  /// Inode of the file, which says what it really is (since Linux 4.13).
  public var inode: UInt64?

  /// It waits for something to read or accept (`EPOLLIN`, `EPOLLRDNORM`).
  public var forReading: Bool { events & 0x41 != 0 }
  /// It waits for room to write, or to be connected (`EPOLLOUT`, `EPOLLWRNORM`).
  public var forWriting: Bool { events & 0x104 != 0 }
  /// It stays in the list and is not waited for: its one shot (`EPOLLONESHOT`) has fired, or no
  /// events were asked for. Errors and hang-ups (0x18) are always reported and ask for nothing.
  public var isDisarmed: Bool { events & 0x0FFF_FFFF & ~0x18 == 0 }
}

/// A limit of `setrlimit`.
public enum ResourceLimit: Sendable, Hashable {
  /// At most this number, in the unit of the resource.
  case count(UInt64)
  /// `RLIM_INFINITY`.
  case unlimited
}

/// A thread as it was at one moment.
public struct ThreadSnapshot: Sendable, Hashable {
  /// Its number in the pid namespace of the `/proc` that was read; the first thread has the
  /// process's.
  public var thread: Int32
  /// The thread's own name (`comm`), up to 15 bytes of anything.
  public var command: [UInt8]
  /// The letter of `/proc/<pid>/task/<tid>/stat`: R, S, D, T (stopped), t (traced), Z …
  public var state: UInt8
  /// Clock ticks (1/100 s) of processor time in user mode (`utime`).
  public var userTicks: UInt64
  /// Clock ticks in kernel mode (`stime`).
  public var kernelTicks: UInt64
  /// Clock ticks after boot at which it began: `ProcUptime` makes an age of it.
  public var startTicks: UInt64
  /// Nanoseconds since it began in which it could run and waited for a processor; nil where the
  /// kernel does not count them.
  public var runDelay: UInt64?
  /// Milliseconds since it last ran; nil while it runs, and where the kernel does not tell
  /// (`CONFIG_SCHED_DEBUG`).
  public var asleep: UInt64?
  /// Times it went to sleep by itself (`voluntary_ctxt_switches`); nil where `status` could not be
  /// read.
  public var voluntarySwitches: UInt64?
  /// Times it was made to pause (`nonvoluntary_ctxt_switches`).
  public var forcedSwitches: UInt64?
  /// The process that traces it; 0 when none does.
  public var tracer: Int32?
  /// What it does or sleeps in, as far as we may know.
  public var activity: ThreadActivity
  /// The kernel function it sleeps in: a hint only, names change between kernels. nil when it does
  /// not sleep, or we may not know.
  public var wchan: [UInt8]?

  /// A thread as its files describe it; `asleep` is set apart.
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
  /// It runs, or could.
  case running
  /// Asleep, but in no system call: a page fault, say.
  case outsideCall
  /// Asleep in this system call.
  case call(ThreadCall)
  /// We may not know.
  case denied
  /// The file was not there, or said something that we cannot read.
  case unknown
}
