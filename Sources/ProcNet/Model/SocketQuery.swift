/// Which sockets a listing asks for, and how much of each.
public struct SocketQuery: Sendable {
  /// The kinds of sockets.
  public var netids: NetidSet
  /// The address families; a kind of another family is not listed.
  public var families: FamilySet
  /// The states; unconnected UDP, raw and packet sockets are in `close`.
  public var states: StateSet
  /// What to read beyond the rows; nothing costs least.
  public var details: Details
  /// inet_diag byte code that lets the kernel leave out rows; whoever asked still has to check
  /// each row, since not every source and not every kernel honours it.
  public var program: [UInt8]?
  /// The network namespace to list.
  public var namespace: NetworkNamespace

  /// The parts of `SocketDetails` that somebody will look at.
  public struct Details: OptionSet, Sendable {
    /// A bit for each part.
    public let rawValue: UInt8
    /// The parts whose bits are set.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `tcp_info` and congestion control.
    public static let tcp = Details(rawValue: 1)
    /// `SocketMemory`, and with it drops (`INET_DIAG_SKMEMINFO`).
    public static let memory = Details(rawValue: 2)
    /// Everything small: mark, TOS, class, cgroup, shutdown, upper layer, rings, waiting inodes.
    public static let attributes = Details(rawValue: 4)
    /// Everything that a source can tell.
    public static let all: Details = [.tcp, .memory, .attributes]
  }

  /// Asks for all families and states of some kinds of sockets, unless told otherwise.
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

/// A set of kinds of sockets.
public struct NetidSet: OptionSet, Sendable, Hashable {
  /// Bit N stands for the kind with the raw value N.
  public let rawValue: UInt16
  /// The kinds whose bits are set.
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// A set of this kind alone.
  public init(_ netid: Netid) { self.init(rawValue: 1 << netid.rawValue) }

  /// TCP over IPv4 and IPv6.
  public static let tcp = NetidSet(.tcp)
  /// UDP over IPv4 and IPv6.
  public static let udp = NetidSet(.udp)
  /// Raw sockets over IPv4 and IPv6 (sock_diag: since Linux 4.10).
  public static let raw = NetidSet(.raw)
  /// unix `SOCK_STREAM`.
  public static let unixStream = NetidSet(.unixStream)
  /// unix `SOCK_DGRAM`.
  public static let unixDatagram = NetidSet(.unixDatagram)
  /// unix `SOCK_SEQPACKET`.
  public static let unixSeqpacket = NetidSet(.unixSeqpacket)
  /// Packet sockets with `SOCK_RAW`: packets come with their link header.
  public static let packetRaw = NetidSet(.packetRaw)
  /// Packet sockets with `SOCK_DGRAM`: packets come without it.
  public static let packetDatagram = NetidSet(.packetDatagram)

  /// All unix sockets.
  public static let unix: NetidSet = [.unixStream, .unixDatagram, .unixSeqpacket]
  /// All packet sockets.
  public static let packet: NetidSet = [.packetRaw, .packetDatagram]
  /// TCP, UDP and raw.
  public static let internet: NetidSet = [.tcp, .udp, .raw]
  /// Every kind.
  public static let all: NetidSet = [.internet, .unix, .packet]

  /// Whether a kind is in the set.
  public func contains(_ netid: Netid) -> Bool { rawValue & (1 << netid.rawValue) != 0 }
}

/// A set of address families.
public struct FamilySet: OptionSet, Sendable, Hashable {
  /// A bit for each family; the numbers are ours, not the kernel's.
  public let rawValue: UInt8
  /// The families whose bits are set.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// IPv4 (`AF_INET`).
  public static let inet = FamilySet(rawValue: 1)
  /// IPv6 (`AF_INET6`), sockets that take IPv4 as well included.
  public static let inet6 = FamilySet(rawValue: 2)
  /// unix sockets (`AF_UNIX`).
  public static let unix = FamilySet(rawValue: 4)
  /// Packet sockets (`AF_PACKET`).
  public static let packet = FamilySet(rawValue: 8)
  /// IPv4 and IPv6.
  public static let internet: FamilySet = [.inet, .inet6]
  /// Every family.
  public static let all: FamilySet = [.inet, .inet6, .unix, .packet]

  /// A set of this family alone.
  public init(_ family: AddressFamily) {
    switch family {
    case .inet: self = .inet
    case .inet6: self = .inet6
    case .unix: self = .unix
    case .packet: self = .packet
    }
  }

  /// Whether a family is in the set.
  public func contains(_ family: AddressFamily) -> Bool { contains(FamilySet(family)) }
}

/// A set of states as sock_diag takes it: bit N stands for state N (`idiag_states`).
public struct StateSet: OptionSet, Sendable, Hashable {
  /// Bit N stands for state N (`1 << TCP_ESTABLISHED` and so on).
  public let rawValue: UInt32
  /// The states whose bits are set.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// A set of this state alone.
  public init(_ state: SocketState) { self.init(rawValue: 1 << UInt32(state.rawValue & 31)) }

  /// ss's `SS_ALL`, with room for states that a newer kernel adds (all but bound-inactive,
  /// which is asked for by name only).
  public static let all = StateSet(rawValue: 0xFFF)
  /// With what is bound but inactive: all that keeps a port.
  public static let every = all.union(StateSet(.boundInactive))
  /// Everything but listening and unconnected.
  public static let connected = all.subtracting([StateSet(.listen), StateSet(.close)])
  /// What ss lists without options: connected without TIME-WAIT and SYN-RECV.
  public static let usual = connected.subtracting([StateSet(.timeWait), StateSet(.synReceived)])
  /// Listening and unconnected: what waits for others.
  public static let listening: StateSet = [StateSet(.listen), StateSet(.close)]

  /// Whether a state is in the set.
  public func contains(_ state: SocketState) -> Bool {
    rawValue & (1 << UInt32(state.rawValue & 31)) != 0
  }
  /// Exactly one state is in the set.
  public var isSingle: Bool { rawValue != 0 && rawValue & (rawValue - 1) == 0 }
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

  /// Describes a namespace that was found; `NamespaceFinder` finds them.
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
