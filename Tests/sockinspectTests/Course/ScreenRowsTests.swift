import Testing

@testable import sockinspect

@Suite("The rows of a screen that a tour has filled")
struct ScreenRowsTests {
  @Test(
    "long lines are folded",
    arguments: [
      ("", 0), ("\n", 1), ("a\n", 1), ("a\nb\n", 2), (String(repeating: "x", count: 10) + "\n", 1),
      (String(repeating: "x", count: 11) + "\n\n", 3),
      (String(repeating: "ü", count: 21) + "\n", 3),
    ])
  func count(text: String, rows: Int) {
    #expect(ScreenRows(columns: 10, height: 5).count(text) == rows)
  }

  @Test("one row stays for the prompt, and what the reader has seen may scroll away")
  func room() {
    var rows = ScreenRows(columns: 80, height: 24)
    rows.fill(20)
    #expect(rows.haveRoom(for: 3))
    #expect(!rows.haveRoom(for: 4))
    rows.clear()
    #expect(rows.haveRoom(for: 23))
  }

  @Test("for what is longer than a screen nobody is made to wait")
  func tooLong() {
    #expect(ScreenRows(columns: 80, height: 24).haveRoom(for: 100))
  }

  @Test("what is no terminal has room for everything")
  func pipe() {
    var rows = ScreenRows(columns: 0, height: 0)
    rows.fill(1000)
    #expect(rows.haveRoom(for: 1000))
  }
}
