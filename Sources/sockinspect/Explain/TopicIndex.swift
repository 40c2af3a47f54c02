import Diagnosis

/// All topics, and which of them a word on the screen means.
struct TopicIndex {
  let topics: [Topic]
  private let byName: [String: [Int]]

  /// The order is that of groups.
  static let all = TopicIndex(
    Topic.findings + Topic.states + Topic.ownerships + Topic.timers + Topic.listColumns
      + Topic.tcpInfo + Topic.listenColumns + Topic.counterColumns + Topic.words + Topic.terms
      + Topic.keys
      + Topic.counters)

  init(_ topics: [Topic]) {
    self.topics = topics
    var byName: [String: [Int]] = [:]
    for (index, topic) in topics.enumerated() {
      for name in Set(topic.names.map(Self.folded)) { byName[name, default: []].append(index) }
    }
    self.byName = byName
  }

  /// `TIME_WAIT` and `time-wait` are one name.
  static func folded(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" ? "-" : $0 })
  }

  /// The topics of exactly this name, in any spelling.
  func named(_ name: String) -> [Topic] {
    let found = (byName[Self.folded(name)] ?? []).map { topics[$0] }
    return found.isEmpty ? messageTypes(name) : found
  }

  /// `IcmpMsgInType3`: too many to list, known all the same.
  private func messageTypes(_ name: String) -> [Topic] {
    for group in ["IcmpMsg", "Icmp6"] where name.lowercased().hasPrefix(group.lowercased()) {
      let rest = name.dropFirst(group.count).lowercased()
      for way in ["In", "Out"] where rest.hasPrefix("\(way.lowercased())type") {
        let type = rest.dropFirst(way.count + 4)
        if let known = CounterDictionary.description(of: group, "\(way)Type\(type)") {
          return [Topic.counter(known)]
        }
      }
    }
    return []
  }

  /// The right spelling that is nearest; nil when none is near.
  func nearest(to word: String) -> String? {
    let names = topics.flatMap(\.names)
    let folded = names.map(Self.folded)
    guard let near = NearestWord.to(Self.folded(word), among: folded),
      let place = folded.firstIndex(of: near)
    else { return nil }
    return names[place]
  }
}

/// A word as it was copied from the screen, with values in it: `timer:(on,520ms,2)`, `rtt:0.2/0.1`,
/// `skmem:(r0,rb131072,…)`, `(queued)`, `d15`.
struct ScreenWord {
  let text: String

  init(_ text: String) {
    var text = text[...]
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace || last == "," { text = text.dropLast() }
    self.text = String(text)
  }

  /// The topics that it means: as a whole, else by what is left without the values.
  func topics(in index: TopicIndex) -> [Topic] {
    for reading in readings {
      let found = reading.flatMap { index.named($0) }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// Ways to read it, the most literal first; each is one name or several.
  private var readings: [[String]] {
    var readings = [[text]]
    if let open = text.firstIndex(of: "("), open > text.startIndex {
      let name = text[..<open].filter { $0 != ":" }
      readings.append(parts(behind: open) + [String(name)])
    }
    if let colon = text.firstIndex(of: ":"), colon > text.startIndex {
      readings.append([String(text[..<colon])])
    }
    readings.append([String(text.drop { $0 == "(" || $0 == "[" }.prefix(while: isOfWord))])
    if let separator = text.firstIndex(where: { $0 == " " || $0 == "=" }) {
      readings.append([String(text[..<separator])])
    }
    readings.append([String(text.prefix { $0.isLetter })])
    return readings.filter { $0 != [""] }
  }

  private func isOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "-" || character == "_"
  }

  /// Of `timer:(on,520ms,2)` its kind; of `skmem:(…)` all letters are explained with it anyway.
  private func parts(behind open: String.Index) -> [String] {
    guard text.hasPrefix("timer") else { return [] }
    let kind = text[text.index(after: open)...].prefix { $0.isLetter }
    return kind.isEmpty ? [] : [String(kind)]
  }
}
