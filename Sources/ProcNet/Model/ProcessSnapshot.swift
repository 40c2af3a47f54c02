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
  /// The letter of `/proc/<pid>/stat`.
  public var state: UInt8
  /// Its threads, the first one first; cut short when there are too many (see `threadCount`).
  public var threads: [ThreadSnapshot]
  /// How many threads there are.
  public var threadCount: Int
  /// How many descriptors are open (since Linux 6.2), and how many it may open.
  public var openFiles: Int64?
  public var openFilesLimit: ProcLimits.Bound?
  public var controlGroup: [UInt8]?
  /// Its control group is frozen; nil where that cannot be told.
  public var isFrozen: Bool?
  /// What its descriptors lead to; nil when we may not know or they were not asked for.
  public var descriptors: [Int32: DescriptorTarget]?
  /// What its epoll instances watch, by the instance's descriptor.
  public var watchLists: [Int32: [ProcFdinfo.Watched]] = [:]

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

  /// The system calls of its threads are not for us to see.
  public var isOpaque: Bool {
    !threads.isEmpty && threads.allSatisfy { $0.activity == .denied }
  }
}

/// What a descriptor leads to, from its link.
public enum DescriptorTarget: Sendable, Hashable {
  case socket(UInt32)
  case pipe(UInt64)
  /// `anon_inode:[eventpoll]`.
  case eventPoll
  /// Any other: `anon_inode:[eventfd]`, `/var/log/x`, raw.
  case other([UInt8])
}
