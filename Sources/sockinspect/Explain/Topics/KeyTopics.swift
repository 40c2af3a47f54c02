import ProcNet

extension Topic {
  /// Keys of JSON documents: one topic for each name, whatever it stands in.
  static var keys: [Topic] {
    var order: [String] = []
    var places: [String: [JSONObject.Place]] = [:]
    // The fields of tcp_info have topics of their own.
    for place in JSONObject.places where place.object != "socket.tcp" {
      if places[place.key.name] == nil { order.append(place.key.name) }
      places[place.key.name, default: []].append(place)
    }
    return order.filter { !isColumn($0, places[$0] ?? []) }.map { key($0, places[$0] ?? []) }
  }

  /// The key of a column that says the same; it is explained with that.
  static func key(of column: Column<Socket>) -> Label? {
    let places = JSONObject.places.filter { TopicIndex.folded($0.key.name) == column.name }
    guard let first = places.first?.key, isColumn(first.name, places) else { return nil }
    return Label(group: .key, name: first.name)
  }

  private static func isColumn(_ name: String, _ places: [JSONObject.Place]) -> Bool {
    guard let column = ColumnSet.sockets[TopicIndex.folded(name)] else { return false }
    return places.allSatisfy { $0.key.meaning == column.meaning }
  }

  private static func key(_ name: String, _ places: [JSONObject.Place]) -> Topic {
    let objects = places.map(\.object).joined(separator: ", ")
    let first = places[0].key
    let isOne = places.allSatisfy { $0.key.meaning == first.meaning }
    return Topic(
      group: .key, names: [name],
      means: isOne ? Prose.sentence(first.meaning) : "A key of several objects: \(objects).",
      text: isOne
        ? (first.detail.map { [$0] } ?? []) + ["It is in: \(objects)."]
        : places.map { place in
          "In \(place.object): \(place.key.meaning)." + (place.key.detail.map { " \($0)" } ?? "")
        },
      sections: isOne
        ? first.words.map { Section(title: $0.word, lines: [Prose.sentence($0.meaning)]) } : [],
      look: [command(places[0].object)])
  }

  private static func command(_ object: String) -> String {
    switch object.prefix(while: { $0 != "." }) {
    case "listener", "waiting": "sockinspect listen --json --waiting"
    case "counter": "sockinspect counters --json"
    case "topic": "sockinspect explain --json"
    case "summary": "sockinspect -s --json"
    case "scenario": "sockinspect demo --list --json"
    case "held_scenario": "sockinspect demo serial-blocked --hold"
    case "load_report", "durations": "sockinspect help load"
    case "finding", "root", "subject", "evidence", "chain_link": "sockinspect diagnose --json"
    case "finding_kind": "sockinspect diagnose --list-findings --json"
    default: "sockinspect --json -ta"
    }
  }
}
