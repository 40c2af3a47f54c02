import ProcNet

/// Prose in the width of a screen, beside a margin with labels. Names in it are made safe.
struct TextPage {
  /// nil: lines are as long as they get.
  let width: Int?
  let palette: Palette
  /// Where text begins beside its label.
  static let margin = 10

  /// A label in the margin and text beside it. Backquotes mark literal words: bold in colour.
  func append(
    _ text: String, label: String = "", tone: Palette.Tone = .plain, from start: Int = 0,
    margin: Int = Self.margin, to writer: inout ByteWriter
  ) {
    let lead = String(repeating: " ", count: start)
    let label = lead + label
    writer.append(palette.start(tone))
    writer.append(label)
    if tone != .plain { writer.append(palette.plain) }
    var column = DisplayWidth.of(label)
    let gap = column < margin ? margin - column : 2
    writer.append(UInt8(ascii: " "), times: gap)
    column += gap
    appendWords(text, from: column, margin: margin, to: &writer)
  }

  /// A paragraph beside no label; its lines after the first may stand further in.
  func appendParagraph(
    _ text: String, indent: Int = 2, hanging: Int = 2, to writer: inout ByteWriter
  ) {
    writer.append(UInt8(ascii: " "), times: indent)
    appendWords(text, from: indent, margin: hanging, to: &writer)
  }

  private func appendWords(
    _ text: String, from start: Int, margin: Int, to writer: inout ByteWriter
  ) {
    var column = start
    let prose = Prose(SafeText.string(text), marks: ["`"])
    for (index, word) in prose.words.enumerated() {
      let wide = word.reduce(0) { $0 + DisplayWidth.of(shown($1)) }
      if index > 0, let width, column + 1 + wide > width {
        writer.append(UInt8(ascii: "\n"))
        writer.append(UInt8(ascii: " "), times: margin)
        column = margin
      } else if index > 0 {
        writer.append(UInt8(ascii: " "))
        column += 1
      }
      for piece in word { append(piece, to: &writer) }
      column += wide
    }
    writer.append(UInt8(ascii: "\n"))
  }

  private func shown(_ piece: Prose.Piece) -> String {
    piece.kind == .plain || palette.isColoured ? piece.text : "`\(piece.text)`"
  }

  private func append(_ piece: Prose.Piece, to writer: inout ByteWriter) {
    let isEmphasized = piece.kind != .plain
    if isEmphasized { writer.append(palette.heading) }
    writer.append(shown(piece))
    if isEmphasized { writer.append(palette.plain) }
  }

  /// A line that is never broken, a command to copy say.
  func appendLine(_ text: String, label: String = "", to writer: inout ByteWriter) {
    let label = "  \(label)"
    writer.append(label)
    writer.append(UInt8(ascii: " "), times: max(Self.margin - label.utf8.count, 1))
    SafeText.append(text, to: &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  func appendBlank(_ writer: inout ByteWriter) { writer.append(UInt8(ascii: "\n")) }
}
