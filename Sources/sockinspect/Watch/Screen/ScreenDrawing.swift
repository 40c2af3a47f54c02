import ProcNet

/// What the terminal shows, so that only lines that differ are written.
struct ScreenDrawing {
  private var shown: [[UInt8]] = []
  private var size = (width: 0, height: 0)

  /// Forgets what the terminal shows: somebody else has written to it.
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
      // The rest of a line that was longer. A full line has none: there the cursor still stands
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
