import Diagnosis
import ProcNet

/// One column of `counters`: described once, used by the table, CSV, `--list-columns`, `--sort`,
/// `explain` and the manual.
struct CounterColumn: Sendable {
  let name: String
  let header: String
  let meaning: String
  let isRightAligned: Bool
  let value: @Sendable (CounterRow) -> CounterValue

  init(
    _ name: String, _ header: String, _ meaning: String, right: Bool = false,
    value: @escaping @Sendable (CounterRow) -> CounterValue
  ) {
    self.name = name
    self.header = header
    self.meaning = meaning
    isRightAligned = right
    self.value = value
  }

  /// Every column there is.
  static let all: [CounterColumn] = [
    CounterColumn("netns", "Netns", "network namespace: name, or inode number") { row in
      if let name = row.place.name { return .name(name) }
      return row.place.inode == 0 ? .unknown : .words(String(row.place.inode))
    },
    CounterColumn("name", "Name", "group and name of the counter, as nstat spells it") {
      .name($0.counter.fullName)
    },
    CounterColumn("group", "Group", "group of the counter: TcpExt, Tcp, Udp …") {
      .name($0.counter.group)
    },
    CounterColumn("value", "Value", "what it is now; counters rise from 0", right: true) {
      .number($0.counter.value)
    },
    CounterColumn("delta", "Delta", "what changed in the interval", right: true) { row in
      row.delta.map { .change($0) } ?? .unknown
    },
    CounterColumn("per-second", "Per second", "the same per second", right: true) { row in
      row.rate.map { .rate($0) } ?? .unknown
    },
    CounterColumn("interval", "Interval", "milliseconds between the two looks", right: true) {
      .number(($0.change?.interval).map { Int128($0) })
    },
    CounterColumn("kind", "Kind", "counter, level (goes up and down) or setting") {
      .words($0.kind.rawValue)
    },
    CounterColumn("meaning", "Meaning", "of a counter: rises each time … ; else what it is") {
      .words($0.meaning)
    },
  ]

  static func named(_ name: String) -> CounterColumn? { all.first { $0.name == name } }

  /// `--columns`; `+` adds to the usual ones.
  static func read(_ text: String?, usual: [String]) throws(UsageError) -> [CounterColumn] {
    guard let text else { return usual.compactMap(named) }
    var chosen = text.hasPrefix("+") ? usual.compactMap(named) : []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      chosen.append(try column(String(word.hasPrefix("+") ? word.dropFirst() : word)))
    }
    return chosen
  }

  /// `--sort`.
  static func readSort(
    _ text: String
  ) throws(UsageError) -> (column: CounterColumn, isDescending: Bool) {
    let isDescending = text.hasPrefix("-")
    return (try column(isDescending ? String(text.dropFirst()) : text), isDescending)
  }

  private static func column(_ name: String) throws(UsageError) -> CounterColumn {
    let plain = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    if let column = named(plain) { return column }
    let near = NearestWord.to(name, among: all.map(\.name))
    let hint = near.map { "did you mean \($0)?" } ?? "counters --list-columns lists them all"
    throw UsageError("unknown column '\(SafeText.string(name))'; \(hint)")
  }
}
