import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// One way to deceive a terminal or its reader, and what is shown instead.
struct TerminalAttack: Sendable, CustomTestStringConvertible {
  let what: String
  let bytes: [UInt8]
  let shown: String

  init(_ what: String, _ text: String, _ shown: String) {
    self.init(what, Array(text.utf8), shown)
  }

  init(_ what: String, _ bytes: [UInt8], _ shown: String) {
    self.what = what
    self.bytes = bytes
    self.shown = shown
  }

  var testDescription: String { what }

  static let all = [
    TerminalAttack("colour", "\u{1b}[31mred", #"\x1b[31mred"#),
    TerminalAttack("clear the screen", "\u{1b}[2J\u{1b}[H", #"\x1b[2J\x1b[H"#),
    TerminalAttack("set the title", "\u{1b}]0;you\u{7}", #"\x1b]0;you\x07"#),
    TerminalAttack("OSC 52: set the clipboard", "\u{1b}]52;c;cm0=\u{7}", #"\x1b]52;c;cm0=\x07"#),
    TerminalAttack("OSC 8: a false link", "\u{1b}]8;;http://x\u{1b}\\", #"\x1b]8;;http://x\x1b\"#),
    TerminalAttack("device control string", "\u{1b}P$q\u{1b}\\", #"\x1bP$q\x1b\"#),
    TerminalAttack("overwrite the line", "good\rbad", #"good\x0dbad"#),
    TerminalAttack("take back", "nginx\u{8}\u{8}", #"nginx\x08\x08"#),
    TerminalAttack("a row of its own", "a\nLISTEN", #"a\x0aLISTEN"#),
    TerminalAttack("a column of its own", "a\tb", #"a\x09b"#),
    TerminalAttack("vertical tab, form feed", "\u{b}\u{c}", #"\x0b\x0c"#),
    TerminalAttack("bell", "\u{7}", #"\x07"#), TerminalAttack("zero", "\0", #"\x00"#),
    TerminalAttack("shift out", "\u{e}lqqk", #"\x0elqqk"#),
    TerminalAttack("delete", "\u{7f}", #"\x7f"#),
    TerminalAttack("C1 CSI as one byte", [0x9B, 0x33, 0x31, 0x6D], #"\x9b31m"#),
    TerminalAttack("C1 CSI as UTF-8", "\u{9b}31m", #"\xc2\x9b31m"#),
    TerminalAttack("C1 next line", "\u{85}", #"\xc2\x85"#),
    TerminalAttack("bidi override", "a\u{202e}gnp.exe", #"a\u202egnp.exe"#),
    TerminalAttack("bidi isolate", "\u{2066}x\u{2069}", #"\u2066x\u2069"#),
    TerminalAttack("Arabic letter mark", "\u{61c}", #"\u061c"#),
    TerminalAttack("right-to-left mark", "\u{200f}", #"\u200f"#),
    TerminalAttack("zero width space", "ng\u{200b}inx", #"ng\u200binx"#),
    TerminalAttack("zero width joiner", "\u{200d}", #"\u200d"#),
    TerminalAttack("soft hyphen", "ng\u{ad}inx", #"ng\u00adinx"#),
    TerminalAttack("word joiner", "\u{2060}", #"\u2060"#),
    TerminalAttack("byte order mark", "\u{feff}", #"\ufeff"#),
    TerminalAttack("line separator", "\u{2028}\u{2029}", #"\u2028\u2029"#),
    TerminalAttack("interlinear annotation", "\u{fff9}", #"\ufff9"#),
    TerminalAttack("tag characters", "\u{e0001}\u{e0041}", #"\U000e0001\U000e0041"#),
    TerminalAttack("a lone byte", [0x61, 0xFF, 0x62], #"a\xffb"#),
    TerminalAttack("a lone continuation", [0x80], #"\x80"#),
    TerminalAttack("a cut character", [0xE2, 0x82], #"\xe2\x82"#),
    TerminalAttack("overlong escape, 2 bytes", [0xC0, 0x9B], #"\xc0\x9b"#),
    TerminalAttack("overlong escape, 3 bytes", [0xE0, 0x80, 0x9B], #"\xe0\x80\x9b"#),
    TerminalAttack("overlong escape, 4 bytes", [0xF0, 0x80, 0x80, 0x9B], #"\xf0\x80\x80\x9b"#),
    TerminalAttack("a surrogate", [0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
    TerminalAttack("beyond Unicode", [0xF4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#),
    TerminalAttack("5 bytes", [0xF8, 0x88, 0x80, 0x80, 0x80], #"\xf8\x88\x80\x80\x80"#),
  ]
}

@Suite struct SafeTextTests {
  @Test("is written visibly", arguments: TerminalAttack.all)
  func attack(_ attack: TerminalAttack) {
    #expect(SafeText.string(attack.bytes) == attack.shown)
  }

  @Test(
    "ordinary names stay as they are, backslashes and quotes too",
    arguments: [
      "nginx: worker", #"C:\new"#, #"app-x\x2dy.service"#, "php-fpm8.2", "Müller", "日本語", "🦆",
      "\u{a0}", "a\"b",
    ])
  func ordinary(_ name: String) {
    #expect(SafeText.string(Array(name.utf8)) == name)
  }

  @Test(
    "a backslash that would read as an escape is written as one",
    arguments: [
      (#"C:\x1b"#, #"C:\x5cx1b"#), (#"\xff"#, #"\x5cxff"#), (#"\x5c"#, #"\x5cx5c"#),
      (#"\u202e"#, #"\x5cu202e"#), (#"\xFF"#, #"\xFF"#), (#"\u0041"#, #"\u0041"#),
    ])
  func backslashes(_ name: String, _ shown: String) {
    #expect(SafeText.string(Array(name.utf8)) == shown)
    #expect(SafeText.string(shown) == shown, "a sentence that quotes it says no more")
  }

  @Test(
    "a name that a filter takes as it was printed finds that name", arguments: SeededRandom.seeds(3)
  )
  func typedBack(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let special = Array(#"\xf5c2due0123 ()&|!=<>*?["'"#.utf8) + [0xFF, 0xC3, 0xA9, 0x1B, 0x7F]
    for _ in 0..<300 {
      let name = (0..<12).map { _ in special.randomElement(using: &random) ?? 0 }
      let path = Array("/run/".utf8) + name.filter { $0 != UInt8(ascii: "'") }
      let typed = "'\(SafeText.string(path))'"
      let filter = try Filter.parse([typed], .sample())
      #expect(filter.expression == .holds(.exactPath(path)), "SEED=\(seed): \(typed)")
    }
  }

  @Test(
    "whatever the bytes, what comes out is UTF-8 without controls", arguments: SeededRandom.seeds(3)
  )
  func anything(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<2000 {
      let bytes = random.bytes(upTo: 24)
      var writer = ByteWriter(capacity: 32)
      SafeText.append(bytes, to: &writer)
      let text = String(validating: writer.bytes, as: UTF8.self)
      let isSafe = text?.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && $0.value != 0x7F && !SafeText.isDeceptive($0.value)
      }
      #expect(isSafe == true, "SEED=\(seed): \(bytes)")
    }
  }
}
