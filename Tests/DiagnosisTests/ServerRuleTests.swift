import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Rules about what a server itself does: each on its scenario, and silent beside it.
@Suite("Rules about servers")
struct ServerRuleTests {
  private static let open: [Int32: DescriptorTarget] = [3: .socket(100), 4: .socket(1)]

  private func made(
    _ processes: [MadeProcess], _ listener: ObservedListener = .tcp([3, 3, 3], limit: 5, still: 3)
  ) -> MadeObservation {
    var made = MadeObservation()
    made.pair(1, 2)
    made.pair(21, 22, port: 50_001)
    made.hold([2], by: 50, "curl")
    made.measured(1, sent: 62_000, received: 62_500)
    for process in processes { made.take(process) }
    made.clogged(listener)
    made.readServers()
    return made
  }

  private func one(_ thread: ThreadSnapshot) -> MadeProcess {
    MadeProcess(10, "app", Self.open, [thread])
  }

  /// Of all rules about servers only one speaks of one scenario.
  private func ids(_ made: MadeObservation) -> [String] {
    let rules: [any Rule] = [
      ServerBlocked(), WorkersExhausted(), EventLoopBlocked(),
      AcceptorWaitsChild(), ProcessStopped(), ListenerPaused(), SelfCall(),
      WaitCycle(), WaitsUpstream(), LockWait(), RequestUnanswered(),
    ]
    return rules.flatMap { $0.findings(in: made.file) }.map(\.id)
  }

  @Test("server-blocked")
  func blocked() {
    let made = made([one(.asleep(10, .on(.recvfrom, 4)))])
    let finding = made.findings(ServerBlocked()).first
    #expect(
      finding?.title
        == "127.0.0.1:9000 answers no one: its only accepting thread has been waiting 62 s "
        + "for one silent client")
    #expect(finding?.severity == .critical && finding?.confidence == .certain)
    #expect(
      finding?.evidence.contains { $0.place.process == 10 && $0.place.descriptor == 4 } == true)
    #expect(finding?.chain.map(\.call) == ["recvfrom"])
    #expect(ids(made) == ["server-blocked"])
  }

  @Test("a server that accepts, whose queue moves, or of which there is one look only")
  func notBlocked() {
    let reading = one(.asleep(10, .on(.recvfrom, 4)))
    #expect(ids(made([one(.asleep(10, .on(.accept4, 3))).awake()])).isEmpty)
    #expect(ids(made([reading], .tcp([3, 3, 3], limit: 5, still: 1, taken: 2))).isEmpty)
    #expect(ids(made([reading], .tcp([3, 0, 3], limit: 5, still: 3))).isEmpty)
    #expect(ids(made([reading], .tcp([0, 0, 0], limit: 5))).isEmpty)
    // At one look, what has waited for long is stuck.
    func once(_ oldest: UInt32) -> [Finding] {
      var made = MadeObservation()
      made.file.span = nil
      made.pair(1, 2)
      var process = reading
      process.now.threads[0].voluntarySwitches = nil
      made.take(process)
      made.clogged(.tcp([3], limit: 5, oldest: oldest))
      made.readServers()
      return made.findings(ServerBlocked())
    }
    #expect(once(999).isEmpty)
    #expect(once(1000).map(\.confidence) == [.likely])
  }

  private func workers(_ calls: [ThreadCall]) -> [MadeProcess] {
    calls.enumerated().map { number, call in
      let process = 20 + Int32(number)
      let inode: UInt32 = number == 0 ? 1 : 21
      return MadeProcess(
        process, "app", [3: .socket(100), 4: .socket(inode)], [.asleep(process, call)])
    }
  }

  @Test("workers-exhausted")
  func exhausted() {
    let busy = workers([.on(.recvfrom, 4), .on(.recvfrom, 4)])
    let made = made(busy)
    #expect(
      made.titles(WorkersExhausted()) == [
        "127.0.0.1:9000 accepts no new connections: both worker processes wait for silent "
          + "clients"
      ])
    #expect(ids(made) == ["workers-exhausted"])
    // Full all the time, though some are taken: not one worker is free.
    let moving = ObservedListener.tcp([6, 6, 6], limit: 5, still: 2, taken: 1)
    #expect(ids(self.made(busy, moving)) == ["workers-exhausted"])
    #expect(ids(self.made(busy, .tcp([3, 3, 3], limit: 5, still: 2, taken: 1))).isEmpty)
    let free = workers([.on(.recvfrom, 4), .on(.accept, 3)]).map { $0.awake() }
    #expect(ids(self.made(free)).isEmpty)
  }

  private func loop(
    _ now: [ThreadSnapshot], _ before: [ThreadSnapshot]? = nil
  ) -> MadeProcess {
    MadeProcess(10, "node", Self.open, now, before: before)
      .watching(9, watched(3, 100), watched(4, 1))
  }

  @Test("event-loop-blocked")
  func loops() {
    let spinning = made([loop([.running(10, ticks: 100)], [.running(10)])])
    #expect(spinning.findings(EventLoopBlocked()).map(\.severity) == [.critical])
    #expect(spinning.titles(EventLoopBlocked()).first?.contains("100 %") == true)
    #expect(ids(spinning) == ["event-loop-blocked"])
    let asleep = made([loop([.asleep(10, .other(.clockNanosleep))])])
    #expect(
      asleep.titles(EventLoopBlocked()) == [
        "127.0.0.1:9000 answers no one: its event loop sleeps in clock_nanosleep() and does "
          + "nothing else"
      ])
    // Which thread it is does not show while it waits for its helpers.
    let hidden = made([loop([.asleep(10, .futex(0x7000, 0)), .asleep(11, .futex(0x8000, 0))])])
    #expect(
      hidden.titles(EventLoopBlocked()) == [
        "127.0.0.1:9000 answers no one: its event loop is not in its wait: no thread waits in the "
          + "epoll that watches the listener"
      ])
  }

  @Test("of two loops one that is away and one that is only busy for a moment: none is blocked")
  func twoLoops() {
    func made(_ ticks: UInt64) -> MadeObservation {
      var second = MadeProcess(
        11, "node", Self.open, [.running(11, ticks: ticks)], before: [.running(11)]
      ).watching(9, watched(3, 100), watched(4, 1))
      second.now.threads[0].voluntarySwitches = 9
      return self.made([loop([.asleep(10, .other(.clockNanosleep))]), second])
    }
    #expect(ids(made(100)) == ["event-loop-blocked"])
    #expect(ids(made(0)).isEmpty)
  }

  @Test("a loop in its wait, one that is busy for a moment, and one of two")
  func healthyLoops() {
    #expect(ids(made([loop([.asleep(10, .epoll(9))])])).isEmpty)
    #expect(ids(made([loop([.running(10, ticks: 10)], [.asleep(10, .other(.openat))])])).isEmpty)
    #expect(ids(made([loop([.running(10, ticks: 90)], [.asleep(10, .epoll(9))])])).isEmpty)
    var second = loop([.asleep(11, .epoll(9))])
    (second.now.process, second.before.process) = (11, 11)
    #expect(ids(made([loop([.running(10, ticks: 100)], [.running(10)]), second])).isEmpty)
  }

  @Test("a loop that owes its clients a read, though nobody waits to be accepted")
  func owed() {
    func ids(_ received: UInt32, last: UInt64 = 5000, said: UInt64 = 5000) -> [String] {
      var made = made(
        [loop([.running(10, ticks: 100)], [.running(10)])], .tcp([0, 0, 0], limit: 5))
      let before = Socket.tcp(.established, 9000, 50_000, inode: 1, received: 80)
      let now = Socket.tcp(.established, 9000, 50_000, inode: 1, received: received)
      made.connection(before, now)
      made.measured(1, sent: said, received: last)
      for place in made.file.servers.indices {
        made.file.servers[place].owesReads = UnreadRequests(made.file).listeners.contains(100)
      }
      return self.ids(made)
    }
    #expect(ids(80) == ["event-loop-blocked"])
    // More, less, none; and as many bytes of the next request.
    #expect(ids(160).isEmpty && ids(40).isEmpty && ids(0).isEmpty)
    #expect(ids(80, last: 500).isEmpty)
    // It has said something to a client since: this one it may leave waiting on purpose.
    #expect(ids(80, said: 500).isEmpty)
  }

  @Test("acceptor-waits-child")
  func child() {
    let waiting = one(.asleep(10, .other(.wait4, [42])))
    let some = made([waiting], .tcp([3, 3, 3], limit: 5, still: 1, taken: 2))
    #expect(
      some.titles(AcceptorWaitsChild()) == [
        "127.0.0.1:9000 accepts only 2 connections in 2 s: the thread that should accept waits "
          + "for a child process"
      ])
    #expect(ids(some) == ["acceptor-waits-child"])
    #expect(made([waiting]).findings(AcceptorWaitsChild()).map(\.severity) == [.critical])
    // A wait that has just begun, and one with an empty queue.
    let fresh = MadeProcess(
      10, "app", Self.open, [.asleep(10, .other(.wait4, [42]))],
      before: [.asleep(10, .on(.accept, 3))])
    #expect(ids(made([fresh])).isEmpty)
    #expect(ids(made([waiting], .tcp([0, 0, 0], limit: 5))).isEmpty)
    // A master that waits for its children is no acceptor.
    let master = MadeProcess(9, "app", [3: .socket(100)], [.asleep(9, .other(.wait4, [20]))])
    #expect(!ids(made([master] + workers([.on(.accept, 3)]))).contains("acceptor-waits-child"))
  }

  @Test("process-stopped")
  func stopped() {
    let halted = one(.asleep(10, .on(.accept4, 3), state: "T"))
    let alone = made([halted]).findings(ProcessStopped())
    #expect(
      alone.map(\.title) == [
        "app (pid 10), which should serve 127.0.0.1:9000, is stopped (SIGSTOP, or Ctrl-Z in its "
          + "terminal)"
      ])
    #expect(alone.map(\.severity) == [.critical])
    #expect(alone.first?.remedy.first?.contains("kill -CONT 10") == true)
    #expect(ids(made([halted])) == ["process-stopped"])
    // Nobody waits yet; others serve.
    let calm = made([halted], .tcp([0, 0, 0], limit: 5))
    #expect(calm.findings(ProcessStopped()).map(\.severity) == [.warning])
    let shared = made([halted] + workers([.on(.accept, 3)]).map { $0.awake() })
    #expect(shared.findings(ProcessStopped()).map(\.severity) == [.warning])
    #expect(ids(made([one(.asleep(10, .on(.accept4, 3))).frozen()])) == ["process-stopped"])
  }

  @Test("a stopped worker is the whole server where its parent only has the listener open")
  func stoppedWorker() {
    func severity(_ parent: ThreadSnapshot) -> [Severity] {
      var worker = one(.asleep(10, .on(.accept4, 3), state: "t"))
      worker.now.parent = 9
      worker.before.parent = 9
      let master = MadeProcess(9, "app", [3: .socket(100), 5: .pipe(7)], [parent])
      return made([master, worker]).findings(ProcessStopped())
        .filter { $0.title.hasPrefix("app (pid 10)") }.map(\.severity)
    }
    #expect(severity(.asleep(9, .poll([5], .after(1000)))) == [.critical])
    #expect(severity(.asleep(9, .poll([3], .after(1000)))) == [.warning])
  }

  @Test("the thread that waits for a child is named, whichever else is busy")
  func childWaiter() {
    let threads: [ThreadSnapshot] = [
      .running(10, ticks: 100), .asleep(11, .other(.wait4, [20])),
    ]
    let made = made([MadeProcess(10, "app", Self.open, threads)])
    let found = made.findings(AcceptorWaitsChild())
    #expect(found.map { $0.evidence.contains { $0.place.thread == 11 } } == [true])
    #expect(found.map { $0.evidence.contains { $0.place.thread == 10 } } == [false])
  }

  @Test("stopped processes that serve nobody, and one of whose threads alone is stopped")
  func notStopped() {
    let editor = MadeProcess(70, "vi", [4: .socket(2)], [.asleep(70, .on(.read, 0), state: "T")])
    #expect(ids(made([one(.asleep(10, .on(.accept4, 3))).awake(), editor])).isEmpty)
    let debugged = MadeProcess(
      10, "app", Self.open,
      [.asleep(10, .on(.accept4, 3)), .asleep(11, .on(.recvfrom, 4), state: "t")])
    #expect(ids(made([debugged.awake()])).isEmpty)
  }

  @Test("a stopped name server serves, a stopped client with a UDP socket does not")
  func stoppedDatagrams() {
    func ids(_ port: UInt16) -> [String] {
      var made = MadeObservation(settings: ["ipv4/ip_local_port_range": "40000 40099"])
      made.take(one(.asleep(10, .on(.recvfrom, 3), state: "T")))
      made.listener(.udp(port: port, inode: 100, drops: 0, new: 0))
      return self.ids(made)
    }
    #expect(ids(53) == ["process-stopped"] && ids(40_005).isEmpty)
  }

  @Test("listener-paused")
  func paused() {
    let away = one(.asleep(10, .epoll(9))).watching(9, watched(4, 1))
    #expect(made([away]).findings(ListenerPaused()).map(\.severity) == [.warning])
    #expect(made([away]).titles(ListenerPaused()).first?.contains("app (pid 10)") == true)
    #expect(ids(made([away])) == ["listener-paused"])
    #expect(ids(made([away], .tcp([0, 0, 0], limit: 5))).isEmpty)
    let there = one(.asleep(10, .epoll(9))).watching(9, watched(4, 1), watched(3, 100))
    #expect(ids(made([there])).isEmpty)
    // What could not be read may hold the listener.
    #expect(ids(made([one(.asleep(10, .epoll(9)))])).isEmpty)
    #expect(ids(made([one(.asleep(10, .poll(nil)))])).isEmpty)
  }

  @Test("what may not be seen gives no finding about what it does")
  func hiddenOwner() {
    #expect(ids(made([MadeProcess(10, "app", nil, [.denied(10)])])).isEmpty)
    #expect(ids(made([])).isEmpty)
  }

  @Test("workers by what they wait for, the most first")
  func groups() {
    var made = MadeObservation()
    for (number, inode) in ([1, 21, 31] as [UInt32]).enumerated() {
      made.pair(inode, inode + 1, port: 50_000 + UInt16(number))
    }
    made.file.table.insert(.tcp(.established, 41_000, 5432, inode: 11, at: 0x0A00_0009))
    made.take(
      MadeProcess(
        10, "app",
        [3: .socket(100), 4: .socket(1), 5: .socket(21), 6: .socket(31), 7: .socket(11)],
        [
          .asleep(10, .futex(0x8000, 0)), .asleep(11, .on(.recvfrom, 7)),
          .asleep(12, .on(.recvfrom, 4)), .asleep(13, .on(.recvfrom, 5)),
          .asleep(14, .on(.sendto, 6)), .asleep(15, .futex(0x7000)),
        ]))
    made.clogged()
    let workers = made.server().map { Workers(made.file, $0) }
    #expect(workers?.count == 5 && workers?.word == "worker threads")
    #expect(workers?.groups.map(\.blockers.count) == [2, 1, 1, 1])
    #expect(workers?.groups.first?.blockers.allSatisfy(\.isAccepted) == true)
    #expect(workers?.isCertain == true)
  }
}
