/// Compares the rows of two tools on sockets that may move: the other tool runs before and after.
///
/// A row that the other tool shows both times must be there; a row that it shows neither time must
/// not. So a busy machine does not fail the test, and a quiet one hides nothing.
struct Comparison {
  var before: [String]
  var ours: [String]
  var after: [String]

  /// Empty when the rows agree; each row as often as it is too many or missing.
  var differences: [String] {
    let shown = counts(before).merging(counts(after), uniquingKeysWith: max)
    let lasting = counts(before).reduce(into: [String: Int]()) { lasting, row in
      lasting[row.key] = min(row.value, counts(after)[row.key] ?? 0)
    }
    let mine = counts(ours)
    let missing = lasting.filter { mine[$0.key] ?? 0 < $0.value }.map { "- \($0.key)" }
    let surplus = mine.filter { shown[$0.key] ?? 0 < $0.value }.map { "+ \($0.key)" }
    // Sorted without the sign, so that the two readings of one row stand together.
    return (missing + surplus).sorted { $0.dropFirst(2) < $1.dropFirst(2) }
  }

  private func counts(_ rows: [String]) -> [String: Int] {
    rows.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}

/// The output of a tool as comparable rows: white space and numbers that run with time put aside.
///
/// Netlink sockets are ss's alone: nobody's connection hangs in one.
func rows(_ outcome: Outcome, dropHeader: Bool = false) -> [String] {
  let lines = outcome.text.split(separator: "\n").dropFirst(dropHeader ? 1 : 0)
  return lines.filter { !$0.hasPrefix("nl ") }.map { line in
    line.split { $0 == " " || $0 == "\t" }.map(stilled).joined(separator: " ")
  }
}

/// Names of figures that differ between two looks at one unchanged socket.
private let runningWithTime = [
  "lastsnd:", "lastrcv:", "lastack:", "busy:", "rwnd_limited:", "sndbuf_limited:",
]

/// Replaces the time until a timer, since something happened, and shares of a time.
private func stilled(_ word: Substring) -> String {
  if word.hasPrefix("timer:(") {
    var parts = word.split(separator: ",")
    if parts.count == 3 { parts[1] = "…" }
    return parts.joined(separator: ",")
  }
  return runningWithTime.first { word.hasPrefix($0) }.map { "\($0)…" } ?? String(word)
}
