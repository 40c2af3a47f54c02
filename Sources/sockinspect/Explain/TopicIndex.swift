import Diagnosis

/// All topics, and which of them a word on the screen means.
struct TopicIndex {
  let topics: [Topic]
  private let byName: [String: [Int]]

  /// The order is that of groups.
  static let all = TopicIndex(
    Topic.findings + Topic.states + Topic.ownerships + Topic.timers + Topic.listColumns
      + Topic.tcpInfo + Topic.listenColumns + Topic.counterColumns + Topic.words + Topic.keys
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
