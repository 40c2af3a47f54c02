import TestSupport
import Testing

@testable import DemoServers

@Suite("A reader of messages") struct MessageReaderTests {
  @Test("finds the same messages however the bytes are cut", arguments: SeededRandom.seeds(1))
  func anyCut(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let messages = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        Self.message(&random)
      }
      let bytes = messages.flatMap(\.utf8)
      #expect(Self.read(bytes, &random) == messages, "SEED=\(seed)")
    }
  }

  @Test("finds many messages in one piece")
  func manyInOne() {
    var reader = MessageReader()
    reader.append(Array("a\n\nb\r\nc".utf8)[...])
    #expect(reader.next() == Array("a\n".utf8))
    #expect(reader.next() == Array("\n".utf8))
    #expect(reader.next() == Array("b\r\n".utf8))
    #expect(reader.next() == nil)
    #expect(reader.rest() == Array("c".utf8))
    #expect(reader.rest() == nil)
  }

  @Test("puts a character together that was cut in the middle")
  func cutCharacter() {
    var reader = MessageReader()
    // ü is C3 BC.
    reader.append([0xC3])
    #expect(reader.next() == nil)
    reader.append([0xBC, 0x0A])
    #expect(reader.next() == Array("ü\n".utf8))
  }

  @Test("does not search the beginning of a long message again with each piece")
  func longMessage() {
    var reader = MessageReader()
    let piece = [UInt8](repeating: 0x78, count: 4096)[...]
    for _ in 0..<2048 {
      reader.append(piece)
      #expect(reader.next() == nil)
    }
    reader.append([0x0A])
    #expect(reader.next()?.count == 2048 * 4096 + 1)
  }

  /// Up to 20 characters of one to four bytes.
  private static func message(_ random: inout SeededRandom) -> String {
    let letters = ["x", "ß", "€", "𝄞", "\r", "\0"]
    let count = Int.random(in: 0...20, using: &random)
    return (0..<count).map { _ in letters.randomElement(using: &random) ?? "" }.joined() + "\n"
  }

  private static func read(_ bytes: [UInt8], _ random: inout SeededRandom) -> [String] {
    var reader = MessageReader()
    var rest = bytes[...]
    var found: [String] = []
    while !rest.isEmpty {
      let count = Int.random(in: 1...12, using: &random)
      reader.append(rest.prefix(count))
      rest = rest.dropFirst(count)
      while let message = reader.next() { found.append(String(decoding: message, as: UTF8.self)) }
    }
    #expect(reader.rest() == nil)
    return found
  }
}

@Suite("A reader of lines, some of them too long")
struct MessagePartsTests {
  @Test(
    "however a text is cut into pieces, the same lines come out",
    arguments: SeededRandom.seeds(30))
  func anyCut(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let text = Array(repeatElement("ab\nü\n\nlonger ✓ line\n", count: 50).joined().utf8)
    var lines = MessageReader()
    var found: [[UInt8]] = []
    var rest = text[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...40, using: &random))
      rest = rest.dropFirst(piece.count)
      lines.append(piece)
      while let line = lines.next() { found.append(line) }
    }
    #expect(found.flatMap { $0 } == text, "SEED=\(seed)")
    #expect(found.allSatisfy { $0.firstIndex(of: 10) == $0.count - 1 }, "SEED=\(seed)")
    #expect(found.count == 200 && lines.rest() == nil, "SEED=\(seed)")
  }

  @Test("a line that is too long comes in parts, none of which ends inside a character")
  func longLine() {
    var lines = MessageReader(longestPart: 8)
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
    var lines = MessageReader(longestPart: 8)
    lines.append([UInt8](repeating: 0x80, count: 8)[...])
    #expect(lines.next()?.count == 8)
  }

  @Test("what follows the last newline is the rest")
  func rest() {
    var lines = MessageReader()
    lines.append(Array("a\nb".utf8)[...])
    #expect(lines.next() == Array("a\n".utf8))
    #expect(lines.next() == nil)
    #expect(lines.rest() == Array("b".utf8))
    #expect(lines.rest() == nil)
  }
}
