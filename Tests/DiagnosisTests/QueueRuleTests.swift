import ProcNet
import Testing

@testable import Diagnosis

/// Rules about accept queues: each fires on its trouble and is silent on its healthy twin.
@Suite("Rules about queues of listeners")
struct QueueRuleTests {
  private func made(_ listener: ObservedListener, _ settings: [String: String] = [:])
    -> MadeObservation
  {
    var made = MadeObservation(settings: settings)
    made.hold([100], by: 3040, "python3")
    made.listener(listener)
    return made
  }

  @Test("full: at every look, with the same connections or with drops")
  func full() {
    let full = made(.tcp([6, 6, 6], limit: 5, still: 6, drops: 15, new: 15, oldest: 61_000))
    let finding = full.findings(AcceptQueueFull()).first
    #expect(
      finding?.title == "The accept queue of 127.0.0.1:9000 is full: 6 connections wait, "
        + "the limit is 5")
    #expect(finding?.severity == .critical && finding?.confidence == .certain)
    #expect(
      finding?.story.first == """
        6 connections wait at 127.0.0.1:9000 to be accepted; its limit is 5, and the kernel lets \
        in one more. None of those that waited was accepted within 2 s. The oldest has been \
        waiting for 61 s. It is open in python3 (pid 3040) as fd 3.
        """)
    #expect(finding?.check.first == "ss -ltn 'sport = :9000'")
    #expect(
      finding?.evidence.contains { $0.place.process == 3040 && $0.place.descriptor == 3 } == true)
    // At its limit there is room for one; a burst; a brim that flows and loses nobody.
    #expect(made(.tcp([5, 5, 5], limit: 5, still: 5)).titles(AcceptQueueFull()).isEmpty)
    #expect(made(.tcp([0, 6, 6], limit: 5)).titles(AcceptQueueFull()).isEmpty)
    #expect(made(.tcp([6, 6, 6], limit: 5, taken: 6)).titles(AcceptQueueFull()).isEmpty)
    #expect(made(.tcp([6, 6, 6], limit: nil, still: 6)).titles(AcceptQueueFull()).isEmpty)
  }

  @Test("filling: high and not draining, or growing with nothing accepted")
  func filling() {
    let high = made(.tcp([15, 15, 15], limit: 16, still: 12, taken: 3))
    #expect(
      high.titles(AcceptQueueFilling()) == [
        "The accept queue of 127.0.0.1:9000 is 93 % full and does not drain: 15 connections "
          + "wait, the limit is 16"
      ])
    let growing = made(.tcp([2, 4, 6], limit: 128, still: 2))
    #expect(
      growing.titles(AcceptQueueFilling()) == [
        "The accept queue of 127.0.0.1:9000 grew from 2 to 6 and nothing was accepted"
      ])
    let hiddenOwner = made(.tcp([3, 3, 3], limit: 128, still: 3, oldest: 9000))
    #expect(
      hiddenOwner.titles(AcceptQueueFilling()) == [
        "Nothing is accepted at 127.0.0.1:9000: 3 connections wait, the oldest for 9 s"
      ])
    // From /proc there are neither limits nor ages: what does not move is told after a while.
    let unknown = made(.tcp([1, 1, 1], limit: nil, still: 1))
    #expect(
      unknown.titles(AcceptQueueFilling()) == [
        "Nothing is accepted at 127.0.0.1:9000: 1 connection waits, the oldest for at least 2 s"
      ])
    #expect(made(.tcp([1, 1, 1], limit: nil, taken: 1)).titles(AcceptQueueFilling()).isEmpty)
    // Full is another finding; the same height with others in it; growing while some are taken.
    #expect(made(.tcp([6, 6, 6], limit: 5, still: 6)).titles(AcceptQueueFilling()).isEmpty)
    #expect(
      made(.tcp([15, 15, 15], limit: 16, taken: 15)).titles(AcceptQueueFilling()).isEmpty)
    #expect(
      made(.tcp([2, 4, 6], limit: 128, still: 1, taken: 1)).titles(AcceptQueueFilling()).isEmpty
    )
    #expect(made(.tcp([0, 0, 1], limit: 128)).titles(AcceptQueueFilling()).isEmpty)
    #expect(
      made(.tcp([3, 3, 3], limit: 128, still: 3, oldest: 900)).titles(AcceptQueueFilling())
        .isEmpty)
  }

  @Test("drops: a warning while they rise, a notice afterwards, nothing before")
  func drops() {
    let rising = made(.tcp([0, 0, 0], limit: 5, drops: 15, new: 3)).findings(AcceptQueueDrops())
    #expect(rising.map(\.title) == ["127.0.0.1:9000 dropped 3 attempts to connect within 2 s"])
    #expect(rising.first?.severity == .warning && rising.first?.confidence == .likely)
    let past = made(.tcp([0, 0, 0], limit: 5, drops: 15, new: 0)).findings(AcceptQueueDrops())
    #expect(
      past.map(\.title) == [
        "127.0.0.1:9000 has dropped 15 attempts to connect since it was opened, none of them just now"
      ])
    #expect(past.first?.severity == .notice)
    #expect(
      made(.tcp([0, 0, 0], limit: 5, drops: 0, new: 0)).titles(AcceptQueueDrops()).isEmpty)
    #expect(made(.tcp([0, 0, 0], limit: 5)).titles(AcceptQueueDrops()).isEmpty)
  }

  @Test("of what a listener counts at most as many are drops as its namespace counts")
  func setAside() {
    func severities(_ all: Int64) -> [Severity] {
      var made = MadeObservation(counters: ["TcpExt ListenDrops": (all, all)])
      made.listener(.tcp([0, 0, 0], limit: 5, drops: 15, new: 0))
      return made.findings(AcceptQueueDrops()).map(\.severity)
    }
    #expect(severities(7) == [.notice] && severities(0).isEmpty)
  }

  @Test("one shard of four fills and the others are empty")
  func shards() {
    func titles(_ others: UInt32) -> [String] {
      var made = MadeObservation()
      for number in 0..<4 as Range<UInt32> {
        let length = number == 0 ? 9 : others
        var shard = ObservedListener.tcp(
          [length, length, length], limit: 8, inode: 100 + number, still: 9)
        (shard.listener.shards, shard.listener.shard) = (4, Int(number))
        made.listener(shard)
      }
      return made.titles(ReuseportImbalance())
    }
    #expect(
      titles(0) == [
        "1 of 4 sockets that share 127.0.0.1:9000 is not served: 9 connections wait there, "
          + "none at the others"
      ])
    #expect(titles(9).isEmpty && titles(1).isEmpty)
  }

  @Test("SYN queue: cookies or drops beside many requests, and requests alone not")
  func handshakes() {
    func made(_ cookies: String, _ counters: [String: (Int64, Int64)], _ count: Int)
      -> MadeObservation
    {
      var made = MadeObservation(
        counters: counters.mapValues { ($0.0, $0.1) },
        settings: ["ipv4/tcp_syncookies": cookies, "ipv4/tcp_max_syn_backlog": "16"])
      var listener = ObservedListener.tcp([0, 0, 0], limit: 64, drops: 9, new: 9)
      listener.handshakes = count
      made.listener(listener)
      return made
    }
    let sent = ["TcpExt SyncookiesSent": (0, 12) as (Int64, Int64)]
    let flood = made("1", sent, 65).findings(SynQueuePressure())
    #expect(
      flood.map(\.title) == [
        "65 half-open connections at 127.0.0.1:9000 fill the SYN queue; the kernel answers with "
          + "SYN cookies"
      ])
    #expect(flood.first?.severity == .warning)
    let dropped = made("0", ["TcpExt ListenDrops": (0, 9)], 13)
    #expect(dropped.findings(SynQueuePressure()).map(\.severity) == [.critical])
    // The SYN queue's drops are not told a second time.
    #expect(dropped.titles(AcceptQueueDrops()).isEmpty)
    #expect(made("1", [:], 65).titles(SynQueuePressure()).isEmpty)
    #expect(made("2", sent, 65).titles(SynQueuePressure()).isEmpty)
    #expect(made("1", sent, 3).titles(SynQueuePressure()).isEmpty)
  }

  @Test("backlogs are told of only where they were too short")
  func backlogs() {
    let most = ["core/somaxconn": "128"]
    #expect(
      made(.tcp([70, 0, 0], limit: 128), most).titles(BacklogClipped()) == [
        "The backlog of 127.0.0.1:9000 is 128, the most that net.core.somaxconn allows"
      ])
    #expect(made(.tcp([0, 0, 0], limit: 128), most).titles(BacklogClipped()).isEmpty)
    #expect(made(.tcp([70, 0, 0], limit: 127), most).titles(BacklogClipped()).isEmpty)
    #expect(made(.tcp([70, 0, 0], limit: 128)).titles(BacklogClipped()).isEmpty)
    #expect(
      made(.tcp([0, 0, 0], limit: 5, drops: 1, new: 0)).titles(BacklogSmall()) == [
        "The backlog of 127.0.0.1:9000 is only 5, and it has dropped 1 attempt to connect"
      ])
    #expect(made(.tcp([0, 0, 0], limit: 5, drops: 0, new: 0)).titles(BacklogSmall()).isEmpty)
    #expect(made(.tcp([0, 0, 0], limit: 17, drops: 1, new: 0)).titles(BacklogSmall()).isEmpty)
  }
}
