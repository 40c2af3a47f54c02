import ProcNet

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
