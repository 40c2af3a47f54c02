import ProcNet

/// Which tables, families and states were chosen, by ss's rules: letters add tables and families,
/// each brings the states it usually shows, and what was left out is completed at the end.
struct TableSelection: Sendable {
  private(set) var netids: NetidSet = []
  private(set) var families: FamilySet = []
  /// States that the chosen tables show without `-a` or `-l`.
  private var usual: StateSet = []
  /// Set by `-a`, `-l` and the first `-A`.
  private var asked: StateSet = []
  private var choseAnything = false
  private var choseByQuery = false

  /// `-t`, `-u`, `-w`, and the words of `-A`.
  mutating func choose(_ chosen: NetidSet) {
    netids.formUnion(chosen)
    usual.formUnion(Self.usualStates(of: chosen))
    choseAnything = true
  }

  /// `-4`, `-6`, `-x`, `-0`, `-f`.
  mutating func choose(_ family: AddressFamily) {
    families.insert(FamilySet(family))
    usual.formUnion(family == .packet ? StateSet(.close) : .usual)
    choseAnything = true
  }

  mutating func askForAllStates() { asked = .all }
  mutating func askForAllStatesUnlessChosen() { if asked.isEmpty { asked = .all } }
  mutating func askForListening() { asked = .listening }
  /// `-B`: only TCP has that state.
  mutating func askForBoundInactive() {
    choose(.tcp)
    asked = StateSet(.boundInactive)
  }

  /// `-A tcp,udp`, `-A all,!unix`.
  mutating func query(_ text: String) throws(UsageError) {
    if !choseByQuery {
      netids = []
      if asked.isEmpty { asked = .usual }
      choseByQuery = true
      choseAnything = true
    }
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let isExcluded = word.hasPrefix("!")
      let tables = try Self.tables(named: String(isExcluded ? word.dropFirst() : word))
      if isExcluded { netids.subtract(tables) } else { choose(tables) }
    }
  }

  /// The selection with everything filled in; the filter's states win over the letters'.
  func resolved(
    filterStates: StateSet?, isSelector: Bool
  ) -> (netids: NetidSet, families: FamilySet, states: StateSet) {
    var netids = choseAnything ? netids : .all
    var families = families
    for netid in Netid.allCases where netids.contains(netid) {
      let own = Self.families(of: netid)
      if families.isDisjoint(with: own) { families.formUnion(own) }
    }
    for family in AddressFamily.allCases where families.contains(family) {
      let own = Self.tables(of: family)
      if netids.isDisjoint(with: own) { netids.formUnion(own) }
    }
    var states = asked.isEmpty ? (choseAnything ? usual : .usual) : asked
    if isSelector, asked.isEmpty { states = .every }
    return (netids, families, filterStates ?? states)
  }

  private static func usualStates(of netids: NetidSet) -> StateSet {
    var states: StateSet = []
    if !netids.isDisjoint(with: [.udp, .raw]) { states.insert(StateSet(.established)) }
    if !netids.isDisjoint(with: [.tcp, .unix]) { states.formUnion(.usual) }
    if !netids.isDisjoint(with: .packet) { states.insert(StateSet(.close)) }
    return states
  }

  private static func families(of netid: Netid) -> FamilySet {
    netid.isInternet ? .internet : netid.isUnix ? .unix : .packet
  }

  private static func tables(of family: AddressFamily) -> NetidSet {
    switch family {
    case .inet, .inet6: .internet
    case .unix: .unix
    case .packet: .packet
    }
  }

  /// ss's table names.
  static let tableNames: [(name: String, tables: NetidSet)] = [
    ("all", .all), ("inet", .internet), ("tcp", .tcp), ("udp", .udp), ("raw", .raw),
    ("unix", .unix), ("unix_stream", .unixStream), ("u_str", .unixStream),
    ("unix_dgram", .unixDatagram), ("u_dgr", .unixDatagram),
    ("unix_seqpacket", .unixSeqpacket), ("u_seq", .unixSeqpacket), ("packet", .packet),
    ("packet_raw", .packetRaw), ("p_raw", .packetRaw), ("packet_dgram", .packetDatagram),
    ("p_dgr", .packetDatagram),
  ]

  private static let foreignTables = [
    "mptcp", "netlink", "dccp", "sctp", "vsock", "vsock_stream", "vsock_dgram", "tipc", "xdp",
  ]

  private static func tables(named name: String) throws(UsageError) -> NetidSet {
    if let known = tableNames.first(where: { $0.name == name.lowercased() }) {
      return known.tables
    }
    if foreignTables.contains(name) {
      throw UsageError("\(name) sockets are not listed by this version")
    }
    let near = NearestWord.to(name, among: tableNames.map(\.name))
    let hint = near.map { "; did you mean \($0)?" } ?? ""
    throw UsageError("unknown table '\(SafeText.string(name))'\(hint)")
  }

  /// `-f FAMILY`.
  static func family(named name: String) throws(UsageError) -> AddressFamily {
    if let family = AddressFamily.allCases.first(where: { $0.name == name }) { return family }
    if ["netlink", "vsock", "tipc", "xdp"].contains(name) {
      throw UsageError("\(name) sockets are not listed by this version")
    }
    let names = AddressFamily.allCases.map(\.name)
    let near = NearestWord.to(name, among: names)
    let hint = near.map { "did you mean \($0)?" } ?? "it is one of inet, inet6, unix, link"
    throw UsageError("unknown family '\(SafeText.string(name))'; \(hint)")
  }
}
