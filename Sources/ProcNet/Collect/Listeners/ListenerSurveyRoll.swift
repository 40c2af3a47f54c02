/// The roll call: who waits in accept queues.
extension ListenerSurvey {
  /// The other ends of TCP connections that wait, as far as they are on this host.
  mutating func findClients(_ ports: Set<UInt16>) throws(KernelError) {
    guard listeners.contains(where: { !$0.waiting.isEmpty }) else { return }
    var peers = PeerIndex(spansNamespaces: scope.places.count > 1)
    var ignored: [Gap] = []
    for place in scope.places {
      let query = SocketQuery(
        netids: .tcp, families: .internet, states: .connected,
        program: ListenerPortProgram.make(.peer, isOneOf: ports), namespace: place)
      try scope.source.list(query, through: scope.kernel, gaps: &ignored) {
        (socket) throws(KernelError) in
        if ports.contains(socket.peer.port) { peers.insert(socket) }
      }
    }
    for number in listeners.indices {
      for place in listeners[number].waiting.indices {
        listeners[number].waiting[place].clientInode =
          peers.inode(oppositeTo: listeners[number].waiting[place].socket)
      }
    }
  }

  /// unix: the kernel tells the clients' inodes with the listener.
  mutating func callUnixRoll(gaps: inout [Gap]) {
    for number in listeners.indices where listeners[number].socket.netid.isUnix {
      let listener = listeners[number].socket
      for inode in listener.details?.waiting ?? [] {
        var end = Socket(netid: listener.netid, family: .unix, state: .established)
        end.path = listener.path
        end.namespace = listener.namespace
        end.peerInode = inode
        listeners[number].waiting.append(
          WaitingConnection(socket: end, clientInode: inode == 0 ? nil : inode))
      }
    }
    nameBlocked(gaps: &gaps)
  }

  /// The kernel does not tell at which listener a process is blocked, but where only one is full
  /// it must be that one.
  private mutating func nameBlocked(gaps: inout [Gap]) {
    let full = listeners.indices.filter {
      listeners[$0].socket.netid.isUnix && listeners[$0].acceptQueue?.isFull == true
    }
    guard full.contains(where: { isWanted[$0] }) else { return }
    let blocked = BlockedConnectors.find(through: scope.kernel, gaps: &gaps)
    if full.count == 1 {
      listeners[full[0]].blocked = blocked
    } else if !blocked.isEmpty {
      gaps.append(
        Gap(
          missing: "which of \(full.count) full unix listeners blocks whom",
          reason: "the kernel does not tell"))
    }
  }
}
