import ProcNet

/// The names of states and of groups of states, ss's and those on the screen.
enum StateNames {
  /// Names as the manual lists them, with what they stand for; the first of several names for one
  /// set is the one that a filter is printed with.
  static let table: [(name: String, states: StateSet)] = [
    ("established", StateSet(.established)), ("estab", StateSet(.established)),
    ("syn-sent", StateSet(.synSent)),
    ("syn-recv", StateSet(.synReceived)), ("syn-rcv", StateSet(.synReceived)),
    ("fin-wait-1", StateSet(.finWait1)), ("fin-wait-2", StateSet(.finWait2)),
    ("time-wait", StateSet(.timeWait)),
    ("unconnected", StateSet(.close)), ("unconn", StateSet(.close)),
    ("closed", StateSet(.close)), ("close", StateSet(.close)),
    ("close-wait", StateSet(.closeWait)), ("last-ack", StateSet(.lastAck)),
    ("listening", StateSet(.listen)), ("listen", StateSet(.listen)),
    ("closing", StateSet(.closing)),
    ("bound-inactive", StateSet(.boundInactive)), ("bound", StateSet(.boundInactive)),
    ("all", .all), ("connected", .connected),
    ("synchronized", .connected.subtracting(StateSet(.synSent))),
    ("bucket", [StateSet(.synReceived), StateSet(.timeWait)]),
    ("big", .all.subtracting([StateSet(.synReceived), StateSet(.timeWait)])),
  ]

  /// `time-wait`, `TIME_WAIT` and `timewait` are one name.
  static func states(named word: String) -> StateSet? {
    let plain = plain(word)
    return table.first { Self.plain($0.name) == plain }?.states
  }

  static func nearest(to word: String) -> String? {
    NearestWord.to(word, among: table.map(\.name))
  }

  /// The words of a filter that stand for the set.
  static func words(for states: StateSet) -> String {
    if let known = table.first(where: { $0.states == states }) { return "state \(known.name)" }
    let excluded = StateSet.all.subtracting(states)
    if states.isSubset(of: .all), let name = table.first(where: { $0.states == excluded })?.name {
      return "exclude \(name)"
    }
    let single = table.filter { $0.states.isSingle && states.isSuperset(of: $0.states) }
    var seen: StateSet = []
    return single.filter { seen.insert($0.states).inserted }.map { "state \($0.name)" }
      .joined(separator: " ")
  }

  private static func plain(_ word: String) -> String {
    String(word.lowercased().filter { $0 != "-" && $0 != "_" })
  }
}

/// Words for kinds of sockets, after `netid`.
enum NetidNames {
  static let table: [(name: String, netids: NetidSet)] =
    Netid.allCases.map { ($0.name, NetidSet($0)) } + [
      ("unix", .unix), ("packet", .packet), ("inet", .internet),
    ]

  static func netids(named word: String) -> NetidSet? {
    table.first { $0.name == word.lowercased() }?.netids
  }

  static func name(of netids: NetidSet) -> String {
    table.first { $0.netids == netids }?.name ?? "\(netids.rawValue)"
  }
}

/// Words for families, after `family` and before a colon.
enum FamilyNames {
  static let table: [(name: String, families: FamilySet)] = [
    ("inet", .inet), ("inet6", .inet6), ("unix", .unix), ("link", .packet), ("packet", .packet),
    ("ipv4", .inet), ("ipv6", .inet6),
  ]

  static func families(named word: String) -> FamilySet? {
    table.first { $0.name == word.lowercased() }?.families
  }

  static func name(of families: FamilySet) -> String {
    table.first { $0.families == families }?.name ?? "\(families.rawValue)"
  }
}

/// Names of ethernet protocols (`ETH_P_*` of `linux/if_ether.h`) as people and ss write them.
enum PacketProtocolNames {
  static let table: [(String, UInt16)] = [
    ("all", 0x0003), ("ip", 0x0800), ("ipv4", 0x0800), ("arp", 0x0806), ("rarp", 0x8035),
    ("ipv6", 0x86DD), ("802.1q", 0x8100), ("802.1ad", 0x88A8), ("802_2", 0x0004),
    ("802_3", 0x0001), ("mpls_uc", 0x8847), ("mpls_mc", 0x8848), ("ppp_disc", 0x8863),
    ("ppp_ses", 0x8864), ("aoe", 0x88A2), ("lldp", 0x88CC), ("loop", 0x0060), ("x25", 0x0805),
    ("802.1x", 0x888E), ("pae", 0x888E), ("ptp", 0x88F7), ("fcoe", 0x8906), ("tipc", 0x88CA),
    ("can", 0x000C), ("canfd", 0x000D), ("loopback", 0x9000),
  ]

  static func number(of word: String) -> UInt16? {
    let name = word.lowercased()
    return table.first { $0.0 == name }?.1 ?? AddressReader.unsigned(name, UInt16.self)
  }
}
