import Foundation
import TestSupport
import Testing

@testable import DemoServers

@Suite("Lines out of pieces")
struct ChatLinesTests {
  @Test("however a text is cut into pieces, the same lines come out", arguments: 0..<30)
  func anyCut(_ round: Int) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    let text = Array(repeatElement("ab\nü\n\nlonger ✓ line\n", count: 50).joined().utf8)
    var lines = ChatLines(longest: .max)
    var found: [[UInt8]] = []
    var rest = text[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...40, using: &random))
      rest = rest.dropFirst(piece.count)
      lines.append(piece)
      while let line = lines.next() { found.append(line) }
    }
    #expect(found.flatMap { $0 } == text, "seed \(seed)")
    #expect(found.allSatisfy { $0.firstIndex(of: 10) == $0.count - 1 }, "seed \(seed)")
    #expect(found.count == 200 && lines.rest() == nil, "seed \(seed)")
  }

  @Test("a line that is too long comes in parts, none of which ends inside a character")
  func longLine() {
    var lines = ChatLines(longest: 8)
    let text = Array("aé✓🙂".utf8)
    var parts: [[UInt8]] = []
    for byte in (0..<20).flatMap({ _ in text }) {
      lines.append([byte])
      while let part = lines.next() { parts.append(part) }
      #expect(lines.count <= 8)
    }
    if let rest = lines.rest() { parts.append(rest) }
    #expect(parts.flatMap { $0 } == (0..<20).flatMap { _ in text })
    #expect(parts.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
  }

  @Test("bytes that are no characters come in parts too")
  func noCharacters() {
    var lines = ChatLines(longest: 8)
    lines.append([UInt8](repeating: 0x80, count: 8)[...])
    #expect(lines.next()?.count == 8)
  }

  @Test("what stands behind the last newline is the rest")
  func rest() {
    var lines = ChatLines(longest: .max)
    lines.append(Array("a\nb".utf8)[...])
    #expect(lines.next() == Array("a\n".utf8))
    #expect(lines.next() == nil)
    #expect(lines.rest() == Array("b".utf8))
    #expect(lines.rest() == nil)
  }
}
