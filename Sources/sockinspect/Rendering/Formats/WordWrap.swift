import ProcNet

/// Writes words behind a row, or below it where they do not fit, broken between words.
struct WordWrap {
  let width: Int
  private static let indent = 4

  /// The column that is reached decides whether the first line still fits behind the row. Lines
  /// after the first always stand below it.
  func append(_ words: [UInt8], from column: Int, to writer: inout ByteWriter) {
    let lines = words.split(separator: UInt8(ascii: "\n"))
    for (index, line) in lines.enumerated() {
      let trimmed = Array(line.drop { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") })
      if index == 0, column + DisplayWidth.of(trimmed) <= width {
        writer.append(trimmed)
      } else {
        appendBelow(trimmed, to: &writer)
      }
    }
  }

  private func appendBelow(_ line: [UInt8], to writer: inout ByteWriter) {
    beginLine(&writer)
    var column = Self.indent
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    for (index, word) in words.enumerated() {
      let wide = DisplayWidth.of(Array(word))
      if index > 0, column + 1 + wide > width {
        beginLine(&writer)
        column = Self.indent
      } else if index > 0 {
        writer.append(UInt8(ascii: " "))
        column += 1
      }
      writer.append(Array(word))
      column += wide
    }
  }

  private func beginLine(_ writer: inout ByteWriter) {
    writer.dropTrailing(UInt8(ascii: " "))
    writer.append(UInt8(ascii: "\n"))
    writer.append(UInt8(ascii: " "), times: Self.indent)
  }
}
