import Testing

@testable import DemoServers

@Suite("A pacer")
struct PacerTests {
  @Test("lets no more begin in a second than it was told, however often it is asked")
  func rate() {
    var pacer = Pacer(perSecond: 100)
    let start = 5 * Clock.second
    let begun = (0..<10_000).count { pacer.begin(start + UInt64($0) * 100_000) }
    // 10,000 questions 0.1 ms apart are one second. The first comes at once, and the two that
    // its memory of 20 ms holds with it.
    #expect((100...103).contains(begun))
  }

  @Test("makes up for waking late, so the rate holds")
  func lateness() {
    var pacer = Pacer(perSecond: 1000)
    var begun = 0
    // Every 7 ms for a second, as many as it will.
    for step in 0..<143 {
      while pacer.begin(Clock.second + UInt64(step) * 7_000_000) { begun += 1 }
    }
    #expect((990...1021).contains(begun))
  }

  @Test("does not make up for a long pause in a burst")
  func pause() {
    var pacer = Pacer(perSecond: 1000)
    _ = pacer.begin(Clock.second)
    var begun = 0
    while pacer.begin(60 * Clock.second) { begun += 1 }
    #expect(begun <= 21)
  }

  @Test("without a rate everything may begin")
  func unlimited() {
    var pacer = Pacer(perSecond: nil)
    #expect((0..<1000).allSatisfy { _ in pacer.begin(1) })
  }
}

@Suite("Sharing the messages out")
struct LoadShareTests {
  @Test(
    "every message has one client, and no client has two more than another",
    arguments: [(1, 1), (10, 3), (3, 10), (1000, 7), (0, 4)])
  func shares(_ requests: Int, _ connections: Int) throws {
    var plan = LoadPlan(to: .abstract("x"), connections: connections)
    plan.requests = requests
    let shares = (0..<connections).compactMap { plan.share(of: $0) }
    #expect(shares.count == connections)
    #expect(shares.reduce(0, +) == requests)
    #expect(try #require(shares.max()) - (try #require(shares.min())) <= 1)
  }
}
