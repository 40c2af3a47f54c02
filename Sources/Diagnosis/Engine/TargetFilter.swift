import ProcNet

/// Chooses the findings that are about the target, and those that cause them.
///
/// A finding belongs to the target when its subject does, when its wait chain or its evidence
/// passes it, or when the target is a client of the listener that is in trouble.
struct TargetFilter {
  private let host: HostObservation
  private let focus: DiagnosisFocus
  /// The target's sockets by inode, and the ends of their connections, either way round.
  private var sockets: Set<UInt32> = []
  private var connections: Set<Ends> = []
  /// Owners of the target's listeners.
  private var listening: Set<Int32> = []
  /// Listeners that the connections of the target lead to.
  private var servers: Set<UInt32> = []

  private struct Ends: Hashable {
    var local: Endpoint
    var peer: Endpoint

    init(_ local: Endpoint, _ peer: Endpoint) {
      self.local = Endpoint(address: local.address.unmapped, port: local.port)
      self.peer = Endpoint(address: peer.address.unmapped, port: peer.port)
    }
  }

  init(_ host: HostObservation, _ focus: DiagnosisFocus) {
    self.host = host
    self.focus = focus
    for socket in host.table.sockets where focus.includes(socket) { take(socket) }
    for listener in host.last.listeners where focus.includes(listener.socket) {
      take(listener.socket)
    }
  }

  private mutating func take(_ socket: Socket) {
    // An outgoing connection that has the port is not the server there.
    if host.portUse?.outgoing.contains(socket.inode) == true { return }
    if socket.inode != 0 { sockets.insert(socket.inode) }
    if socket.state == .listen || (socket.netid == .udp && socket.peer.port == 0) {
      listening.formUnion(host.holders(of: socket.inode).map(\.process))
      return
    }
    if socket.netid.isInternet, socket.peer.port != 0 {
      connections.insert(Ends(socket.local, socket.peer))
      connections.insert(Ends(socket.peer, socket.local))
    }
    if let server = server(of: socket) { servers.insert(server.inode) }
  }

  /// The listener on this host that a client's connection went to, or waits at.
  private func server(of client: Socket) -> Socket? {
    if client.netid.isUnix {
      return host.table.unixListener(keeping: client.inode)
        ?? host.table.opposite(of: client).flatMap { host.unixListener(at: $0.path) }
    }
    guard client.netid == .tcp else { return nil }
    return host.table.opposite(of: client).flatMap { host.table.listener(of: $0) }
      ?? host.table.listener(at: client.peer, like: client)
  }

  func choose(_ findings: [Finding]) -> [Finding] {
    var chosen = Set(findings.filter(isMeant).map(\.reference))
    var added = true
    while added {
      added = false
      for finding in findings where chosen.contains(finding.reference) {
        for cause in finding.causes where chosen.insert(cause).inserted { added = true }
      }
    }
    return findings.filter { chosen.contains($0.reference) }
  }

  private func isMeant(_ finding: Finding) -> Bool {
    finding.id == NotListening.kind.id || isMeant(finding.subject)
      || finding.chain.contains(where: passes) || finding.evidence.contains(where: concerns)
      || (finding.severity > .notice && isServer(finding.subject))
  }

  private func isMeant(_ subject: Subject) -> Bool {
    switch subject {
    case .listener(let name), .socket(let name):
      sockets.contains(name.inode) || isHeld(inode: name.inode)
    case .process(let name):
      focus.processes.contains(name.process) || holdsMeant(name.process)
    case .host: false
    }
  }

  private func isHeld(inode: UInt32) -> Bool {
    guard !focus.processes.isEmpty else { return false }
    return host.holders(of: inode).contains { focus.processes.contains($0.process) }
  }

  private func holdsMeant(_ process: Int32) -> Bool {
    guard let held = host.processes[process]?.sockets else { return false }
    return held.keys.contains { sockets.contains($0) }
  }

  // MARK: in the middle of a chain

  private func passes(_ link: ChainLink) -> Bool {
    isTarget(link.process.process)
      || link.waitsFor?.process.map { isTarget($0.process) } == true
      || link.waitsFor?.socket.map { sockets.contains($0.inode) } == true
  }

  private func isTarget(_ process: Int32) -> Bool {
    focus.processes.contains(process) || listening.contains(process)
  }

  private func concerns(_ evidence: Evidence) -> Bool {
    if let process = evidence.place.process, focus.processes.contains(process) { return true }
    guard let local = evidence.place.local, let peer = evidence.place.peer else { return false }
    return connections.contains(Ends(local, peer))
  }

  // MARK: a client of it

  private func isServer(_ subject: Subject) -> Bool {
    guard case .listener(let name) = subject else { return false }
    if servers.contains(name.inode) { return true }
    guard !name.netid.isUnix else { return false }
    return servers.contains { inode in
      guard let server = host.table.socket(inode: inode) else { return false }
      return server.local == name.local && server.namespace == name.namespace
    }
  }
}
