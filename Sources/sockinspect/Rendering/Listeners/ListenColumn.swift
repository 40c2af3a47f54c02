import ProcNet

/// One column of `listen`: described once, used by every format, `--list-columns`, `--sort` and the
/// manual.
struct ListenColumn: Sendable {
  /// As typed after `--columns`, the heading of CSV, and in JSON with underscores.
  let name: String
  /// The heading of the table.
  let header: String
  /// What it shows, in a few words.
  let meaning: String
  let isRightAligned: Bool
  /// Whether processes have to be looked at.
  let needsOwners: Bool
  let value: @Sendable (ListenRow, any SocketContext) -> ListenValue

  init(
    _ name: String, _ header: String, _ meaning: String, right: Bool = false,
    owners: Bool = false, value: @escaping @Sendable (ListenRow, any SocketContext) -> ListenValue
  ) {
    self.name = name
    self.header = header
    self.meaning = meaning
    isRightAligned = right
    needsOwners = owners
    self.value = value
  }

  static func number(
    _ name: String, _ header: String, _ meaning: String,
    _ value: @escaping @Sendable (ListenRow) -> ListenValue
  ) -> ListenColumn {
    ListenColumn(name, header, meaning, right: true) { row, _ in value(row) }
  }
}

extension ListenColumn {
  /// Every column there is.
  static let all: [ListenColumn] = placeColumns + queueColumns + historyColumns + holderColumns

  static func named(_ name: String) -> ListenColumn? { all.first { $0.name == name } }

  /// What programs can use as it is.
  static let usualInCSV = [
    "netid", "netns", "local", "shard", "shards", "length", "limit", "full", "oldest", "median",
    "p90", "abandoned", "unread", "syn", "drops", "drop-rate", "estab", "close-wait", "inode",
    "uid", "cookie", "service", "container", "pid", "owners",
  ]

  /// `--columns`; `+` adds to the usual ones.
  static func read(_ text: String?, usual: [String]) throws(UsageError) -> [ListenColumn] {
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
  ) throws(UsageError) -> (column: ListenColumn, isDescending: Bool) {
    let isDescending = text.hasPrefix("-")
    return (try column(isDescending ? String(text.dropFirst()) : text), isDescending)
  }

  private static func column(_ name: String) throws(UsageError) -> ListenColumn {
    let plain = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    if let column = named(plain) { return column }
    let near = NearestWord.to(name, among: all.map(\.name))
    let hint = near.map { "did you mean \($0)?" } ?? "listen --list-columns lists them all"
    throw UsageError("unknown column '\(SafeText.string(name))'; \(hint)")
  }
}
