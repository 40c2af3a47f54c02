import ProcNet
import Testing

@testable import sockinspect

/// Lines, layout and what is written to the terminal.
@Suite struct ScreenTests {
  private let plain = ScreenStyle(width: 10, height: 3, isColoured: false, isUnicode: true)

  private func text(_ line: ScreenLine) -> String {
    String(decoding: line.finished, as: UTF8.self)
  }

  @Test("no line is wider than the screen, wide characters and colours included")
  func cut() {
    var line = ScreenLine(plain)
    line.add("漢字漢字漢字")
    #expect(text(line) == "漢字漢字漢" && line.isFull)
    var coloured = ScreenLine(
      ScreenStyle(width: 4, height: 1, isColoured: true, isUnicode: true))
    coloured.add("alarm", .alarm)
    #expect(text(coloured) == "\u{1b}[1;31malar\u{1b}[0m")
  }

  @Test("a field is padded and cut with a mark")
  func fields() {
    var line = ScreenLine(plain)
    line.add("abcdef", field: 4)
    line.add("x", field: 3, isRight: true)
    #expect(text(line) == "abc…  x")
  }

  @Test(
    "a sentence is cut between words, where it can be",
    arguments: [
      ("all is fine", 11, "all is fine"), ("all is fine", 10, "all is …"),
      ("all is fine now", 12, "all is fine…"), ("longwordlong", 9, "longword…"),
      ("  longwordlong", 9, "  longwo…"),
    ])
  func sentences(whole: String, width: Int, shown: String) {
    var line = ScreenLine(ScreenStyle(width: width, height: 1, isColoured: false, isUnicode: true))
    line.add(sentence: whole)
    #expect(text(line) == shown)
  }

  @Test("without UTF-8 there is nothing but ASCII")
  func ascii() {
    var line = ScreenLine(ScreenStyle(width: 40, height: 1, isColoured: false, isUnicode: false))
    line.add("apache2 ×6 ██░ …é", field: 17)
    #expect(text(line) == "apache2 x6 ##. ~?")
  }

  @Test("the selected line is turned around from border to border")
  func selected() {
    let style = ScreenStyle(width: 4, height: 1, isColoured: true, isUnicode: true)
    var line = ScreenLine(style, isSelected: true)
    line.add("ab", .alarm)
    #expect(text(line) == "\u{1b}[7mab  \u{1b}[0m" && line.isFull)
  }

  @Test(
    "the locale tells whether there is UTF-8",
    arguments: [
      (["LC_ALL": "C.UTF-8"], true), (["LANG": "de_DE.utf8"], true), (["LANG": "C"], false),
      (["LC_ALL": "POSIX", "LANG": "C.UTF-8"], false), ([:], false),
      (["LC_ALL": "", "LC_CTYPE": "en_US.UTF-8"], true),
    ] as [([String: String], Bool)])
  func locale(environment: [String: String], expected: Bool) {
    #expect(TextStyle.isUnicode { environment[$0] } == expected)
  }

  private func drawn(_ drawing: inout ScreenDrawing, _ lines: [String]) -> String {
    var writer = ByteWriter(capacity: 256)
    let picture = lines.map { text in
      var line = ScreenLine(plain)
      line.add(text)
      return line
    }
    drawing.draw(picture, plain, to: &writer)
    return writer.text
  }

  @Test("only lines that differ are written, and a shorter one clears the rest")
  func drawing() {
    var drawing = ScreenDrawing()
    #expect(
      drawn(&drawing, ["abc", "", "0123456789"])
        == "\u{1b}[0m\u{1b}[2J\u{1b}[1;1Habc\u{1b}[K\u{1b}[3;1H0123456789")
    #expect(drawn(&drawing, ["abc", "", "0123456789"]).isEmpty)
    #expect(drawn(&drawing, ["ab", "", "0123456789"]) == "\u{1b}[1;1Hab\u{1b}[K")
    #expect(drawn(&drawing, ["ab"]) == "\u{1b}[3;1H\u{1b}[K")
    drawing.forget()
    #expect(drawn(&drawing, ["ab"]).hasPrefix("\u{1b}[0m\u{1b}[2J"))
  }

  @Test(
    "columns go by rank where there is no room, and never more than fits",
    arguments: [30, 40, 57, 79, 80, 100, 200, 400])
  func layout(width: Int) {
    let needs: [WatchSlot.Kind: Int] = [
      .text("local"): 30, .text("owners"): 80, .text("accepted"): 20, .text("queue"): 9,
    ]
    let layout = WatchLayout(width: width, needs: needs)
    let total = layout.widths.reduce(0, +) + max(layout.columns.count - 2, 0)
    #expect(total <= width)
    #expect(layout.columns.prefix(3).map(\.heading) == ["", "Local Address:Port", "Queue"])
    if width >= 80 {
      let headers = layout.columns.map(\.heading)
      #expect(
        Set(["Fill", "Last", "Oldest", "Drops", "Drops/s", "Accepted"]).isSubset(of: headers))
    }
    if width >= 100 { #expect(layout.columns.last?.heading == "Owners") }
  }

  @Test("a column with nothing to say gives way where another would be cut")
  func silentColumns() {
    var needs: [WatchSlot.Kind: Int] = [.text("local"): 18, .text("accepted"): 14]
    let silent: Set<WatchSlot.Kind> = [.text("oldest"), .text("drops-per-s")]
    func headings(_ width: Int) -> [String] {
      WatchLayout(width: width, needs: needs, silent: silent).columns.map(\.heading)
    }
    let narrow = WatchLayout(width: 80, needs: needs, silent: silent)
    #expect(narrow.width(of: .text("accepted")) == 14)
    #expect(headings(80).contains("Oldest") && !headings(80).contains("Drops/s"))
    needs[.text("accepted")] = 23
    #expect(!headings(80).contains("Oldest"))
    needs[.text("accepted")] = 8
    #expect(headings(80).contains("Drops/s"))
  }

  @Test("lists scroll no further than they go")
  func scroll() {
    var scroll = Scroll()
    scroll.move(by: 100, count: 10, page: 4)
    #expect(scroll.range(count: 10, page: 4) == 6..<10)
    scroll.show(2, count: 10, page: 4)
    #expect(scroll.range(count: 10, page: 4) == 2..<6)
    scroll.move(by: 0, count: 3, page: 4)
    #expect(scroll.range(count: 3, page: 4) == 0..<3 && scroll.range(count: 0, page: 4).isEmpty)
  }
}
