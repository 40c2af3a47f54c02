import ProcNet

/// A server at work: a listener, the processes behind it, and what stops them from accepting.
public struct Server: Sendable {
  public var listener: ObservedListener
  /// Shards of one address: the inodes of all that this server's processes own.
  public var inodes: Set<UInt32>
  /// Processes that accept or serve.
  public var members: [ServerProcess]
  /// Processes that have the listener open and do neither, as masters do.
  public var masters: [ProcessName]
  public var model: ServerModel
  /// Children that serve one connection each and were born for it.
  public var handlers: [ProcessName] = []

  /// Processes that cannot be read probably have the listener open as well.
  public var hasHiddenRelatives = false

  /// A thread would take the next connection.
  public var isReady: Bool { members.contains(where: \.isReady) }
  /// What some of the members do could not be seen.
  public var isOpaque: Bool { hasHiddenRelatives || members.contains(where: \.process.isOpaque) }
  /// The threads that stop it from accepting.
  public var blockers: [AcceptBlocker] { members.flatMap(\.blockers) }
  /// Accepted clients have sent data that it does not read.
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
