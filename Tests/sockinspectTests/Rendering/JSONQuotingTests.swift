import Foundation
import ProcNet
import TestSupport
import Testing

@testable import sockinspect

@Suite struct JSONQuotingTests {
  @Test(
    "each kind of character has one spelling",
    arguments: [
      ("", #""""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\n\t\u{1b}", #""\u000a\u0009\u001b""#),
      ("\u{7f}", #""\u007f""#), ("\u{9b}", #""\u009b""#), ("\u{202e}x", #""\u202ex""#),
      ("\u{e0041}", #""\udb40\udc41""#), ("Müller 日本 🦆", #""Müller 日本 🦆""#),
    ])
  func spelling(_ text: String, _ quoted: String) {
    #expect(written { JSONWriter.quote(Array(text.utf8), &$0) } == quoted)
  }

  @Test("each byte that is no UTF-8 is written as on a terminal, and nothing else looks so")
  func broken() {
    #expect(written { JSONWriter.quote([0x61, 0xFF, 0xFE], &$0) } == #""a\\xff\\xfe""#)
    let literal = Array(#"a\xff \x2d"#.utf8)
    #expect(written { JSONWriter.quote(literal, &$0) } == #""a\\x5cxff \\x2d""#)
  }

  /// Any bytes, from the text in a document.
  private static func bytes(of text: String) -> [UInt8] {
    var rest = Array(text.utf8)[...]
    var bytes: [UInt8] = []
    while let first = rest.first {
      if let (meant, length) = VisibleEscape.read(rest) {
        bytes += meant
        rest = rest.dropFirst(length)
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }

  @Test("an independent reader gets the text back", arguments: SeededRandom.seeds(3))
  func readBack(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<1000 {
      let text = Self.text(&random)
      let quoted = written { JSONWriter.quote(Array(text.utf8), &$0) }
      let read = try JSONSerialization.jsonObject(with: Data("[\(quoted)]".utf8)) as? [String]
      // Compared by bytes: strings are equal when only their composition differs.
      #expect(read.map { $0.map(Self.bytes) } == [Array(text.utf8)], "SEED=\(seed)")
    }
  }

  @Test(
    "any bytes make a document that can be read, and come back", arguments: SeededRandom.seeds(3))
  func anything(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<1000 {
      let bytes = random.bytes(upTo: 24)
      let quoted = written { JSONWriter.quote(bytes, &$0) }
      let read = try? JSONSerialization.jsonObject(with: Data("[\(quoted)]".utf8))
      let texts = try #require(read as? [String], "SEED=\(seed): \(bytes)")
      #expect(texts.map(Self.bytes) == [bytes], "SEED=\(seed)")
    }
  }

  /// Up to 20 characters, many of them special.
  private static func text(_ random: inout SeededRandom) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      let limits: [UInt32] = [0x20, 0x80, 0x100, 0x3000, 0x11_0000]
      let most = limits[Int.random(in: 0..<limits.count, using: &random)]
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<most, using: &random)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
