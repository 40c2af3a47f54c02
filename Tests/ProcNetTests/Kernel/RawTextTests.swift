import TestSupport
import Testing

@testable import ProcNet

/// Names that are not UTF-8 as Strings.
@Suite struct RawTextTests {
  @Test("plain names are what they always were")
  func plain() {
    for name in ["", "web", "café", "日本", "👩‍💻"] {
      #expect(String(rawBytes: name.utf8) == name)
      #expect(name.rawBytes == Array(name.utf8))
    }
  }

  @Test(
    "any bytes come back",
    arguments: [
      [0xFF], [0x61, 0xE9, 0x62], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80],
      [0xC0, 0x80], [0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0, 1, 0xFE],
    ] as [[UInt8]])
  func foreign(bytes: [UInt8]) { #expect(String(rawBytes: bytes).rawBytes == bytes) }

  @Test("a character that stands for a byte does not become that byte")
  func privateCharacters() {
    let name = Array(String(RawText.scalar(for: 0xFF)).utf8)
    #expect(name.count == 4)
    #expect(String(rawBytes: name).rawBytes == name)
    #expect(String(rawBytes: name) != String(rawBytes: [0xFF]))
  }

  @Test("a thousand random names have a thousand Strings", arguments: SeededRandom.seeds(1))
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let alphabet: [UInt8] = [
      0x61, 0x2F, 0x7F, 0x80, 0xBF, 0xC3, 0xE2, 0xED, 0xF0, 0xF4, 0x8F, 0xFF,
    ]
    var seen: [String: [UInt8]] = [:]
    for _ in 0..<1000 {
      let count = Int.random(in: 0..<9, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let text = String(rawBytes: bytes)
      #expect(text.rawBytes == bytes)
      #expect(Substring(text).rawBytes == bytes)
      #expect(seen.updateValue(bytes, forKey: text) ?? bytes == bytes)
    }
  }
}
