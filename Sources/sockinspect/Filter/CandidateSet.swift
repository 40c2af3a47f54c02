import ProcNet

/// An upper bound of the sockets that can match: what need not even be listed.
struct CandidateSet: Sendable, Hashable {
  /// Every number, also those that only naming them brings into a listing.
  var states = StateSet(rawValue: .max)
  var families: FamilySet = .all
  var netids: NetidSet = .all

  private static let everything = CandidateSet()
  private static let nothing = CandidateSet(states: [], families: [], netids: [])
  private static let tcp = CandidateSet(families: .internet, netids: .tcp)

  /// Of an expression with negations inside.
  static func of(_ expression: Expression) -> CandidateSet {
    switch expression {
    case .all(let parts): parts.reduce(everything) { $0.intersection(of($1)) }
    case .any(let parts): parts.reduce(nothing) { $0.union(of($1)) }
    case .not(.holds(let predicate)): notOf(predicate)
    case .not: everything
    case .holds(let predicate): of(predicate)
    }
  }

  private func union(_ other: CandidateSet) -> CandidateSet {
    CandidateSet(
      states: states.union(other.states), families: families.union(other.families),
      netids: netids.union(other.netids))
  }

  private func intersection(_ other: CandidateSet) -> CandidateSet {
    CandidateSet(
      states: states.intersection(other.states), families: families.intersection(other.families),
      netids: netids.intersection(other.netids))
  }

  private static func of(_ predicate: Predicate) -> CandidateSet {
    switch predicate {
    case .states(let states): CandidateSet(states: states)
    case .families(let families): CandidateSet(families: families)
    case .netids(let netids): CandidateSet(netids: netids)
    case .address(_, let pattern):
      CandidateSet(families: pattern.address.isIPv6 ? .inet6 : .internet, netids: .internet)
    case .port: CandidateSet(families: .internet, netids: .internet)
    case .path, .exactPath: CandidateSet(families: .unix, netids: .unix)
    case .packetProtocol: CandidateSet(families: .packet, netids: .packet)
    case .number(let field, _, _): of(field)
    case .ownership(let ownership): of(ownership)
    case .interface, .mark, .cgroup, .autobound, .text: everything
    }
  }

  private static func notOf(_ predicate: Predicate) -> CandidateSet {
    switch predicate {
    case .states(let states): CandidateSet(states: everything.states.subtracting(states))
    case .families(let families): CandidateSet(families: FamilySet.all.subtracting(families))
    case .netids(let netids): CandidateSet(netids: NetidSet.all.subtracting(netids))
    default: everything
    }
  }

  private static func of(_ field: NumericField) -> CandidateSet {
    switch field {
    case .fill:
      CandidateSet(
        states: StateSet(.listen), families: [.internet, .unix],
        netids: [.tcp, .unixStream, .unixSeqpacket])
    case .age, .idle, .field: tcp
    case .recvQ, .sendQ, .drops, .pid, .peerPid, .uid, .inode, .namespace: everything
    }
  }

  private static func of(_ ownership: Ownership) -> CandidateSet {
    switch ownership {
    case .timeWait: CandidateSet(states: StateSet(.timeWait), families: .internet, netids: .tcp)
    case .handshake: CandidateSet(states: StateSet(.synReceived), families: .internet, netids: .tcp)
    case .queued, .orphan: tcp
    case .held, .unknown: everything
    }
  }
}
