import Testing

extension EndToEnd {
  /// Rows asked for with ss's letters are word for word ss's, white space aside.
  @Suite("In a pipe, rows are ss's", .enabled(if: Tool.has("ss"), "ss is not installed"))
  struct AgainstSS {
    @Test("of every table", arguments: everyTable)
    func tables(_ table: String) throws {
      try expectSameRows(["-OHanp", table])
    }

    @Test(
      "of every table, also without rights over the owners",
      .enabled(if: Tool.canChangeUser, "needs root, nsenter and setpriv"), arguments: everyTable)
    func tablesWithoutRights(_ table: String) throws {
      try expectSameRows(["-OHanpe", table], as: .nobody)
    }

    @Test(
      "with what stands behind the columns",
      arguments: ["e", "m", "i", "o", "em", "io", "poiem"], everyTable)
    func details(_ letters: String, _ table: String) throws {
      try expectSameRows(["-OHan\(letters)", table])
    }

    @Test(
      "in the clusters that people type",
      arguments: [
        "-tlnp", "-tulpn", "-tanp", "-tanpoiemOH", "-Htan", "-Htn4", "-Htn6", "-HOan4", "-HOan6",
        "-Hlnx", "-Hltun", "-Hx", "-Hxa", "-Hn", "-Hna", "-Hnl", "-Hnw", "-Hn0", "-Htunap",
        "-Hn -A tcp,udp", "-Hna -A unix_stream,raw", "-Hna -A inet", "-Hna -f inet6",
        "-Hna -f unix",
        "-Hna -f link", "--no-header --tcp --numeric --all --processes", "-Hxlnp -e -O",
        "-Hntl -4", "-Hnta -f inet", "-Hn -A all -a", "-HnO -A all -a -o -e -m -i -p",
      ])
    func clusters(_ letters: String) throws {
      try expectSameRows(letters.split(separator: " ").map(String.init))
    }

    @Test("for filters", arguments: FilterCase.all)
    func filters(_ filter: FilterCase) throws {
      let zoo = try Zoo()
      try expectSameRows(["-OHn"] + filter.words(for: zoo.catalog), in: zoo)
    }

    @Test("also when the whole filter is one argument")
    func quotedFilter() throws {
      let zoo = try Zoo()
      let port = try zoo.catalog.port("tcp4-listener")
      try expectSameRows(["-OHtan", "( dport = :\(port) or sport = :\(port) )"], in: zoo)
    }
  }
}

/// Runs ss, sockinspect and ss again. Three tries: a timer may fire between two of them.
private func expectSameRows(
  _ options: [String], in given: Zoo? = nil, as user: User = .ourselves,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let zoo = try given ?? Zoo()
  var differences: [String] = []
  for _ in 1...3 {
    let before = try ssRows(options, in: zoo, as: user)
    let ours = try zoo.sockinspect(options, as: user)
    try #require(ours.status == 0, "\(ours)", sourceLocation: sourceLocation)
    differences =
      Comparison(
        before: before, ours: rows(ours, dropHeader: hasHeader(options)),
        after: try ssRows(options, in: zoo, as: user)
      ).differences
    if differences.isEmpty { break }
  }
  #expect(
    differences.isEmpty,
    """
    \(options.joined(separator: " ")) as \(user): - only ss, + only sockinspect
    \(differences.prefix(40).joined(separator: "\n"))
    """, sourceLocation: sourceLocation)
}

private func ssRows(_ options: [String], in zoo: Zoo, as user: User) throws -> [String] {
  let outcome = try zoo.run(["ss"] + options, as: user)
  try #require(outcome.status == 0, "\(outcome)")
  return rows(outcome, dropHeader: hasHeader(options))
}

private func hasHeader(_ options: [String]) -> Bool {
  !options.contains { option in
    option == "--no-header"
      || option.first == "-" && option.dropFirst().first != "-"
        && option.contains("H")
  }
}

/// TCP, UDP, raw, unix, packet.
private let everyTable = ["-t", "-u", "-w", "-x", "-0"]
