import ProcNet

/// Links each finding to the ones that cause it.
///
/// Two ways lead from an effect to its cause: both are about one listener or process and the kinds
/// say which comes first (`CauseRank`), or the effect's wait chain passes a process that another
/// finding is about.
struct CauseLinks {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  func linked(_ findings: [Finding]) -> [Finding] {
    var linked = findings
    for effect in linked.indices {
      let passed = Passed(linked[effect])
      for cause in linked.indices
      where cause != effect && causes(linked[cause], linked[effect], passed) {
        let reference = linked[cause].reference
        // A ring of causes would leave nothing to begin with.
        guard !linked[effect].causes.contains(reference),
          !linked.leads(from: [reference], to: linked[effect].reference)
        else { continue }
        linked[effect].causes.append(reference)
      }
    }
    return linked
  }

  /// What an effect's chains and evidence pass, gathered once for all causes it is compared with.
  private struct Passed {
    /// Processes behind the first of each chain.
    let processes: Set<Int32>
    /// The other ends of connections.
    let peers: Set<Endpoint>

    init(_ effect: Finding) {
      processes = Set(effect.chains.flatMap { $0.dropFirst().map(\.process.process) })
      peers = Set(
        effect.evidence.compactMap(\.place.peer)
          + effect.chain.compactMap { $0.waitsFor?.socket?.peer })
    }
  }

  private func causes(_ cause: Finding, _ effect: Finding, _ passed: Passed) -> Bool {
    if cause.id == LockWait.kind.id, effect.id == LockWait.kind.id {
      return isOnTheWay(cause, passed)
    }
    // What is merely possible explains nothing that is certain.
    if cause.severity == .notice, cause.confidence == .possible, effect.severity != .notice {
      return false
    }
    return cause.rank.canCause(effect.rank)
      && (isAboutSame(cause, effect) || isOnTheWay(cause, passed)
        || isAtTheOtherEnd(cause, passed) || isOneOfTheWaiters(effect, at: cause)
        || isOnConnection(effect, in: cause))
  }

  /// Listener and listener, process and process, or an owner of the listener.
  private func isAboutSame(_ one: Finding, _ other: Finding) -> Bool {
    if one.subject == other.subject { return one.subject != .host }
    switch (one.subject, other.subject) {
    case (.listener(let left), .listener(let right)):
      return left.inode == right.inode
        || (!left.netid.isUnix && left.local == right.local && left.namespace == right.namespace)
    case (.process(let process), .listener(let name)), (.process(let process), .socket(let name)),
      (.listener(let name), .process(let process)), (.socket(let name), .process(let process)):
      return holds(process.process, name.inode)
    case (.listener(let listener), .socket(let name)), (.socket(let name), .listener(let listener)):
      return cameThrough(name, listener)
    default: return false
    }
  }

  private func holds(_ process: Int32, _ inode: UInt32) -> Bool {
    host.owners.owners(of: inode).contains { $0.process == process }
  }

  private func cameThrough(_ socket: SocketName, _ listener: SocketName) -> Bool {
    guard let row = host.table.socket(inode: socket.inode) else { return false }
    return host.table.listener(of: row)?.inode == listener.inode
  }

  /// The chain passes a process that the other finding is about, beyond the first step.
  private func isOnTheWay(_ cause: Finding, _ passed: Passed) -> Bool {
    switch cause.subject {
    case .process(let process): passed.processes.contains(process.process)
    case .listener(let name), .socket(let name):
      passed.processes.contains { holds($0, name.inode) }
    case .host: false
    }
  }

  /// A finding about a lock is about one of the processes that wait for it, and causes the wait of
  /// the others as well.
  private func isOneOfTheWaiters(_ effect: Finding, at cause: Finding) -> Bool {
    guard cause.id == LockWait.kind.id else { return false }
    let waiters = Set(cause.evidence.compactMap(\.place.process))
    if case .process(let process) = effect.subject, waiters.contains(process.process) {
      return true
    }
    return effect.chains.joined().contains {
      $0.waitsFor?.kind == .lock && waiters.contains($0.process.process)
    }
  }

  /// What a connection shows at its far end is part of the story whose chain waits at the near one.
  private func isOnConnection(_ effect: Finding, in cause: Finding) -> Bool {
    guard effect.rank == .connection else { return false }
    return cause.chain.contains { link in
      guard let near = link.waitsFor?.socket, !near.netid.isUnix, let peer = near.peer else {
        return false
      }
      return effect.evidence.contains { $0.place.local == peer && $0.place.peer == near.local }
    }
  }

  /// A client's trouble is that of the listener it wants to reach.
  private func isAtTheOtherEnd(_ cause: Finding, _ passed: Passed) -> Bool {
    guard case .listener(let listener) = cause.subject, !listener.netid.isUnix else {
      return false
    }
    return passed.peers.contains { reaches($0, listener) }
  }

  private func reaches(_ peer: Endpoint, _ listener: SocketName) -> Bool {
    guard peer.port == listener.local.port else { return false }
    let (wanted, address) = (listener.local.address.unmapped, peer.address.unmapped)
    // A listener on all addresses gets those of this host, not that of another one.
    return wanted == address
      || (wanted.isAny && host.table.isOwn(address, in: listener.namespace))
  }
}

extension [Finding] {
  /// Whether some findings, or their causes, or the causes of those, include one.
  func leads(from start: [FindingReference], to end: FindingReference) -> Bool {
    var open = start
    var seen: Set<FindingReference> = []
    while let next = open.popLast() {
      if next == end { return true }
      guard seen.insert(next).inserted else { continue }
      open += filter { $0.reference == next }.flatMap(\.causes)
    }
    return false
  }
}
