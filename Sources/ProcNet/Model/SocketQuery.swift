/// Which sockets a listing asks for, and how much of each.
public struct SocketQuery: Sendable {
  public var netids: NetidSet
  public var families: FamilySet
  public var states: StateSet
  public var details: Details
  /// inet_diag byte code that lets the kernel leave out rows; whoever asked still has to check
  /// each row, since not every source and not every kernel honours it.
  public var program: [UInt8]?
  public var namespace: NetworkNamespace

  /// The parts of `SocketDetails` that somebody will look at.
  public struct Details: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `tcp_info` and congestion control.
    public static let tcp = Details(rawValue: 1)
    public static let memory = Details(rawValue: 2)
    /// Everything small: mark, TOS, class, cgroup, shutdown, upper layer, rings, waiting inodes.
    public static let attributes = Details(rawValue: 4)
    public static let all: Details = [.tcp, .memory, .attributes]
  }

  public init(
    netids: NetidSet, families: FamilySet = .all, states: StateSet = .all, details: Details = [],
    program: [UInt8]? = nil, namespace: NetworkNamespace = .here
  ) {
    self.netids = netids
    self.families = families
    self.states = states
    self.details = details
    self.program = program
    self.namespace = namespace
  }
}

/// A network namespace, and how to reach it.
public struct NetworkNamespace: Sendable, Hashable {
  /// Inode of the namespace file; 0 when it could not be told.
  public var inode: UInt32
  /// A path to enter it by, `/proc/<pid>/ns/net` or `/run/netns/<name>`; nil for our own.
  public var path: String?
  /// The folder of its `/proc` tables: `/proc/net`, or `/proc/<pid>/net`; nil when no process
  /// lives in it.
  public var tables: String?
  /// Its name under `/run/netns`; nil when it has none.
  public var name: String?

  public init(inode: UInt32, path: String?, tables: String?, name: String? = nil) {
    self.inode = inode
    self.path = path
    self.tables = tables
    self.name = name
  }

  /// The namespace we are in.
  public static let here = NetworkNamespace(inode: 0, path: nil, tables: "/proc/net")

  /// Whether a failure says no more than that the namespace, or the process that led to it, has
  /// ended since it was found.
  func hasEnded(_ failure: KernelError) -> Bool { path != nil && failure.isGone }
}
