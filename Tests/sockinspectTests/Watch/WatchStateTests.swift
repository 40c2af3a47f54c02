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
    let error = FilterError("unknown word", text: "fil >", at: 0..<3)
    state.refuse(error)
    #expect(state.prompt?.complaint == error && state.filter.isEmpty)
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
    for _ in 0..<8 {
      names.append(state.order.name)
      _ = state.press(.character("s"))
    }
    #expect(
      names == ["trouble", "rise", "length", "oldest", "drops-per-s", "drops", "estab", "local"])
    #expect(state.order.name == "trouble")
    _ = state.press(.character("r"))
    #expect(state.isReversed)
    _ = state.press(.character("R"))
    #expect(state.order.name == "rise" && !state.isReversed)
  }

  @Test("an order of one's own comes first")
  func ownOrder() throws {
    let cycle = WatchOrder.cycle(try WatchOrder(named: "-uid"))
    #expect(cycle.map(\.name).prefix(2) == ["uid", "trouble"] && cycle[0].isDescending)
    for word in ["rise", "-rise"] {
      let cycle = WatchOrder.cycle(try WatchOrder(named: word))
      #expect(cycle.map(\.name).prefix(3) == ["rise", "trouble", "length"] && cycle.count == 8)
    }
    #expect(throws: UsageError.self) { try WatchOrder(named: "-rize") }
  }

  @Test("d asks for a diagnosis of the selected listener; its page scrolls and is left by q")
  func diagnosis() {
    var state = state()
    _ = state.press(.down)
    #expect(state.press(.character("d")) == .diagnose(Self.key(1)))
    state.show(page: .diagnosis)
    (state.bodyCount, state.page) = (30, 10)
    #expect(state.press(.pageDown) == .nothing && state.bodyScroll.top == 9)
    #expect(state.press(.character("/")) == .nothing && state.prompt == nil)
    #expect(state.press(.character("q")) == .nothing && state.openPage == nil)
    #expect(state.bodyScroll.top == 0 && state.selected == Self.key(1))
    state.show(page: .diagnosis)
    #expect(state.press(.escape) == .nothing && state.openPage == nil)
    state.show(page: .diagnosis)
    #expect(state.press(.control("c")) == .quit)
    state.show([])
    state.show(page: nil)
    #expect(state.press(.character("d")) == .nothing, "no listener is there")
  }

  @Test("a counter is selected, kept in sight, and explained at Enter")
  func counters() {
    var state = state()
    _ = state.press(.character("3"))
    #expect(state.press(.enter) == .nothing && state.openPage == nil, "there are no counters")
    (state.counters, state.bodyCount) = (["A", "B", "C", "D", "E"], 5)
    for _ in 0..<4 { _ = state.press(.down) }
    #expect(state.counterSelection == 4 && state.bodyScroll.top == 2)
    _ = state.press(.up)
    #expect(state.press(.enter) == .nothing && state.openPage == .counter("D"))
    _ = state.press(.escape)
    #expect(state.openPage == nil && state.view == .counters)
  }

  @Test("in a recording n and b step, N and B go to its ends, and time does not pass")
  func steps() {
    var state = state()
    #expect(state.press(.character("n")) == .nothing, "this host has no other samples")
    state.steps = RecordingSteps(count: 3)
    let keys: [(Unicode.Scalar, WatchState.Action, Int)] = [
      ("b", .nothing, 0), ("n", .step, 1), ("n", .step, 2), ("n", .nothing, 2), ("b", .step, 1),
      ("B", .step, 0), ("N", .step, 2), ("N", .nothing, 2), ("p", .nothing, 2),
      ("+", .nothing, 2),
    ]
    for (key, action, place) in keys {
      #expect(state.press(.character(key)) == action && state.steps?.current == place, "\(key)")
    }
    #expect(!state.isPaused && state.interval == 1000)
  }

  @Test("by rise: the fastest first, trouble decides between equals, what is not known comes last")
  func rise() {
    let listeners = (1...4).map { number in
      Listener(socket: .tcp(.listen, (0, 80), queues: (UInt32(number), 9), cookie: UInt64(number)))
    }
    var sample = ListenersSample(rows: listeners.map { ListenRow(listener: $0) })
    for (number, rise) in [(1, 5), (2, -3), (3, 5)] as [(UInt64, Int64)] {
      sample.rises[Self.key(number)] = rise
    }
    let order = { (isReversed: Bool) in
      WatchOrder.rise.sorted(sample, isReversed: isReversed, UnknownContext())
        .compactMap(\.socket.cookie)
    }
    #expect(order(false) == [3, 1, 2, 4] && order(true) == [2, 3, 1, 4])
  }

  @Test("a rise is the growth of the queue and the drops over the last ten seconds")
  func rises() {
    var watch = RiseWatch()
    let key = Self.key(1)
    func record(_ second: UInt64, _ length: UInt32, drops: UInt32?) {
      var socket = Socket.tcp(.listen, (0, 80), queues: (length, 9), cookie: 1)
      socket.details = drops.map { SocketDetails(drops: $0) }
      watch.record([Listener(socket: socket)], at: second * 1000)
    }
    record(0, 1, drops: .max)
    #expect(watch.latest[key] == nil, "one sample shows no rise")
    record(2, 3, drops: 1)
    #expect(watch.latest[key] == 20, "two connections and two drops in two seconds")
    record(12, 3, drops: 1)
    #expect(watch.latest[key] == 0, "what was before the last ten seconds is over")
    record(13, 1, drops: nil)
    #expect(watch.latest[key] == -1, "drops that are not known are left out")
    watch.record([], at: 14_000)
    #expect(watch.latest.isEmpty)
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
