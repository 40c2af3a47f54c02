import Glibc
import Testing

@testable import sockinspect

/// Columns of characters on a terminal.
@Suite struct DisplayWidthTests {
  @Test(
    "wide, narrow and zero",
    arguments: [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("ﾊﾝ", 2), ("한국", 4),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("🦆", 2), ("❤", 1), ("⌚", 2), ("⚡", 2), ("✅", 2),
      ("𠮷", 2), ("a\u{200b}b", 2), ("\u{591}א", 1), ("क्\u{200d}ष", 2), ("Ａ", 2), ("€", 1),
      ("🇨🇭", 2), ("𝐱", 1), ("\u{20DD}", 0), ("\u{FE0F}", 0), ("\u{1FAE9}", 2), ("☰", 2), ("", 0),
    ])
  func columns(text: String, width: Int) { #expect(DisplayWidth.of(text) == width) }

  @Test("bytes that are no UTF-8 take a column each")
  func broken() { #expect(DisplayWidth.of([0xFF, 0x61, 0xC3]) == 3) }

  @Test("a command that does not fit goes on behind backslashes, and stays the same command")
  func commands() throws {
    let command = #"printf '%s|' --net=/proc/2/ns/net 'a  b' "c 'd" e\ f | tr -d '\n' | cat"#
    let lines = ShellCommand.lines(command, width: 24)
    #expect(lines.count > 2 && lines.allSatisfy { $0.count <= 22 }, "\(lines)")
    #expect(lines.joined(separator: " ") == command)
    #expect(ShellCommand.lines("ss -ltn", width: 24) == ["ss -ltn"])
    #expect(ShellCommand.lines("ss --a-very-long-option", width: 10).count == 2)
  }

  @Test("the C library's table says the same of nearly all characters")
  func againstLibrary() throws {
    let locale = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    try #require(unsafe locale != nil)
    let before = unsafe uselocale(locale)
    defer {
      unsafe uselocale(before)
      unsafe freelocale(locale)
    }
    let symbol = try #require(unsafe dlsym(nil, "wcwidth"))
    let wcwidth = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
    var different: [UInt32] = []
    var compared = 0
    for value in UInt32(0x20)...0x3_FFFF {
      guard let scalar = Unicode.Scalar(value), scalar.properties.age.map({ $0 <= (15, 0) }) == true
      else { continue }
      let library = wcwidth(Int32(bitPattern: value))
      guard library >= 0 else { continue }
      compared += 1
      let ours = DisplayWidth.of(String(Character(scalar)))
      if ours != Int(library) { different.append(value) }
    }
    #expect(compared > 100_000)
    // Unicode 16 made these wide: trigrams, digrams, hexagrams, Tai Xuan Jing and counting rods.
    let widened: [ClosedRange<UInt32>] = [
      0x2630...0x2637, 0x268A...0x268F, 0x4DC0...0x4DFF, 0x1D300...0x1D356, 0x1D360...0x1D376,
    ]
    different.removeAll { value in widened.contains { $0.contains(value) } }
    #expect(different.count < 100, "\(different.prefix(20).map { String($0, radix: 16) })")
  }
}
