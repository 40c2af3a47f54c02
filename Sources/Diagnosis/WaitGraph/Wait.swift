import ProcNet

/// What a thread waits for, from its state, its system call and its process's descriptors.
public struct Wait: Sendable, Hashable {
  public var kind: Kind
  /// Sockets it waits for; of epoll those that the instance watches.
  public var sockets: [AwaitedSocket] = []
  /// Whatever else it waits for by descriptor.
  public var others: [AwaitedOther] = []
  public var timeout: CallTimeout = .unknown
  /// The address it sleeps at, for futex.
  public var address: UInt64?
  /// The child it waits for, where the call names one.
  public var child: Int32?
  /// The call's name as the kernel's tables have it.
  public var call: String?
  /// The set of descriptors could not be read.
  public var isBlind = false

  public enum Kind: Sendable, Hashable {
    case running
    /// By a signal, by a debugger, by its control group.
    case stopped, traced, frozen
    case receive, send, accept, connect
    /// poll, select or epoll, for any of several.
    case any
    case lock, fileLock, child, timer
    /// Uninterruptible: mostly a disk or a file system elsewhere.
    case disk
    case other
    /// We may not know, or could not tell.
    case unknown
  }

  public init(_ kind: Kind) { self.kind = kind }

  /// Stopped from outside: what it was doing says nothing.
  public var isHalted: Bool { kind == .stopped || kind == .traced || kind == .frozen }

  /// It would take a new connection from one of these listeners.
  public func accepts(_ listeners: Set<UInt32>) -> Bool {
    guard kind == .accept || kind == .any else { return false }
    return sockets.contains { $0.forReading && listeners.contains($0.inode) }
  }

  /// Waits for just one socket: the thread's whole attention is on it. A wait for one socket
  /// beside pipes and the like counts, epoll does not.
  public var soleSocket: AwaitedSocket? {
    switch kind {
    case .receive, .send, .connect: return sockets.first
    case .any: return epoll == nil && sockets.count == 1 ? sockets.first : nil
    default: return nil
    }
  }

  /// The pipe that it reads or writes in one call; polling one beside others is no such thing.
  public var solePipe: UInt64? {
    guard kind == .receive || kind == .send, sockets.isEmpty, let other = others.first,
      case .pipe(let inode) = other.target
    else { return nil }
    return inode
  }

  /// The descriptor of the epoll instance it waits in.
  public var epoll: Int32?
}

/// A socket that a thread waits for.
public struct AwaitedSocket: Sendable, Hashable {
  public var inode: UInt32
  public var descriptor: Int32
  public var forReading: Bool
  public var forWriting: Bool
}

/// Something else with a descriptor that a thread waits for.
public struct AwaitedOther: Sendable, Hashable {
  public var descriptor: Int32
  public var target: DescriptorTarget
}
