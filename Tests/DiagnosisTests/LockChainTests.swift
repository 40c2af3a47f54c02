import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Chains of waiting at locks, pipes and children, and whose turn it is in a server.
@Suite("Chains of waiting at locks, pipes and children")
struct LockChainTests {
  private func pool(_ threads: [ThreadSnapshot]) -> MadeObservation {
    var made = MadeObservation()
    made.pair(1, 2)
    made.hold([2], by: 20, "curl")
    made.take(MadeProcess(10, "app", [3: .socket(100), 4: .socket(1)], threads))
    made.clogged()
    return made
  }

  private func holder(_ threads: [ThreadSnapshot]) -> Int32? {
    let made = pool(threads)
    return made.file.processes[10].flatMap { LockOwners(made.file).holder(of: $0.threads[0]) }?
      .thread
  }

  @Test("a lock that names its holder, and one whose holder is the only one left")
  func holders() {
    let waiting = ThreadSnapshot.asleep(10, .futex(0x7000))
    let reading = ThreadSnapshot.asleep(11, .on(.recvfrom, 4))
    let asleep = ThreadSnapshot.asleep(12, .other(.nanosleep))
    let idle = ThreadSnapshot.asleep(13, .futex(0x8000, 0))
    #expect(holder([waiting, reading, idle]) == 11)
    #expect(holder([waiting, asleep, .asleep(14, .on(.accept, 3))]) == 12)
    #expect(holder([waiting, .running(15, ticks: 90)]) == 15)
    // Two come into question, and none.
    #expect(holder([waiting, .running(15)]) == nil, "it ran just now, for no time")
    #expect(holder([waiting, reading, asleep]) == nil)
    #expect(holder([waiting, idle]) == nil)
    #expect(holder([.asleep(10, .futex(0x7000, holder: 12)), reading, asleep]) == 12)
    // Claims that cannot be: of itself, of nobody.
    #expect(holder([.asleep(10, .futex(0x7000, holder: 10)), reading]) == 11)
    #expect(holder([.asleep(10, .futex(0x7000, holder: 99)), reading]) == 11)
    // Whoever polls the listener waits for work.
    #expect(holder([waiting, .asleep(16, .poll([3]))]) == nil)
  }

  @Test("a chain passes the lock and ends at what its holder waits for")
  func throughLock() {
    let path = pool([
      .asleep(10, .futex(0x7000)), .asleep(11, .on(.recvfrom, 4)),
      .asleep(12, .futex(0x8000, 0)),
    ]).path(10)
    guard case .silent(_, let who)? = path?.end else {
      Issue.record("not the holder's client")
      return
    }
    #expect(who.process == 20 && path?.links.map(\.thread) == [10, 11])
    guard case .lock(nil)? = pool([.asleep(10, .futex(0x7000))]).path(10)?.end else {
      Issue.record("a lock of nobody")
      return
    }
  }

  @Test("two threads with each other's lock are a ring of one process")
  func crossed() {
    let path = pool([
      .asleep(10, .futex(0x7000, holder: 11)), .asleep(11, .futex(0x8000, holder: 10)),
    ]).path(10)
    guard case .cycle(let ring)? = path?.end else {
      Issue.record("no ring")
      return
    }
    #expect(ring.map(\.process) == [10, 10])
  }

  @Test("a lock on a file, by /proc/locks")
  func fileLock() {
    var made = pool([.asleep(10, .on(.flock, 9))])
    let text =
      "1: FLOCK  ADVISORY  WRITE 40 fe:00:7 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 10 fe:00:7 0 EOF\n"
    made.file.locks = ProcLocks(Array(text.utf8))
    guard case .lock(let name)? = made.path(10)?.end else {
      Issue.record("not a lock")
      return
    }
    #expect(name?.process == 40)
    made.take(MadeProcess(40, "cron", [:], [.running(40)]))
    guard case .processor(let thread)? = made.path(10)?.end else {
      Issue.record("not the holder's work")
      return
    }
    #expect(thread.thread == 40)
  }

  @Test("a pipe: who writes what is read, and nobody")
  func pipe() {
    var made = pool([])
    made.take(
      MadeProcess(10, "app", [3: .socket(100), 5: .pipe(7)], [.asleep(10, .on(.read, 5))]))
    made.take(MadeProcess(50, "gzip", [1: .pipe(7)], [.running(50)]))
    guard case .unknown? = made.path(10)?.end else {
      Issue.record("a pipe of nobody")
      return
    }
    made.file.pipes = .made([(10, 5, false), (50, 1, true)])
    guard case .processor(let thread)? = made.path(10)?.end else {
      Issue.record("not the writer")
      return
    }
    #expect(thread.thread == 50)
    made.file.processes[50] = nil
    guard case .pipe(let name)? = made.path(10)?.end else {
      Issue.record("not the writer by name")
      return
    }
    #expect(name.process == 50)
  }

  @Test("a child: the one that is named, else the youngest")
  func child() {
    var made = pool([.asleep(10, .other(.wait4, [41]))])
    made.host([(10, 1), (41, 10), (42, 10)])
    guard case .child(let named)? = made.path(10)?.end else {
      Issue.record("not a child")
      return
    }
    #expect(named?.process == 41)
    made.take(MadeProcess(10, "app", [:], [.asleep(10, .other(.wait4, [UInt64.max]))]))
    made.take(MadeProcess(42, "app", [:], [.asleep(42, .other(.nanosleep))]))
    guard case .timer(let thread)? = made.path(10)?.end else {
      Issue.record("not the youngest child's sleep")
      return
    }
    #expect(thread.thread == 42)
  }

  private func responsible(_ threads: [ThreadSnapshot], loop: Bool = false) -> Int32? {
    var made = MadeObservation()
    made.pair(1, 2)
    made.pair(5, 6, port: 50_001)
    var process = MadeProcess(
      10, "app", [3: .socket(100), 4: .socket(1), 5: .socket(5), 6: .socket(7)], threads)
    if loop { process = process.watching(9, watched(3, 100), watched(4, 1)) }
    made.file.table.insert(.tcp(.established, 41_000, 5432, inode: 7))
    made.measured(7, sent: 10, received: 5000)
    made.take(process)
    made.clogged()
    return made.file.processes[10].flatMap {
      AnsweringThread(made.file).thread(of: $0, for: 1, since: nil)
    }?
    .thread
  }

  @Test("whose turn it is: who serves the connection, who runs its loop, else who is kept")
  func turns() {
    let idle = ThreadSnapshot.asleep(13, .futex(0x8000, 0))
    let ofAnother = ThreadSnapshot.asleep(11, .on(.recvfrom, 5))
    #expect(responsible([.running(10)]) == 10)
    #expect(responsible([idle, .asleep(12, .on(.recvfrom, 4))]) == 12)
    #expect(responsible([idle, .asleep(9, .epoll(9))], loop: true) == 9)
    #expect(responsible([idle, .running(8, ticks: 90)], loop: true) == 8)
    #expect(responsible([ofAnother, idle]) == nil)
    #expect(responsible([ofAnother, idle, .running(14, ticks: 90)]) == 14)
    #expect(responsible([.running(14, ticks: 90), .asleep(15, .on(.recvfrom, 6))]) == 15)
    #expect(
      responsible([.asleep(15, .on(.recvfrom, 6)), .asleep(16, .futex(0x7000))]) == 16)
    // Stopped as a whole: any thread tells it.
    #expect(
      responsible([
        .asleep(10, .on(.accept, 3), state: "T"), .asleep(11, .on(.accept, 3), state: "T"),
      ]) == 10)
  }

  @Test("whom to look at next")
  func frontier() {
    var made = pool([.asleep(10, .on(.recvfrom, 4)), .asleep(11, .other(.wait4, [41]))])
    let snapshot = made.file.processes[10]?.snapshot
    #expect(snapshot.map { NextProcesses(made.file).beyond([$0]) } == [20, 41])
    made.file.table.insert(.tcp(.established, 50_009, 9000, inode: 77))
    made.file.table.insert(.tcp(.established, 9000, 50_009))
    let client = MadeProcess(60, "curl", [3: .socket(77)], [.asleep(60, .on(.read, 3))])
    // Its other end is in the queue: whoever holds the listener is next.
    #expect(NextProcesses(made.file).beyond([client.now]) == [10])
    let piping = MadeProcess(61, "x", [3: .pipe(9)], [.asleep(61, .on(.read, 3))])
    #expect(NextProcesses.pipes([piping.now]) == [9])
  }
}
