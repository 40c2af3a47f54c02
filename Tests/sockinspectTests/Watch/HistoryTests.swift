import Testing

@testable import sockinspect

/// Histories and their sparklines.
@Suite struct HistoryTests {
  private func history(_ moments: [(UInt64, UInt64?, Bool)]) -> History {
    var history = History(capacity: 100)
    for (time, value, isMarked) in moments {
      history.append(History.Moment(time: time, value: value, isMarked: isMarked))
    }
    return history
  }

  @Test("the oldest moments are forgotten, the order stays")
  func ring() {
    var history = History(capacity: 3)
    for time in 1...5 {
      history.append(History.Moment(time: UInt64(time), value: nil, isMarked: false))
    }
    #expect(history.moments.map(\.time) == [3, 4, 5] && history.newest?.time == 5)
  }

  @Test("a cell is the largest of its time; nothing, unknown, zero and an event are four things")
  func cells() {
    let history = history([
      (1000, 0, false), (2000, 100, false), (2500, 900, false), (4000, nil, false),
      (5000, 1000, false),
      (6000, 200, true),
    ])
    let cells = Sparkline.cells(
      history, width: 7, cellTime: 1000, now: 6000, scale: .top(1000))
    #expect(
      cells == [.nothing, .level(0), .level(6), .nothing, .unknown, .level(7), .event])
    #expect(Sparkline.text(cells, isUnicode: true) == " ▁▇ ?█!")
    #expect(Sparkline.text(cells, isUnicode: false) == "  * ?#!")
  }

  @Test("little is not nothing, nearly full is not full")
  func levels() {
    let history = history([(1000, 1, false), (2000, 999, false), (3000, .max, false)])
    let cells = Sparkline.cells(history, width: 3, cellTime: 1000, now: 3000, scale: .top(1000))
    #expect(cells == [.level(1), .level(6), .level(7)])
    let own = Sparkline.cells(history, width: 3, cellTime: 1000, now: 3000, scale: .largest)
    #expect(own == [.level(1), .level(1), .level(7)])
  }

  @Test("cells move to the left as they are: samples in one cell stay together")
  func still() {
    var moments: [(UInt64, UInt64?, Bool)] = []
    var last: [Sparkline.Cell] = []
    for second in 0..<40 as Range<UInt64> {
      moments.append((second * 1000 + 300, second % 5 * 200, false))
      let cells = Sparkline.cells(
        history(moments), width: 10, cellTime: 4000, now: second * 1000 + 300, scale: .top(1000))
      if second % 4 == 0, second > 0 { #expect(Array(cells.dropLast()) == Array(last.dropFirst())) }
      last = cells
    }
  }

  @Test(
    "a cell's time is a multiple of the interval, and all of them at least two minutes",
    arguments: [(10, 1000, 12_000), (16, 1000, 8000), (200, 1000, 1000), (16, 60_000, 60_000)]
      as [(Int, UInt64, UInt64)])
  func cellTime(width: Int, interval: UInt64, expected: UInt64) {
    #expect(Sparkline.cellTime(width: width, interval: interval) == expected)
  }

  @Test("with many figures each remembers less, and those that are gone are forgotten")
  func book() {
    #expect(HistoryStore<Int>.capacity(for: 10) == 600)
    #expect(HistoryStore<Int>.capacity(for: 100_000) == 120)
    var book = HistoryStore<Int>()
    let moment = { History.Moment(time: $0, value: 1, isMarked: false) }
    book.record((0..<9).map { ($0, moment(1000)) })
    book.record([(0, moment(700_000))])
    #expect(book[0].moments.count == 2 && book[5].moments.isEmpty)
  }

  @Test("what costs much is sampled seldom, what is new twice as often")
  func pace() {
    var pace = AdaptiveInterval(share: 100)
    #expect(pace.isDue(at: 5) && pace.age(at: 5) == nil)
    pace.sampled(at: 1000, cost: 30_000)
    #expect(!pace.isDue(at: 3999) && pace.isDue(at: 4000))
    #expect(!pace.isDue(at: 2499, urgently: 2) && pace.isDue(at: 2500, urgently: 2))
    #expect(pace.age(at: 3000) == 2000)
    pace.sampled(at: 5000, cost: 50)
    #expect(pace.isDue(at: 5006))
  }

  @Test("samples are evenly apart; what was missed is not made up for")
  func clock() {
    var clock = WatchClock(interval: 1000, now: 500)
    #expect(clock.moment(now: 510) == 500 && clock.moment(now: 900) == 900)
    clock.advance(now: 510)
    #expect(clock.due == 1500 && clock.wait(now: 600) == 900 && !clock.isDue(now: 1499))
    clock.advance(now: 5200)
    #expect(clock.due == 6200)
    clock.change(interval: 5000)
    #expect(clock.due == 10_200)
  }
}
