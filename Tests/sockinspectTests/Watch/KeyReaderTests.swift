import Testing

@testable import sockinspect

/// What a terminal sends, and the keys it means.
@Suite struct KeyReaderTests {
  private func keys(_ text: String) -> [Key] {
    var reader = KeyReader()
    return reader.take(Array(text.utf8)) + reader.expire()
  }

  @Test(
    "keys of xterm, VT100 and the Linux console",
    arguments: [
      ("\u{1b}[A", .up), ("\u{1b}OB", .down), ("\u{1b}[5~", .pageUp), ("\u{1b}[6~", .pageDown),
      ("\u{1b}[1~", .home), ("\u{1b}OF", .end), ("\u{1b}[3~", .delete), ("\u{1b}[Z", .backTab),
      ("\r", .enter), ("\n", .enter), ("\u{7f}", .backspace), ("\u{8}", .backspace), ("\t", .tab),
      ("\u{3}", .control("c")), ("\u{15}", .control("u")), ("\u{1b}", .escape),
      ("q", .character("q")),
      ("é", .character("é")), ("\u{1b}[1;5A", .up),
    ] as [(String, Key)])
  func one(sent: String, key: Key) {
    #expect(keys(sent) == [key])
  }

  @Test("a sequence may come byte by byte")
  func pieces() {
    var reader = KeyReader()
    let bytes = Array("\u{1b}[6~é".utf8)
    let keys = bytes.flatMap { reader.take([$0]) }
    #expect(keys == [.pageDown, .character("é")] && !reader.isWaiting)
  }

  @Test("Escape alone is known only after a while, and then it is Escape")
  func escape() {
    var reader = KeyReader()
    #expect(reader.take([0x1B]) == [] && reader.isWaiting)
    #expect(reader.expire() == [.escape] && !reader.isWaiting)
    #expect(reader.take(Array("\u{1b}\u{1b}[A".utf8)) == [.escape, .up])
  }

  @Test(
    "what is no key of ours is nothing, and what follows is read",
    arguments: ["\u{1b}[<0;3;4Zx", "\u{1b}xx", "\0x", "\u{1b}[200~x", "\u{1b}[?1;2cx", "\u{9b}x"])
  func others(sent: String) {
    #expect(keys(sent).last == .character("x"))
  }

  @Test("no bytes trap or wait for ever", arguments: 0..<256)
  func anything(seed: Int) {
    var reader = KeyReader()
    for step in 0..<200 {
      _ = reader.take([UInt8(truncatingIfNeeded: seed &* 7 &+ step &* step &* 31)])
    }
    _ = reader.expire()
    #expect(reader.take([0x71]) == [.character("q")])
  }

  @Test("a typed letter that steers the direction of text is no letter")
  func deceptive() { #expect(keys("\u{202e}a") == [.character("a")]) }
}
