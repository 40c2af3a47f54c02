import ProcNet

/// A server at work: a listener, the processes behind it, and what keeps them from accepting.
public struct Server: Sendable {
  public var listener: ObservedListener
  /// Shards of one address: the inodes of all of them that this server's processes hold.
  public var inodes: Set<UInt32>
  /// Processes that accept or serve.
  public var members: [ServerProcess]
  /// Processes that hold the listener and do neither, as masters do.
  public var masters: [ProcessName]
  public var model: ServerModel

  /// Processes that may not be seen probably hold the listener as well.
  public var hasHiddenRelatives = false

  /// Somebody would take the next connection.
  public var isReady: Bool { members.contains(where: \.isReady) }
  /// What the members do could not be seen, or not of all.
  public var isOpaque: Bool { hasHiddenRelatives || members.contains(where: \.process.isOpaque) }
  /// All that keeps it from accepting.
  public var blockers: [AcceptBlocker] { members.flatMap(\.blockers) }
  /// Clients that it accepted have sent what it does not read.
  public var owesReads = false
  public var accepted: Int { members.reduce(0) { $0 + $1.accepted.count } }
}

/// A process of a server.
public struct ServerProcess: Sendable {
  public var process: ObservedProcess
  /// Connections that it accepted from this listener, by inode.
  public var accepted: [UInt32]
  /// A thread waits for the next connection.
  public var isReady: Bool
  /// It serves its connections from an epoll that watches the listener as well.
  public var isLoop: Bool
  /// Threads that serve one connection each, busy at it.
  public var serving: [ObservedThread]
  public var blockers: [AcceptBlocker]
  /// A thread waits for clients that it has accepted.
  public var awaitsClients = false
}

/// A thread that should accept, or make room for it, and does something else.
public struct AcceptBlocker: Sendable {
  public var thread: ObservedThread
  /// The connection it works on, where it waits for just one.
  public var socket: Socket?
  /// That connection came in through this listener.
  public var isAccepted: Bool
}
