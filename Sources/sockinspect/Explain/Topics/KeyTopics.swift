import ProcNet

extension Topic {
  /// Keys of JSON documents: one topic for each name, whatever it stands in.
  static var keys: [Topic] {
    var order: [String] = []
    var places: [String: [JSONKey]] = [:]
    for key in JSONKey.all {
      if places[key.name] == nil { order.append(key.name) }
      places[key.name, default: []].append(key)
    }
    return order.filter { !isColumn($0, places[$0] ?? []) }.map { key($0, places[$0] ?? []) }
  }

  /// The key of a column that says the same; it is explained with that.
  static func key(of column: Column<Socket>) -> Label? {
    let places = JSONKey.all.filter { TopicIndex.folded($0.name) == column.name }
    guard let first = places.first, isColumn(first.name, places) else { return nil }
    return Label(group: .key, name: first.name)
  }

  private static func isColumn(_ name: String, _ places: [JSONKey]) -> Bool {
    guard let column = ColumnSet.sockets[TopicIndex.folded(name)] else { return false }
    return places.allSatisfy { $0.meaning == column.meaning }
  }

  private static func key(_ name: String, _ places: [JSONKey]) -> Topic {
    let meanings = places.map(\.meaning)
    let isOne = Set(meanings).count == 1
    return Topic(
      group: .key, names: [name],
      means: isOne
        ? meanings[0]
        : "A key of several objects: \(places.map(\.object).joined(separator: ", ")).",
      text: isOne
        ? ["It is in: \(places.map(\.object).joined(separator: ", "))."]
        : places.map { "In \($0.object): \($0.meaning)." },
      look: [command(places[0].object)])
  }

  private static func command(_ object: String) -> String {
    switch object.prefix(while: { $0 != "." }) {
    case "listener", "waiting": "sockinspect listen --json --waiting"
    case "counter": "sockinspect counters --json"
    case "topic": "sockinspect explain --json"
    case "summary": "sockinspect -s --json"
    default: "sockinspect --json -ta"
    }
  }
}
