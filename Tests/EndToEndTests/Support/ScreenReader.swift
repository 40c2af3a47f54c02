/// A terminal's screen, as far as a full-screen program of ours uses one.
struct ScreenReader {
  private(set) var columns: Int
  /// The size that the terminal has by now, though the program may still draw for the one before.
  private var coming: (columns: Int, rows: Int)?
  private(set) var lines: [[Character]]
  private var row = 0
  private var column = 0
  private var pending: [UInt8] = []
  /// Whether the second screen is shown, and the cursor.
  private(set) var isFullScreen = false
  private(set) var showsCursor = true
  /// How often colours were set, bold and faint included.
  private(set) var colours = 0
  /// Everything that is no text and that we do not know.
  private(set) var strange: [String] = []
  private(set) var bytes = 0

  init(columns: Int, rows: Int) {
    self.columns = columns
    lines = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// Takes effect when the program clears the screen, which it does for each size.
  mutating func resize(columns: Int, rows: Int) { coming = (columns, rows) }

  /// What is to be seen, without blanks at the ends of lines.
  var text: String { lines.map { trimmed($0) }.joined(separator: "\n") }

  private func trimmed(_ line: [Character]) -> String {
    String(line).replacing(#/ +$/#, with: "")
  }

  mutating func take(_ more: [UInt8]) {
    bytes += more.count
    pending += more
    while let (piece, length) = next() {
      pending.removeFirst(length)
      switch piece {
      case .text(let character): put(character)
      case .control(let byte): control(byte)
      case .sequence(let body, let final): obey(body, final)
      }
    }
  }

  private enum Piece { case text(Character), control(UInt8), sequence(String, Character) }

  /// nil when bytes are missing.
  private func next() -> (Piece, Int)? {
    guard let first = pending.first else { return nil }
    if first == 0x1B {
      guard pending.count > 1 else { return nil }
      guard pending[1] == 0x5B else { return (.control(first), 1) }
      guard let end = pending.dropFirst(2).firstIndex(where: { $0 >= 0x40 }) else { return nil }
      let body = String(decoding: pending[2..<end], as: UTF8.self)
      return (.sequence(body, Character(Unicode.Scalar(pending[end]))), end + 1)
    }
    if first < 0x20 || first == 0x7F { return (.control(first), 1) }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard pending.count >= length else { return nil }
    return (.text(Character(String(decoding: pending[..<length], as: UTF8.self))), length)
  }

  private mutating func put(_ character: Character) {
    guard row < lines.count, column < columns else {
      strange.append("text beyond the border")
      return
    }
    lines[row][column] = character
    column += 1
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x0D: column = 0
    case 0x0A: feed()
    default: strange.append("byte \(byte)")
    }
  }

  /// The next line; at the bottom everything moves up.
  private mutating func feed() {
    row += 1
    guard row >= lines.count else { return }
    row = lines.count - 1
    lines.removeFirst()
    lines.append(Array(repeating: " ", count: columns))
  }

  private mutating func obey(_ body: String, _ final: Character) {
    switch (body, final) {
    case ("?1049", "h"), ("?1049", "l"):
      isFullScreen = final == "h"
      clear()
    case ("?25", "h"): showsCursor = true
    case ("?25", "l"): showsCursor = false
    case ("2", "J"): clear()
    case ("", "K"): for place in column..<columns { lines[row][place] = " " }
    case (_, "H"):
      let numbers = body.split(separator: ";").compactMap { Int($0) }
      row = (numbers.first ?? 1) - 1
      column = (numbers.dropFirst().first ?? 1) - 1
    case (_, "m"): if body != "0", body != "7" { colours += 1 }
    default: strange.append("ESC [ \(body) \(final)")
    }
  }

  private mutating func clear() {
    (row, column) = (0, 0)
    let size = coming ?? (columns, lines.count)
    (columns, coming) = (size.columns, nil)
    lines = Array(repeating: Array(repeating: " ", count: columns), count: size.rows)
  }
}
