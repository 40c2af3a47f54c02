import ProcNet

/// Applies all rules to a host, links effects to their causes, and puts the worst first.
struct RuleEngine {
  let findings: [Finding]
  /// How many findings, none of them worse than those, were left out.
  let left: Int

  /// Each is compared with each other, and a reader is lost long before.
  static let mostFindings = 256

  init(_ host: HostObservation) {
    var found = SingleSample.weakened(RuleList.all.flatMap { $0.findings(in: host) }, in: host)
    left = max(found.count - Self.mostFindings, 0)
    if left > 0 { found = Array(FindingOrder.sorted(found).prefix(Self.mostFindings)) }
    let linked = CauseLinks(host).linked(found)
    findings = FindingOrder.sorted(CauseTitles.completed(Self.needed(linked, in: host)))
  }

  /// Linked findings without the fallbacks that say no more than their causes do. A cause that does
  /// not say who waits for it learns that from what is left out.
  static func needed(_ linked: [Finding], in host: HostObservation) -> [Finding] {
    let left = linked.filter { $0.isFallback && isSaid($0, linked, host) }
    var needed = without(left, linked)
    for fallback in left {
      let causes = needed.indices.filter { fallback.causes.contains(needed[$0].reference) }
      guard let sentence = fallback.unanswered,
        let place = causes.max(by: { needed[$0].severity < needed[$1].severity }),
        needed[place].waiting?.requests == nil
      else { continue }
      needed[place].waiting = fallback.waiting?.joined(with: needed[place].waiting)
      needed[place].story.append(sentence)
    }
    return needed
  }
}

/// All but some of the findings; what followed from those follows from their causes.
private func without(_ left: [Finding], _ all: [Finding]) -> [Finding] {
  let causes = Dictionary(
    left.map { ($0.reference, $0.causes) }, uniquingKeysWith: { first, _ in first })
  return all.filter { causes[$0.reference] == nil }.map { finding in
    var finding = finding
    var kept: [FindingReference] = []
    for cause in finding.causes {
      for reference in causes[cause] ?? [cause]
      where causes[reference] == nil && !kept.contains(reference) {
        kept.append(reference)
      }
    }
    finding.causes = kept
    return finding
  }
}

/// Whether one of its causes is about the listener of a finding, about a process that has that
/// listener open, or about a chain that passes such a process.
private func isSaid(_ finding: Finding, _ all: [Finding], _ host: HostObservation) -> Bool {
  guard case .listener(let listener) = finding.subject else { return false }
  let owners = Set(host.owners.owners(of: listener.inode).map(\.process))
  return finding.causes.filter { isTold($0, asLoudlyAs: finding, all) }.contains { cause in
    switch cause.subject {
    case .listener(let other) where other.inode == listener.inode: return true
    case .process(let process) where owners.contains(process.process): return true
    default:
      return all.contains { other in
        other.reference == cause && !other.isFallback
          && other.chain.contains { owners.contains($0.process.process) }
      }
    }
  }
}

extension Finding {
  /// `Behind it 3 requests to 127.0.0.1:8080 have not been answered for up to 7 s.`
  fileprivate var unanswered: String? {
    guard let count = waiting?.requests, count > 0, let oldest = waiting?.oldest,
      case .listener(let listener) = subject
    else { return nil }
    return "Behind it \(Phrase.unanswered(count, to: listener, for: oldest))."
  }
}

/// A cause that is only a notice on its own needs another effect to be heard.
private func isTold(
  _ cause: FindingReference, asLoudlyAs finding: Finding, _ all: [Finding]
) -> Bool {
  all.contains { other in
    !other.isFallback && other.severity >= finding.severity
      && (other.reference == cause || other.causes.contains(cause))
  }
}

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

/// The order in which findings are shown: the worst first, causes before their effects.
enum FindingOrder {
  static func sorted(_ findings: [Finding]) -> [Finding] {
    findings.enumerated().sorted { left, right in
      let (one, other) = (rank(left.element), rank(right.element))
      return one == other ? left.offset < right.offset : one.lexicographicallyPrecedes(other)
    }.map(\.element)
  }

  private static func rank(_ finding: Finding) -> [Int] {
    [-finding.severity.rawValue, finding.isCause ? 0 : 1, -finding.confidence.rawValue]
  }
}

/// Completes the titles of causes that are only a notice on their own: who waits.
enum CauseTitles {
  static func completed(_ findings: [Finding]) -> [Finding] {
    findings.map { cause in
      guard cause.severity == .notice, cause.isCause else { return cause }
      let effects = findings.filter { findings.leads(from: $0.causes, to: cause.reference) }
      guard let ending = ending(of: cause, effects) else { return cause }
      var completed = cause
      completed.title += ending
      return completed
    }
  }

  private static func ending(of cause: Finding, _ effects: [Finding]) -> String? {
    if let stuck = effects.first(where: { $0.severity == .critical }),
      case .listener(let name) = stuck.subject
    {
      return stuck.subject == cause.subject
        ? "; no new connection is accepted until then"
        : ", and \(name.text) accepts no new connections until it goes on"
    }
    guard
      let late = effects.first(where: { $0.severity == .warning && $0.waiting?.requests != nil }),
      case .listener(let name) = late.subject, let count = late.waiting?.requests
    else { return nil }
    return
      ", and \(Phrase.count(count, "request")) to \(name.text) \(count == 1 ? "waits" : "wait")"
  }
}

/// Findings from a single sample, as in a recording of one moment: whether anything moves is not
/// known, so what two samples would make certain is only likely.
enum SingleSample {
  /// One sample proves these: a state, a count at its limit.
  private static let proven: Set<String> = ["process-stopped", "descriptors-exhausted"]

  static func weakened(_ findings: [Finding], in host: HostObservation) -> [Finding] {
    guard host.span == nil else { return findings }
    return findings.map { finding in
      guard finding.severity > .notice, !proven.contains(finding.id) else { return finding }
      var weaker = finding
      weaker.confidence = min(finding.confidence, .likely)
      return weaker
    }
  }

  /// What cannot be known without a second sample.
  static let gap = Gap(
    missing: "what moves and what stands still", reason: "the recording holds only one moment",
    remedy: "record with --samples 2")
}

extension [Finding] {
  /// Whether some findings, or their causes, or the causes of those, include one.
  fileprivate func leads(from start: [FindingReference], to end: FindingReference) -> Bool {
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
