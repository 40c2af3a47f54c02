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
