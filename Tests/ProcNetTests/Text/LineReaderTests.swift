import TestSupport
import Testing

@testable import ProcNet

@Suite("Lines from pieces")
struct LineReaderTests {
  /// The lines of a text that arrives in pieces of this size, and how many were too long.
  private func lines(
    _ text: [UInt8], pieceSize: Int, longest: Int = 1024
  ) throws -> (lines: [[UInt8]], overlong: Int) {
    var reader = LineReader(longest: longest)
    var lines: [[UInt8]] = []
    for start in stride(from: 0, to: text.count, by: pieceSize) {
      let piece = text[start..<min(start + pieceSize, text.count)]
      try reader.take(Array(piece).span) { lines.append($0.copied()) }
    }
    try reader.finish { lines.append($0.copied()) }
    return (lines, reader.overlongLines)
  }

  @Test("a last line without a newline counts", arguments: [1, 2, 3, 100])
  func lastLine(size: Int) throws {
    let text = Array("one\n\nthree\nfour".utf8)
    let expected = ["one", "", "three", "four"].map { Array($0.utf8) }
    #expect(try lines(text, pieceSize: size).lines == expected)
    #expect(try lines(text + [10], pieceSize: size).lines == expected)
    #expect(try lines([], pieceSize: size).lines.isEmpty)
  }

  @Test("an overlong line is counted once and the next one is read", arguments: [1, 4, 5, 6, 100])
  func overlong(size: Int) throws {
    let text = Array("12345\n123456\nab\n1234567890123456789".utf8)
    let result = try lines(text, pieceSize: size, longest: 5)
    #expect(result.lines == ["12345", "ab"].map { Array($0.utf8) })
    #expect(result.overlong == 2)
  }

  @Test("lines are those of the whole text, whatever the pieces", arguments: SeededRandom.seeds(50))
  func property(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let text = (0..<500).map { _ in [10, 65, 66].randomElement(using: &random) ?? UInt8(0) }
    var expected = text.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    if expected.last?.isEmpty == true { expected.removeLast() }
    let size = Int.random(in: 1...40, using: &random)
    #expect(try lines(text, pieceSize: size).lines == expected, "SEED=\(seed)")
  }

  @Test("what the visitor throws comes out")
  func failure() {
    let failure = KernelError("write", "x", .interrupted)
    var reader = LineReader()
    #expect(throws: failure) {
      try reader.take(Array("a\n".utf8).span) { (_) throws(KernelError) in throw failure }
    }
  }
}
