import ProcNet

/// Which end of a socket a condition speaks of.
enum SocketEnd: Sendable, Hashable {
  case local, peer

  var addressWord: String { self == .local ? "src" : "dst" }
  var portWord: String { self == .local ? "sport" : "dport" }
}

/// One condition on a socket.
enum Predicate: Sendable, Hashable {
  case states(StateSet)
  case families(FamilySet)
  case netids(NetidSet)
  case address(SocketEnd, AddressPattern)
  /// The comparison is never `!=`: that is written as a negated `=`.
  case port(SocketEnd, Comparison, UInt16)
  /// A unix path, compared without regard to case; an abstract name begins with `@`.
  case path(SocketEnd, Glob)
  /// A unix path exactly.
  case exactPath([UInt8])
  case packetProtocol(UInt16)
  /// By name where the namespace's names are known, else by our namespace's number.
  case interface(index: UInt32, name: [UInt8]?)
  case mark(UInt32, mask: UInt32)
  /// By id where it is known, else by path.
  case cgroup(id: UInt64?, path: [UInt8])
  /// The kernel chose the port or the name.
  case autobound(ClosedRange<UInt16>)
  case ownership(Ownership)
  case number(NumericField, Comparison, Quantity)
  /// `isNegated`: the name is known and another one.
  case text(TextSubject, NamePattern, isNegated: Bool)

  var needs: FilterNeeds {
    switch self {
    case .states, .families, .netids, .address, .port, .path, .exactPath, .packetProtocol,
      .interface, .autobound:
      []
    case .mark: .attributes
    case .cgroup(let id, _): id == nil ? [.attributes, .controlGroup] : .attributes
    case .ownership: .ownership
    case .number(let measure, _, _): measure.needs
    case .text(let subject, _, _): subject.needs
    }
  }

  /// How dear the answer is: what the row itself tells comes first.
  var cost: Int {
    if needs.isEmpty { return 0 }
    if needs.isSubset(of: [.tcp, .memory, .attributes, .userNames]) { return 1 }
    return needs.isDisjoint(with: [.owners, .peerOwners]) ? 2 : 3
  }
}
