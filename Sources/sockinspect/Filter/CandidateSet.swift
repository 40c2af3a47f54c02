import ProcNet

/// An upper bound of the sockets that can match: what need not even be listed.
struct CandidateSet: Sendable, Hashable {
  /// Every number, also those that only naming them brings into a listing.
  var states = StateSet(rawValue: .max)
  var families: FamilySet = .all
  var netids: NetidSet = .all

  static let everything = CandidateSet()
  static let nothing = CandidateSet(states: [], families: [], netids: [])

  func union(_ other: CandidateSet) -> CandidateSet {
    CandidateSet(
      states: states.union(other.states), families: families.union(other.families),
      netids: netids.union(other.netids))
  }

  func intersection(_ other: CandidateSet) -> CandidateSet {
    CandidateSet(
      states: states.intersection(other.states), families: families.intersection(other.families),
      netids: netids.intersection(other.netids))
  }
}

extension Expression {
  /// Of an expression with negations inside.
  var reach: CandidateSet {
    switch self {
    case .all(let parts): parts.reduce(.everything) { $0.intersection($1.reach) }
    case .any(let parts): parts.reduce(.nothing) { $0.union($1.reach) }
    case .not(.holds(let predicate)): predicate.reachWhenNegated
    case .not: .everything
    case .holds(let predicate): predicate.reach
    }
  }

  /// Whether somebody who wrote this has chosen states, so that no default should.
  var speaksOfStates: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains { $0.speaksOfStates }
    case .not(let part): part.speaksOfStates
    case .holds(let predicate): predicate.speaksOfStates
    }
  }
}

extension Expression {
  /// Every state that is named somewhere.
  var namedStates: StateSet {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce([]) { $0.union($1.namedStates) }
    case .not(let part): part.namedStates
    case .holds(.states(let states)): states
    case .holds: []
    }
  }
}

extension Predicate {
  var speaksOfStates: Bool {
    switch self {
    case .states, .number(.fill, _, _): true
    case .ownership(let ownership): ownership == .timeWait || ownership == .handshake
    default: false
    }
  }

  var reach: CandidateSet {
    switch self {
    case .states(let states): CandidateSet(states: states)
    case .families(let families): CandidateSet(families: families)
    case .netids(let netids): CandidateSet(netids: netids)
    case .address(_, let pattern):
      CandidateSet(families: pattern.address.isIPv6 ? .inet6 : .internet, netids: .internet)
    case .port: CandidateSet(families: .internet, netids: .internet)
    case .path, .exactPath: CandidateSet(families: .unix, netids: .unix)
    case .packetProtocol: CandidateSet(families: .packet, netids: .packet)
    case .number(let measure, _, _): measure.reach
    case .ownership(let ownership): ownership.reach
    case .interface, .mark, .cgroup, .autobound, .text: .everything
    }
  }

  var reachWhenNegated: CandidateSet {
    switch self {
    case .states(let states):
      CandidateSet(states: CandidateSet.everything.states.subtracting(states))
    case .families(let families): CandidateSet(families: FamilySet.all.subtracting(families))
    case .netids(let netids): CandidateSet(netids: NetidSet.all.subtracting(netids))
    default: .everything
    }
  }
}

extension NumericField {
  var reach: CandidateSet {
    switch self {
    case .fill:
      CandidateSet(
        states: StateSet(.listen), families: [.internet, .unix],
        netids: [.tcp, .unixStream, .unixSeqpacket])
    case .age, .idle, .field: CandidateSet(families: .internet, netids: .tcp)
    case .receiveQueue, .sendQueue, .drops, .pid, .peerPid, .uid, .inode, .namespace:
      .everything
    }
  }
}

extension Ownership {
  var reach: CandidateSet {
    switch self {
    case .timeWait: CandidateSet(states: StateSet(.timeWait), families: .internet, netids: .tcp)
    case .handshake: CandidateSet(states: StateSet(.synReceived), families: .internet, netids: .tcp)
    case .queued, .orphan: CandidateSet(families: .internet, netids: .tcp)
    case .held, .unknown: .everything
    }
  }
}
