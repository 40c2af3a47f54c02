/// A process as it was at one moment, with its threads.
public struct ProcessSnapshot: Sendable {
  public var process: Int32
  /// `comm`, up to 15 bytes of anything.
  public var command: [UInt8]
  /// The arguments with spaces between them, as far as they were read; often rewritten by the
  /// program with what it is doing. nil when it could not be read.
  public var commandLine: [UInt8]?
  public var parent: Int32
  /// Clock ticks after boot at which it began: with the number it names a process for good.
  public var startTicks: UInt64
  public var uid: UInt32?
  /// It has a controlling terminal, as what a person starts in a shell does.
  public var hasTerminal = false
  /// The letter of `/proc/<pid>/stat`.
  public var state: UInt8
  /// Its threads, the first one first; cut short when there are too many (see `threadCount`).
  public var threads: [ThreadSnapshot]
  /// How many threads there are.
  public var threadCount: Int
  /// How many descriptors are open (since Linux 6.2), and how many it may open.
  public var openFiles: Int64?
  public var openFilesLimit: ResourceLimit?
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
  /// Periods in which the group had something to do, and those in which it was held back; since the
  /// group was made. nil where the kernel does not say.
  public var periods: UInt64?
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
  case count(UInt64)
  case unlimited
}
