import ProcNet
import Testing

@testable import sockinspect

/// Keys and what becomes of them, without a terminal.
@Suite struct WatchStateTests {
  private static func key(_ number: UInt64) -> ListenerKey {
    ListenerKey(.tcp(.listen, (0, 80), cookie: number))
  }

  private func state(_ rows: Int = 5) -> WatchState {
    var state = WatchState(WatchOrder.cycle(nil), interval: 1000, filter: "")
    state.page = 3
    state.show((0..<UInt64(rows)).map(Self.key))
    return state
  }

  @Test("views by number and in turn, there and back")
  func views() {
    var state = state()
    #expect(state.press(.character("3")) == .sample && state.view == .counters)
    _ = state.press(.tab)
    #expect(state.view == .listeners)
    _ = state.press(.backTab)
    #expect(state.view == .counters)
    _ = state.press(.character("1"))
    #expect(state.view == .listeners)
  }

  @Test("the selection stops at both ends and is kept in sight")
  func selection() {
    var state = state()
    #expect(state.selection == 0)
    _ = state.press(.up)
    #expect(state.selection == 0)
    for _ in 0..<9 { _ = state.press(.character("j")) }
    #expect(state.selection == 4 && state.listScroll.range(count: 5, page: 3) == 2..<5)
    _ = state.press(.home)
    #expect(state.selection == 0 && state.listScroll.top == 0)
    _ = state.press(.pageDown)
    #expect(state.selection == 2)
  }

  @Test("a selection stays with its listener; one that nobody chose is the first")
  func sticky() {
    var state = state()
    state.show([Self.key(4), Self.key(0)])
    #expect(state.selected == Self.key(4))
    _ = state.press(.down)
    state.show([Self.key(0), Self.key(7), Self.key(4)])
    #expect(state.selected == Self.key(0))
    state.show([Self.key(7), Self.key(4)])
    #expect(state.selected == Self.key(7), "gone: whoever stands there now")
    state.show([])
    #expect(state.selected == nil && state.press(.down) == .nothing)
    #expect(state.press(.enter) == .nothing)
  }

  @Test("Enter looks at the selected listener, Escape leads back, a listener that ends too")
  func detail() {
    var state = state()
    _ = state.press(.down)
    #expect(state.press(.enter) == .sample && state.detail == Self.key(1))
    #expect(state.press(.escape) == .sample && state.detail == nil)
    _ = state.press(.enter)
    state.show([Self.key(0)])
    #expect(state.detail == nil)
    #expect(state.press(.escape) == .nothing)
  }

  @Test("a filter is edited, refused, corrected and set; Escape leaves it as it was")
  func filter() {
    var state = state()
    _ = state.press(.character("/"))
    for scalar in "fil >".unicodeScalars { #expect(state.press(.character(scalar)) == .nothing) }
    #expect(state.press(.enter) == .filter("fil >"))
    state.refuse("unknown word")
    #expect(state.prompt?.complaint == "unknown word" && state.filter.isEmpty)
    _ = state.press(.backspace)
    #expect(state.prompt?.complaint == nil && state.prompt?.typed == "fil ")
    _ = state.press(.control("u"))
    _ = state.press(.character("q"))
    #expect(state.press(.enter) == .filter("q"))
    state.accept(filter: "q")
    #expect(state.filter == "q" && state.prompt == nil)
    _ = state.press(.character("/"))
    _ = state.press(.character("x"))
    #expect(state.press(.escape) == .nothing && state.filter == "q" && state.prompt == nil)
  }

  @Test("orders go round, and can be turned")
  func orders() {
    var state = state()
    var names: [String] = []
    for _ in 0..<7 {
      names.append(state.order.name)
      _ = state.press(.character("s"))
    }
    #expect(names == ["trouble", "length", "oldest", "drops-per-s", "drops", "estab", "local"])
    #expect(state.order.name == "trouble")
    _ = state.press(.character("r"))
    #expect(state.isReversed)
  }

  @Test("an order of one's own comes first")
  func ownOrder() throws {
    let column = try #require(ColumnSet.listeners["uid"])
    let cycle = WatchOrder.cycle(RowOrder(column: column, isDescending: true))
    #expect(cycle.map(\.name).prefix(2) == ["uid", "trouble"] && cycle[0].isDescending)
  }

  @Test("pause, interval, help and quitting")
  func others() {
    var state = state()
    #expect(state.press(.character("p")) == .nothing && state.isPaused)
    #expect(state.press(.character("p")) == .resume && !state.isPaused)
    _ = state.press(.character("+"))
    #expect(state.interval == 2000)
    for _ in 0..<20 { _ = state.press(.character("-")) }
    #expect(state.interval == 100)
    _ = state.press(.character("?"))
    #expect(state.showsHelp && state.press(.character("x")) == .nothing && !state.showsHelp)
    #expect(state.press(.character("q")) == .quit && state.press(.control("c")) == .quit)
  }
}
