import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// A reader of RFC 4180 that shares nothing with the writer: a machine of three states.
private func readCSV(_ text: String) -> [[String]] {
  enum Place { case plain, quoted, afterQuote }
  var place = Place.plain
  var (rows, row, field): ([[String]], [String], String) = ([], [], "")
  for scalar in text.unicodeScalars {
    switch (place, scalar) {
    case (.quoted, "\""): place = .afterQuote
    case (.quoted, _): field.unicodeScalars.append(scalar)
    case (.plain, "\"") where field.isEmpty: place = .quoted
    case (.afterQuote, "\""):
      field.unicodeScalars.append(scalar)
      place = .quoted
    case (_, ","):
      row.append(field)
      (field, place) = ("", .plain)
    case (_, "\n"):
      rows.append(row + [field])
      (row, field, place) = ([], "", .plain)
    default: field.unicodeScalars.append(scalar)
    }
  }
  return rows
}

@Suite struct CSVQuotingTests {
  /// A column that writes a text as it is, without making it safe first.
  private static func column(_ name: String, _ text: String) -> Column<Socket> {
    .written(name, name, "") { _, _, writer in writer.append(text) }
  }

  private static func csv(_ fields: [String], header: Bool = false) -> String {
    var format = CSVTable(fields.map { column("name", $0) }, showsHeader: header)
    return written { writer in
      format.begin(&writer)
      format.row(Socket(netid: .tcp, family: .inet, state: .listen), RowContext(), &writer)
    }
  }

  @Test("a field is quoted only if it must be, a lone dash is an empty field")
  func spelling() {
    #expect(
      Self.csv(["plain", "a,b", "a\"b", "a\nb", "a\rb", "-", "a-b", "", " x"])
        == "plain,\"a,b\",\"a\"\"b\",\"a\nb\",\"a\rb\",,a-b,, x\n")
  }

  @Test("the heading names the columns")
  func heading() { #expect(Self.csv(["1", "2"], header: true) == "name,name\n1,2\n") }

  @Test("an independent reader gets every field back", arguments: SeededRandom.seeds(3))
  func readBack(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let letters: [Character] = ["a", "ü", ",", "\"", "\n", "\r", " ", "\\", "'", ";"]
    for _ in 0..<1000 {
      let fields = (0..<4).map { _ in
        String(
          (0..<Int.random(in: 0...6, using: &random)).map { _ in
            letters[Int.random(in: 0..<letters.count, using: &random)]
          })
      }
      #expect(readCSV(Self.csv(fields)) == [fields], "SEED=\(seed)")
    }
  }
}
