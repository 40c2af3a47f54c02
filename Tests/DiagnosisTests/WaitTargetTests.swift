@testable import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// What a thread that waits for descriptors really waits for, by what its call has in its set.
@Suite("What the set of a wait means")
struct WaitTargetTests {
  /// Of app (pid 10): listener 100 as 3, accepted connections 1 and 21 as 4 and 5, its own
  /// connections 11 and 13 to port 5432 as 6 and 7, a pipe as 8, an event counter as 12, and one end
  /// of a pair of sockets, 31, as 14.
  private static let open: [Int32: DescriptorTarget] = [
    3: .socket(100), 4: .socket(1), 5: .socket(21), 6: .socket(11), 7: .socket(13), 8: .pipe(7),
    12: .event, 14: .socket(31), 15: .file(Array("/var/log/x".utf8)),
  ]

  private func made(
    _ call: ThreadCall, sets: [Int32: [String]] = [:], asked: UInt32? = nil
  ) -> MadeObservation {
    var made = MadeObservation()
    made.clogged(.tcp([0, 0, 0], limit: 5))
    made.pair(1, 2)
    made.pair(21, 22, port: 50_001)
    made.pair(12, 11, port: 41_000, to: 5432)
    made.pair(14, 13, port: 41_001, to: 5432)
    for inode in [11, 13] as [UInt32] {
      let isAsked = inode == asked
      made.measured(inode, sent: isAsked ? 4000 : 5000, received: isAsked ? 5000 : 4000)
    }
    var process = MadeProcess(10, "app", Self.open, [.asleep(10, call)])
    for (epoll, lines) in sets {
      let text = lines.map { "tfd: \($0)\n" }.joined()
      process.now.watchLists[epoll] = ProcFdinfo.decode(Array(text.utf8).span).watched
      process.now.descriptors?[epoll] = .eventPoll
    }
    made.take(process)
    made.host([(10, 1), (41, 10), (60, 1)])
    return made
  }

  private func target(_ made: MadeObservation) -> WaitTarget? {
    made.file.processes[10]?.threads.first.flatMap { made.file.target(of: $0) }
  }

  private func isIdle(_ made: MadeObservation) -> Bool? {
    made.file.processes[10]?.threads.first.map { made.file.isIdle($0) }
  }

  /// The inode of the connection that it waits for.
  private func connection(_ made: MadeObservation) -> UInt32? {
    guard case .connection(let awaited)? = target(made) else { return nil }
    return awaited.inode
  }

  private let listening = watched(3, 100)
  private let client = watched(4, 1)
  private let upstream = watched(6, 11)
  private let wakeUp = "12 events: 1 data: 0 pos:0 ino:99 sdev:9"

  @Test("a call on one connection")
  func calls() {
    #expect(connection(made(.on(.recvfrom, 4))) == 1)
    #expect(connection(made(.on(.sendto, 6))) == 11)
    #expect(connection(made(.on(.connect, 6))) == 11)
    #expect(isIdle(made(.on(.recvfrom, 4))) == false)
    #expect(target(made(.on(.accept4, 3))) == .clients && isIdle(made(.on(.accept4, 3))) == true)
    // A read that is really an accept, and calls that are about no descriptor.
    #expect(target(made(.on(.recvmsg, 3))) == .clients)
    #expect(target(made(.futex(0x7000))) == nil && target(made(.other(.nanosleep))) == nil)
    #expect(target(made(.on(.write, 15))) == nil && isIdle(made(.on(.write, 15))) == false)
  }

  @Test("a listener in the set: it waits for clients, whatever else it asked for")
  func listener() {
    for made in [
      made(.poll([3])), made(.poll([3, 6]), asked: 11),
      made(.epoll(9), sets: [9: [listening, client, upstream]], asked: 11),
      made(.epoll(9), sets: [9: [upstream, listening]], asked: 11),
    ] {
      #expect(target(made) == .clients && isIdle(made) == true)
    }
  }

  @Test("accepted clients in the set: one alone in poll is what it serves")
  func clients() {
    #expect(connection(made(.poll([4]))) == 1)
    #expect(connection(made(.poll([4, 12]))) == 1)
    #expect(target(made(.poll([4, 5]))) == .clients)
    #expect(target(made(.poll([4, 6]), asked: 11)) == .clients)
    #expect(target(made(.epoll(9), sets: [9: [client]])) == .clients)
    #expect(target(made(.epoll(9), sets: [9: [client, upstream]], asked: 11)) == .clients)
  }

  @Test("an inner loop: only the server that it asked, and what wakes it")
  func innerLoop() {
    let asked = made(.epoll(9), sets: [9: [upstream, wakeUp]], asked: 11)
    #expect(connection(asked) == 11 && isIdle(asked) == false)
    #expect(connection(made(.poll([6, 7]), asked: 13)) == 13)
    #expect(connection(made(.poll([6, 12]), asked: 11)) == 11)
    // Which server it has asked does not matter where it looks at one connection alone.
    #expect(connection(made(.poll([6]))) == 11)
  }

  @Test("a unix connection that still waits in the server's queue is a call, also in poll")
  func queuedUnixCall() {
    var made = made(.poll([14]))
    made.file.table.insert(.unix(.unixStream, .established, inode: 31))
    #expect(target(made) == .wakeUp)
    var listener = Socket.unix(.unixStream, .listen, inode: 77, path: "private/rewrite")
    listener.details = SocketDetails(waiting: [31])
    made.file.table.insert(listener)
    #expect(connection(made) == 31 && isIdle(made) == false)
  }

  @Test("feeds: connections of its own on which nothing is due")
  func feeds() {
    for made in [
      made(.epoll(9), sets: [9: [upstream, wakeUp]]), made(.epoll(9), sets: [9: [upstream]]),
      made(.poll([6, 7])),
    ] {
      #expect(target(made) == .feeds && isIdle(made) == true)
    }
  }

  @Test("an epoll instance in which no thread waits is nobody's wait")
  func otherInstance() {
    // Instance 9 has listener and clients; the thread sleeps in instance 8.
    let sets = [9: [listening, client], 8: [upstream, wakeUp]] as [Int32: [String]]
    #expect(connection(made(.epoll(8), sets: sets, asked: 11)) == 11)
    #expect(target(made(.epoll(9), sets: sets, asked: 11)) == .clients)
    let inner = made(.epoll(8), sets: sets, asked: 11)
    #expect(inner.file.processes[10]?.watched[100] == 9)
    #expect(inner.file.processes[10].map { inner.file.isWatched(100, by: $0) } == false)
  }

  @Test("what could not be read, and a set of very many")
  func hidden() {
    for made in [made(.poll(nil)), made(.epoll(9))] {
      #expect(target(made) == .hidden && isIdle(made) == true)
    }
    var crowd = made(.poll([6] + Array(100..<165)), asked: 11)
    var process = MadeProcess(10, "app", Self.open, [.asleep(10, .poll([6] + Array(100..<165)))])
    for number in 100..<165 as Range<Int32> {
      process.now.descriptors?[number] = .socket(UInt32(number) + 900)
    }
    crowd.take(process)
    #expect(target(crowd) == .clients)
  }

  @Test("a pipe to itself wakes it, in poll and in read")
  func selfPipe() {
    for call in [ThreadCall.on(.read, 8), .poll([8])] {
      var made = made(call)
      made.file.pipes = .made([(10, 8, false), (10, 9, true)])
      #expect(target(made) == .wakeUp && isIdle(made) == true)
    }
    // A child has inherited it.
    var inherited = made(.poll([8]))
    inherited.file.pipes = .made([(10, 8, false), (10, 9, true), (41, 9, true)])
    #expect(target(inherited) == .wakeUp)
  }

  @Test("a pipe that a child writes, or one that a stranger does")
  func childPipe() {
    func made(_ call: ThreadCall, writer: Int32) -> MadeObservation {
      var made = self.made(call)
      made.file.pipes = .made([(10, 8, false), (writer, 1, true)])
      return made
    }
    let waited = WaitTarget.pipe(7, descriptor: 8, reads: true)
    #expect(target(made(.poll([8]), writer: 41)) == waited)
    #expect(isIdle(made(.poll([8]), writer: 41)) == false)
    #expect(target(made(.on(.read, 8), writer: 41)) == waited)
    // In a read it can do nothing else; in poll a stranger's pipe may be a source of events.
    #expect(target(made(.on(.read, 8), writer: 60)) == waited)
    #expect(target(made(.poll([8]), writer: 60)) == .wakeUp)
    #expect(target(made(.on(.write, 8), writer: 41)) == .pipe(7, descriptor: 8, reads: false))
  }

  @Test("a pair of sockets: with a child, with itself, with a stranger")
  func pair() {
    func made(_ call: ThreadCall, other: Int32) -> MadeObservation {
      var made = self.made(call)
      made.file.table.insert(.unix(.unixStream, .established, inode: 31, peer: 32))
      made.file.table.insert(.unix(.unixStream, .established, inode: 32, peer: 31))
      made.hold([32], by: other == 10 ? 60 : other, "x")
      if other == 10 {
        var process = MadeProcess(10, "app", Self.open, [.asleep(10, call)])
        process.now.descriptors?[16] = .socket(32)
        made.take(process)
      }
      return made
    }
    guard case .pair(let awaited)? = target(made(.poll([14]), other: 41)) else {
      Issue.record("not a pair with a child")
      return
    }
    #expect(awaited.inode == 31 && isIdle(made(.poll([14]), other: 41)) == false)
    #expect(target(made(.poll([14]), other: 10)) == .wakeUp)
    #expect(target(made(.poll([14]), other: 60)) == .wakeUp)
    #expect(connection(made(.on(.recvfrom, 14), other: 41)) == 31)
    // Beside clients it is one of many.
    #expect(target(made(.poll([14, 4, 5]), other: 41)) == .clients)
  }

  @Test("who is a descendant of whom")
  func descendants() {
    var made = MadeObservation()
    made.host([(10, 1), (41, 10), (42, 41), (60, 1)])
    #expect(made.file.isDescendant(41, of: 10) && made.file.isDescendant(42, of: 10))
    #expect(!made.file.isDescendant(10, of: 41) && !made.file.isDescendant(60, of: 10))
    #expect(!made.file.isDescendant(10, of: 10) && !made.file.isDescendant(99, of: 10))
  }
}
