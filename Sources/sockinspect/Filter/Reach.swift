import ProcNet

/// An upper bound of the sockets that can match: what need not even be listed.
struct Reach: Sendable, Hashable {
  /// Every number, also those that only naming them brings into a listing.
  var states = StateSet(rawValue: .max)
  var families: FamilySet = .all
  var netids: NetidSet = .all

  static let everything = Reach()
  static let nothing = Reach(states: [], families: [], netids: [])

  func union(_ other: Reach) -> Reach {
    Reach(
      states: states.union(other.states), families: families.union(other.families),
      netids: netids.union(other.netids))
  }

  func intersection(_ other: Reach) -> Reach {
    Reach(
      states: states.intersection(other.states), families: families.intersection(other.families),
      netids: netids.intersection(other.netids))
  }
}

extension Expression {
  /// Of an expression with negations inside.
  var reach: Reach {
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
    case .standing(let standing): standing == .timeWait || standing == .handshake
    default: false
    }
  }

  var reach: Reach {
    switch self {
    case .states(let states): Reach(states: states)
    case .families(let families): Reach(families: families)
    case .netids(let netids): Reach(netids: netids)
    case .address(_, let pattern):
      Reach(families: pattern.address.isIPv6 ? .inet6 : .internet, netids: .internet)
    case .port: Reach(families: .internet, netids: .internet)
    case .path, .exactPath: Reach(families: .unix, netids: .unix)
    case .packetProtocol: Reach(families: .packet, netids: .packet)
    case .number(let measure, _, _): measure.reach
    case .standing(let standing): standing.reach
    case .interface, .mark, .cgroup, .autobound, .text: .everything
    }
  }

  var reachWhenNegated: Reach {
    switch self {
    case .states(let states): Reach(states: Reach.everything.states.subtracting(states))
    case .families(let families): Reach(families: FamilySet.all.subtracting(families))
    case .netids(let netids): Reach(netids: NetidSet.all.subtracting(netids))
    default: .everything
    }
  }
}

extension Measure {
  var reach: Reach {
    switch self {
    case .fill:
      Reach(
        states: StateSet(.listen), families: [.internet, .unix],
        netids: [.tcp, .unixStream, .unixSeqpacket])
    case .age, .idle, .field: Reach(families: .internet, netids: .tcp)
    case .receiveQueue, .sendQueue, .drops, .pid, .peerPid, .uid, .inode, .namespace:
      .everything
    }
  }
}

extension Standing {
  var reach: Reach {
    switch self {
    case .timeWait: Reach(states: StateSet(.timeWait), families: .internet, netids: .tcp)
    case .handshake: Reach(states: StateSet(.synReceived), families: .internet, netids: .tcp)
    case .queued, .orphan: Reach(families: .internet, netids: .tcp)
    case .held, .unknown: .everything
    }
  }
}
