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
  public var openFilesLimit: ProcLimits.Bound?
  public var controlGroup: [UInt8]?
  /// Its control group is frozen; nil where that cannot be told.
  public var isFrozen: Bool?
  /// The limit of processor time that it is under; nil where there is none or none that shows.
  public var cpuQuota: CPUQuota?
  /// What its descriptors lead to; nil when we may not know or they were not asked for.
  public var descriptors: [Int32: DescriptorTarget]?
  /// What its epoll instances watch, by the instance's descriptor.
  public var watchLists: [Int32: [ProcFdinfo.Watched]] = [:]
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
