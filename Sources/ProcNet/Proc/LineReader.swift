/// Turns the pieces in which a file arrives into its lines, without an allocation per line.
///
/// A line inside one piece is visited where it lies; only a line that begins in one piece and ends
/// in another is put together in a small buffer. A last line without a newline counts.
struct LineReader {
  /// Lines with more bytes than this are not visited but counted.
  let longest: Int
  private(set) var overlongLines = 0
  private var carried: [UInt8] = []
  private var isOverlong = false

  private static let newline: UInt8 = 10

  init(longest: Int = 1024) { self.longest = longest }

  /// Visits every line that ends in this piece, without its newline; keeps what is left.
  mutating func take(
    _ piece: Span<UInt8>, _ visit: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    var start = 0
    while let end = piece.firstOffset(of: Self.newline, from: start) {
      try close(piece.extracting(start..<end), visit)
      start = end + 1
    }
    keep(piece.extracting(start..<piece.count))
  }

  /// Visits the last line when the file did not end with a newline.
  mutating func finish(
    _ visit: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    guard isOverlong || !carried.isEmpty else { return }
    try close([UInt8]().span, visit)
  }

  private mutating func close(
    _ tail: Span<UInt8>, _ visit: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    defer { startLine() }
    guard !isOverlong, carried.count + tail.count <= longest else {
      overlongLines += 1
      return
    }
    if carried.isEmpty { return try visit(tail) }
    keep(tail)
    try visit(carried.span)
  }

  private mutating func keep(_ part: Span<UInt8>) {
    if carried.count + part.count > longest { isOverlong = true }
    if !isOverlong && !part.isEmpty { part.append(to: &carried) }
  }

  private mutating func startLine() {
    isOverlong = false
    if !carried.isEmpty { carried.removeAll(keepingCapacity: true) }
  }
}

extension Span<UInt8> {
  /// Where a byte stands first, from an offset on.
  func firstOffset(of byte: UInt8, from start: Int) -> Int? {
    var offset = start
    while offset < count {
      if self[offset] == byte { return offset }
      offset += 1
    }
    return nil
  }
}

extension Span<UInt8> {
  /// Visits the lines of a text that is here as a whole.
  func forEachLine(_ visit: (Span<UInt8>) -> Void) {
    var start = 0
    while start < count {
      let end = firstOffset(of: 10, from: start) ?? count
      visit(extracting(start..<end))
      start = end + 1
    }
  }

  /// The bytes as text; what is not UTF-8 is replaced.
  var text: String { String(decoding: copied(), as: UTF8.self) }
}
