import ProcNet

/// All that was found out about a host, for rules to judge.
public struct HostObservation: Sendable {
  /// The first sample and the last.
  public var first: Sample
  public var last: Sample
  /// Milliseconds between them; nil when there was only one.
  public var span: UInt64?
  /// Requests that were not answered at the second sample, with servers that may not be seen.
  var hiddenRequests = 0
  /// Milliseconds that the oldest of them has been waiting.
  var oldestHidden: UInt64 = 0
  /// How often the host was looked at.
  public var samples = 2
  /// Milliseconds between the two samples of threads.
  public var interval: UInt64?
  public var listeners: [ObservedListener] = []
  /// Every socket; empty unless something looked suspicious.
  public var table = SocketTable()
  /// `tcp_info` of the sockets that a thread waits for, and of those that stand out, by inode.
  public var metrics: [UInt32: TCPInfo] = [:]
  /// Whose turn it is on the connections of the processes in `processes`, by inode.
  public var conversations: [UInt32: Conversation] = [:]
  public var owners = OwnerIndex()
  /// What would show the owners that are missing: `Run as root`; nil when nothing would.
  public var wayToOwners: String?
  /// The processes that were read with all their threads.
  public var processes: [Int32: ObservedProcess] = [:]
  public var processList = HostProcesses()
  public var settings: [UInt32: NetworkSettings] = [:]
  /// What the network namespaces that are read are called, except the tool's own.
  public var namespaces = NamespaceNames.none
  public var locks = ProcLocks([])
  /// Open files that another process has a lock on, of processes that wait in short sleeps.
  var lockedFiles: [Int32: [LockedFiles.LockedFile]] = [:]
  /// What is mounted, as processes see it that are stuck in calls of the file system.
  var mounts: [Int32: ProcMountInfo] = [:]
  /// How long the host has been up; nil when it could not be read.
  var uptime: ProcUptime?
  /// The owners of the pipes that threads read or write.
  public var pipes = PipeHolders()
  /// Processes with nearly as many files open as they may have.
  public var descriptors = DescriptorUse()
  /// The servers behind listeners that look suspicious.
  public var servers: [Server] = []
  /// The thread that should serve a listener and does not, by the listener's inode.
  var blockers: [UInt32: ObservedThread] = [:]
  /// Requests that were read and are not answered.
  public var stalls: [Stall] = []
  /// Who has the port that the target names; nil when something listens there.
  public var portUse: PortUse?

  init(first: Sample, last: Sample) {
    self.first = first
    self.last = last
  }

  /// The sockets that stood out in both samples, in the same state.
  public func persistent(_ isMeant: (borrowing Socket) -> Bool) -> [(before: Socket, now: Socket)] {
    var found: [(before: Socket, now: Socket)] = []
    for (key, now) in last.notable where isMeant(now) {
      guard let before = first.notable[key], before.state == now.state,
        before.inode == now.inode, isMeant(before)
      else { continue }
      found.append((before, now))
    }
    return found.sorted { ($0.now.inode, $0.now.peer.port) < ($1.now.inode, $1.now.peer.port) }
  }

  /// The listener at a unix socket's path; nil for sockets without one.
  func unixListener(at path: [UInt8]?) -> Socket? {
    guard let path, !path.isEmpty else { return nil }
    return last.listeners.first { $0.socket.path == path }?.socket
  }

  /// A process by name, whether it was read or only owns a socket.
  public func name(_ process: Int32) -> ProcessName {
    let command =
      processes[process]?.snapshot.command ?? owners.command(of: process)
      ?? processList[process]?.command ?? []
    return ProcessName(process: process, command: command)
  }

  /// The owners of a socket, the lowest number first.
  public func holders(of inode: UInt32) -> [Owner] {
    owners.owners(of: inode).sorted { $0.process < $1.process }
  }

  /// Whose turn it is on a connection; nil for unix sockets, and where it is not known.
  public func conversation(_ inode: UInt32) -> Conversation? {
    conversations[inode] ?? table.conversations[inode]
  }

  /// Milliseconds for which this end has been waiting for the peer's answer; nil when it is not
  /// the peer's turn.
  func asking(_ inode: UInt32) -> UInt64? { conversation(inode)?.asking }

  public func settings(of namespace: UInt32) -> NetworkSettings? {
    settings[namespace] ?? (settings.count == 1 ? settings.values.first : nil)
  }
}
