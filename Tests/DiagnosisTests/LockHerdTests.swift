import ProcNet
import Testing

@testable import Diagnosis

/// Threads at one lock: kept since the requests came, or idle as threads of a pool are.
@Suite("Threads at one lock")
struct LockHerdTests {
  @Test("each request has a thread of its own that fell asleep soon after it came")
  func matches() {
    #expect(LockHerd.matches([5000, 3000], [4990, 2980]) == 2)
    // At most 0.4 s of work before the lock; the clocks agree within 60 ms.
    #expect(LockHerd.matches([5000], [4600]) == 1 && LockHerd.matches([5000], [4599]) == 0)
    #expect(LockHerd.matches([5000], [5060]) == 1 && LockHerd.matches([5000], [5061]) == 0)
    // Two requests, one thread; two threads, one request.
    #expect(LockHerd.matches([5000, 5000], [4990]) == 1)
    #expect(LockHerd.matches([5000], [4990, 4990]) == 1)
    #expect(LockHerd.matches([], [1]) == 0 && LockHerd.matches([1], []) == 0)
    // What has just come, and the greatest figures.
    #expect(LockHerd.matches([100], [0]) == 1)
    #expect(LockHerd.matches([UInt64.max - 60], [UInt64.max]) == 1)
  }

  /// app (pid 10) has read a request on each of connections 1, 21 and 31, so many milliseconds ago;
  /// its threads 11, 12, 13 sleep at one address since the other times.
  private func made(
    _ requests: [UInt64], _ threads: [ThreadSnapshot], before: [ThreadSnapshot]? = nil
  ) -> MadeObservation {
    var made = MadeObservation()
    made.clogged(.tcp([0, 0, 0], limit: 5))
    var open: [Int32: DescriptorTarget] = [3: .socket(100)]
    for (number, since) in requests.enumerated() {
      let inode = UInt32(number) * 10 + 1
      made.pair(inode, inode + 1, port: 50_000 + UInt16(number))
      made.measured(inode, sent: since + 500, received: since)
      open[Int32(number) + 4] = .socket(inode)
    }
    made.take(MadeProcess(10, "app", open, threads, before: before))
    return made
  }

  private func herd(_ made: MadeObservation) -> LockHerd? {
    made.file.processes[10].flatMap { LockHerd(made.file, $0) }
  }

  private func asleep(_ thread: Int32, _ since: UInt64?, at address: UInt64 = 0x7000)
    -> ThreadSnapshot
  { .asleep(thread, .futex(address, 0), since: since) }

  @Test("a lock: asleep since the requests came")
  func proven() {
    let kept = herd(
      made([6000, 5000, 4000], [asleep(11, 5980), asleep(12, 4990), asleep(13, 3900)]))
    #expect(kept?.isProven == true && kept?.threads.map(\.thread) == [11, 12, 13])
    // Seven of ten are enough; so is one thread less than there are requests.
    #expect(
      herd(made([6000, 5000, 4000], [asleep(11, 5980), asleep(12, 4990)]))?.isProven == true)
    // Others at other locks do not belong to them.
    let beside = made(
      [6000, 5000], [asleep(11, 5980), asleep(12, 4990), asleep(13, 90_000, at: 0x9000)])
    #expect(herd(beside)?.threads.map(\.thread) == [11, 12])
  }

  @Test("idle threads of a pool: asleep since long before, or since no one knows when")
  func idle() {
    let times: [[UInt64?]] = [[90_000, 91_000, 70_000], [nil, nil, nil], [5980, 90_000, 91_000]]
    for times in times {
      let idle = made(
        [6000, 5000, 4000], times.enumerated().map { asleep(Int32($0.offset) + 11, $0.element) })
      #expect(herd(idle)?.isProven == false, "\(times)")
    }
    #expect(herd(made([], [asleep(11, 5980), asleep(12, 4990)]))?.isProven == false)
    // One alone may be chance.
    #expect(herd(made([6000], [asleep(11, 5980), asleep(12, 90_000)]))?.isProven == false)
  }

  @Test("no herd: one thread, two locks, a time-out, or threads that moved")
  func none() {
    #expect(herd(made([6000], [asleep(11, 5980)])) == nil)
    let apart = [asleep(11, 5980), asleep(12, 4990, at: 0x8000)]
    #expect(herd(made([6000, 5000], apart)) == nil)
    var timed = ThreadCall.futex(0x7000, 0)
    timed.timeout = .after(1000)
    let patient = (11...12).map { ThreadSnapshot.asleep($0, timed, since: 5980) }
    #expect(herd(made([6000, 6000], patient)) == nil)
    var now = [asleep(11, 5980), asleep(12, 4990)]
    now[0].userTicks = 2
    var before = now
    (before[0].voluntarySwitches, before[0].userTicks) = (0, 1)
    #expect(herd(made([6000, 5000], now, before: before)) == nil)
    let elsewhere = [asleep(11, 5980, at: 0x9000), asleep(12, 4990)]
    #expect(herd(made([6000, 5000], now, before: elsewhere)) == nil)
  }

  @Test("requests that somebody still waits to read from, or that were answered, count for nothing")
  func requests() {
    var made = made(
      [6000, 5000], [asleep(11, 5980), asleep(12, 4990), .asleep(13, .poll([4, 5]))])
    #expect(herd(made)?.isProven == false)
    made = self.made([6000, 5000], [asleep(11, 5980), asleep(12, 4990)])
    made.measured(1, sent: 5900, received: 6000)
    #expect(herd(made)?.isProven == false)
  }
}
