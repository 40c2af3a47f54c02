import ProcNet

/// How the screen may be written on.
struct ScreenStyle: Equatable {
  var width: Int
  var height: Int
  var isColoured: Bool
  /// Whether the locale has more than ASCII.
  var isUnicode: Bool

  var palette: Palette { Palette(isColoured: isColoured) }

  /// Below this nothing sensible fits.
  static let leastWidth = 30
  static let leastHeight = 6
  var isTooSmall: Bool { width < Self.leastWidth || height < Self.leastHeight }
}

/// One line of the screen under construction, which never gets wider than the screen.
struct ScreenLine {
  let style: ScreenStyle
  private let isSelected: Bool
  private(set) var bytes: [UInt8] = []
  /// Columns used.
  private(set) var width = 0
  private var isCut = false

  init(_ style: ScreenStyle, isSelected: Bool = false) {
    self.style = style
    self.isSelected = isSelected && style.isColoured
    if self.isSelected { bytes += Array("\u{1b}[7m".utf8) }
  }

  /// Text that is safe to look at already (our own words, or what SafeText has passed).
  mutating func add(_ text: String, _ tone: Palette.Tone = .plain) {
    add(text, start: isSelected ? "" : style.palette.start(tone))
  }

  mutating func addHeading(_ text: String) {
    add(text, start: isSelected ? "" : style.palette.heading)
  }

  private mutating func add(_ text: String, start: StaticString) {
    guard !isCut, !text.isEmpty else { return }
    append(start)
    for scalar in text.unicodeScalars { append(scalar) }
    if start.utf8CodeUnitCount > 0 { append(style.palette.plain) }
  }

  /// Text that is cut with a mark where the screen ends.
  mutating func addCut(_ text: String, _ tone: Palette.Tone = .plain) {
    add(ScreenText.cut(text, to: room, isUnicode: style.isUnicode), tone)
  }

  /// A sentence, which is cut between words.
  mutating func add(sentence text: String, _ tone: Palette.Tone = .plain) {
    add(ScreenText.cut(words: text, to: room, isUnicode: style.isUnicode), tone)
  }

  private var room: Int { max(style.width - width, 0) }

  /// Text with our own colours in it: other escapes are left out.
  mutating func add(styled text: String) {
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1b}" else {
        append(scalar)
        continue
      }
      let inside = rest.dropFirst().prefix { ("0"..."9").contains($0) || $0 == ";" }
      guard rest.first == "[", inside.endIndex < rest.endIndex, rest[inside.endIndex] == "m" else {
        continue
      }
      bytes += [0x1B, UInt8(ascii: "[")]
      bytes += inside.map { UInt8(truncatingIfNeeded: $0.value) } + [UInt8(ascii: "m")]
      rest = rest[(inside.endIndex + 1)...]
    }
  }

  /// Another line, of a narrower screen.
  mutating func add(_ other: ScreenLine) {
    bytes += other.finished
    width += other.isSelected ? other.style.width : other.width
  }

  /// In a field of a number of columns, cut to it.
  mutating func add(
    _ text: String, _ tone: Palette.Tone = .plain, field: Int, isRight: Bool = false
  ) {
    let text = ScreenText.cut(text, to: field, isUnicode: style.isUnicode)
    let blanks = field - DisplayWidth.of(text)
    if isRight { space(blanks) }
    add(text, tone)
    if !isRight { space(blanks) }
  }

  /// A sparkline: events stand out.
  mutating func add(_ cells: [Sparkline.Cell]) {
    var rest = cells[...]
    while let first = rest.first {
      let tone = Self.tone(first)
      let run = rest.prefix { Self.tone($0) == tone }
      add(Sparkline.text(Array(run), isUnicode: style.isUnicode), tone)
      rest = rest.dropFirst(run.count)
    }
  }

  private static func tone(_ cell: Sparkline.Cell) -> Palette.Tone {
    switch cell {
    case .event: .alarm
    case .level(7): .attention
    case .level(0): .faint
    default: .plain
    }
  }

  mutating func space(_ count: Int) {
    let count = min(count, style.width - width)
    guard count > 0 else { return }
    bytes += [UInt8](repeating: 0x20, count: count)
    width += count
  }

  /// At the right border, where it fits behind what is there.
  mutating func addAtRight(_ text: String, _ tone: Palette.Tone = .plain) {
    let blanks = style.width - width - DisplayWidth.of(text)
    guard blanks > 0 else { return }
    space(blanks)
    add(text, tone)
  }

  /// Whether it is as wide as the screen.
  var isFull: Bool { isSelected || width >= style.width }

  /// What is written to the terminal.
  var finished: [UInt8] {
    guard isSelected else { return bytes }
    var line = self
    line.space(style.width)
    return line.bytes + Array("\u{1b}[0m".utf8)
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe bytes += Array($0) }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    guard !isCut else { return }
    // Nearly everything: one byte, one column.
    if scalar.isASCII, width < style.width {
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      width += 1
      return
    }
    let scalar = style.isUnicode ? scalar : ScreenText.plain(scalar)
    let encoded = Array(String(Character(scalar)).utf8)
    let columns = DisplayWidth.of(encoded)
    guard width + columns <= style.width else {
      isCut = true
      return
    }
    bytes += encoded
    width += columns
  }
}

/// Text cut and simplified to what a screen can show.
enum ScreenText {
  /// What is shown where the locale has only ASCII.
  static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case _ where scalar.isASCII: scalar
    case "×": "x"
    case "…": "~"
    case "→": ">"
    case "│": "|"
    case "─": "-"
    case "█": "#"
    case "░": "."
    case "·": "-"
    default: "?"
    }
  }

  /// Lines of at most a number of columns, broken between words; those after the first are set in.
  static func wrapped(_ text: String, to width: Int, indent: Int = 2) -> [String] {
    let lines = WrappedText.lines(text, width: max(width - indent, 1))
    return lines.enumerated().map { number, line in
      number == 0 ? line : String(repeating: " ", count: indent) + line
    }
  }

  /// Cut text ends in a mark.
  static func cut(_ text: String, to field: Int, isUnicode: Bool) -> String {
    // No character takes more columns than bytes.
    guard text.utf8.count > field, DisplayWidth.of(text) > field else { return text }
    guard field > 0 else { return "" }
    var kept = String.UnicodeScalarView()
    var width = 0
    for scalar in text.unicodeScalars {
      let columns = DisplayWidth.of(String(Character(scalar)))
      if width + columns > field - 1 { break }
      kept.append(scalar)
      width += columns
    }
    kept.append(isUnicode ? "…" : "~")
    return String(kept)
  }

  /// The same between words: only a word that stands alone is cut itself.
  static func cut(words text: String, to field: Int, isUnicode: Bool) -> String {
    let cut = cut(text, to: field, isUnicode: isUnicode)
    guard cut != text, let mark = cut.last, let end = cut.lastIndex(of: " "),
      text.dropFirst(cut.count - 1).first != " ", cut[..<end].contains(where: { $0 != " " })
    else { return cut }
    return String(cut[...end]) + String(mark)
  }
}

/// What the terminal shows, so that only lines that differ are written.
struct ScreenDrawing {
  private var shown: [[UInt8]] = []
  private var size = (width: 0, height: 0)

  /// Forgets what the terminal shows: another program has written to it.
  mutating func forget() { shown = [] }

  /// Adds to `writer` what turns the picture that is shown into this one; nothing when it is the
  /// same.
  mutating func draw(_ picture: [ScreenLine], _ style: ScreenStyle, to writer: inout ByteWriter) {
    if shown.isEmpty || size != (style.width, style.height) {
      writer.append("\u{1b}[0m\u{1b}[2J")
      shown = [[UInt8]](repeating: [], count: style.height)
      size = (style.width, style.height)
    }
    for number in 0..<style.height {
      let line = number < picture.count ? picture[number] : ScreenLine(style)
      let bytes = line.finished
      guard bytes != shown[number] else { continue }
      move(to: number, &writer)
      writer.append(bytes)
      // The rest of a line that was longer. A full line has none: there the cursor is still
      // on the last column, which would be cleared.
      if !line.isFull { writer.append("\u{1b}[K") }
      shown[number] = bytes
    }
  }

  private func move(to line: Int, _ writer: inout ByteWriter) {
    writer.append("\u{1b}[")
    writer.append(decimal: line + 1)
    writer.append(";1H")
  }
}
