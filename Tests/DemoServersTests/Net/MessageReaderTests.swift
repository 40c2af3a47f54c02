import Testing

@testable import DemoServers

@Suite("A reader of messages") struct MessageReaderTests {
  @Test("finds the same messages however the bytes are cut")
  func anyCut() {
    let seed = UInt64.random(in: 1...UInt64.max)
    var random = Numbers(state: seed)
    for _ in 0..<200 {
      let messages = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        Self.message(&random)
      }
      let bytes = messages.flatMap(\.utf8)
      #expect(Self.read(bytes, &random) == messages, "seed \(seed)")
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
  private static func message(_ random: inout Numbers) -> String {
    let letters = ["x", "ß", "€", "𝄞", "\r", "\0"]
    let count = Int.random(in: 0...20, using: &random)
    return (0..<count).map { _ in letters.randomElement(using: &random) ?? "" }.joined() + "\n"
  }

  private static func read(_ bytes: [UInt8], _ random: inout Numbers) -> [String] {
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

/// Random numbers that a printed seed repeats (xorshift64*).
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 2_685_821_657_736_338_717
  }
}
