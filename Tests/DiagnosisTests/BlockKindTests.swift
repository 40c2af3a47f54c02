import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// What keeps a server from accepting, by the ways in which servers are built; and that nothing
/// keeps those that are well.
@Suite("What keeps a server")
struct BlockKindTests {
  private static let open: [Int32: DescriptorTarget] = [
    3: .socket(100), 4: .socket(1), 5: .socket(11),
  ]

  private static let connections: [UInt32] = [1, 21, 31]

  /// Processes that each hold listener 100 as 3; connections 1, 21, 31 … as 4 and a request to a
  /// server elsewhere as 5.
  private func made(_ processes: [MadeProcess]) -> MadeObservation {
    var made = MadeObservation()
    for inode in Self.connections {
      made.pair(inode, inode + 1, port: 50_000 + UInt16(inode))
    }
    made.file.table.insert(.tcp(.established, 41_000, 5432, inode: 11, at: 0x0A00_0009))
    for process in processes { made.take(process) }
    made.clogged()
    return made
  }

  private func one(
    _ threads: [ThreadSnapshot], _ open: [Int32: DescriptorTarget] = open
  ) -> MadeProcess {
    MadeProcess(10, "app", open, threads)
  }

  private func hindrance(_ processes: MadeProcess...) -> BlockKind? {
    made(processes).server().map(BlockKind.of)
  }

  private let accepting = ThreadSnapshot.asleep(10, .on(.accept4, 3))
  private let reading = ThreadSnapshot.asleep(10, .on(.recvfrom, 4))
  private let idle = ThreadSnapshot.asleep(19, .futex(0x8000, 0))

  @Test("a serial server: busy with a client, a server, a sleep; or accepting")
  func serial() {
    for call in [
      ThreadCall.on(.recvfrom, 4), .on(.sendto, 4), .on(.connect, 5), .poll([4]),
      .other(.nanosleep), .futex(0x7000),
    ] {
      #expect(hindrance(one([.asleep(10, call)])) == .single, "\(call)")
    }
    #expect(hindrance(one([.running(10)])) == .single)
    #expect(hindrance(one([accepting])) == BlockKind.none)
    #expect(hindrance(one([.asleep(10, .poll([3, 4]))])) == BlockKind.none)
    #expect(hindrance(one([.asleep(10, .other(.wait4, [42]))])) == .child)
    #expect(made([one([reading])]).server()?.model == .serial)
  }

  @Test("whoever accepted at either look is at work")
  func alternating() {
    let made = MadeProcess(10, "app", Self.open, [.running(10)], before: [accepting])
    #expect(hindrance(made) == BlockKind.none)
  }

  @Test("stopped, traced, frozen; a stopped one among others that accept")
  func halted() {
    #expect(hindrance(one([.asleep(10, .on(.accept4, 3), state: "T")])) == .halted)
    #expect(hindrance(one([accepting]).frozen()) == .halted)
    let stopped = MadeProcess(
      12, "app", Self.open, [.asleep(12, .on(.accept4, 3), state: "T")])
    #expect(hindrance(one([accepting]), stopped) == BlockKind.none)
    // The living one is what matters.
    #expect(hindrance(one([reading]), stopped) == .single)
  }

  @Test("prefork: all busy, the master set apart; one that accepts is enough")
  func prefork() {
    func worker(_ process: Int32, _ inode: UInt32, _ call: ThreadCall) -> MadeProcess {
      MadeProcess(
        process, "app", [3: .socket(100), 4: .socket(inode)], [.asleep(process, call)])
    }
    let master = MadeProcess(9, "app", [3: .socket(100)], [.asleep(9, .other(.rtSigsuspend))])
    let busy = [worker(20, 1, .on(.recvfrom, 4)), worker(30, 21, .on(.recvfrom, 4))]
    let server = made([master] + busy).server()
    #expect(server.map(BlockKind.of) == .workers)
    #expect(server?.masters.map(\.process) == [9] && server?.members.count == 2)
    #expect(server?.model == .prefork(2) && server?.accepted == 2)
    let free = worker(40, 999, .on(.accept, 3))
    #expect(hindrance(master, busy[0], busy[1], free) == BlockKind.none)
  }

  @Test("children born for their clients, and a pool whose clients came as soon as it was there")
  func children() {
    // Ages in milliseconds: of the parent, and of each child with its client.
    func hindrance(_ parent: UInt64, _ children: [(age: UInt64, client: UInt64)]) -> BlockKind? {
      var master = MadeProcess(9, "app", [3: .socket(100)], [.asleep(9, .other(.wait4, [20]))])
      master.now.startTicks = 10_000 - parent / 10
      var all = [master]
      for (place, one) in children.enumerated() {
        let process = 20 + Int32(place)
        let open: [Int32: DescriptorTarget] = [
          3: .socket(100), 4: .socket(Self.connections[place]),
        ]
        var child = MadeProcess(process, "app", open, [.asleep(process, .on(.recvfrom, 4))])
        child.now.startTicks = 10_000 - one.age / 10
        all.append(child.child(of: 9))
      }
      var made = made(all)
      made.file.uptime = ProcUptime.decode(Array("100.00 50.00\n".utf8).span)
      for (place, inode) in zip(children.indices, Self.connections) {
        made.measured(inode, sent: children[place].client, received: children[place].client)
      }
      return made.server().map(BlockKind.of)
    }
    // One a second, since that is how long the parent waits for each.
    #expect(hindrance(60_000, [(30_000, 30_004), (29_000, 29_003), (28_000, 28_003)]) == .child)
    #expect(hindrance(30_100, [(30_000, 30_004)]) == .child)
    // As many as may be, all at once, long after the start.
    #expect(hindrance(60_000, [(30_000, 30_004), (30_000, 30_004), (30_000, 30_004)]) == .child)
    // Three workers, and clients within the same clock tick, or while they start.
    #expect(hindrance(60_040, [(60_020, 60_004), (60_020, 60_004), (60_010, 60_004)]) == .workers)
    #expect(hindrance(60_400, [(60_120, 60_304), (60_110, 60_304), (60_100, 60_304)]) == .workers)
    // They were there long before.
    #expect(hindrance(90_000, [(60_020, 30_004), (60_020, 30_004), (60_010, 30_004)]) == .workers)
  }

  @Test("threads: every one busy; one that accepts; none but helpers at rest")
  func threads() {
    let open: [Int32: DescriptorTarget] = [
      3: .socket(100), 4: .socket(1), 5: .socket(21), 6: .socket(31),
    ]
    let busy: [ThreadSnapshot] = [
      .asleep(11, .on(.recvfrom, 4)), .asleep(12, .on(.recvfrom, 5)),
      .asleep(13, .on(.sendto, 6)),
    ]
    #expect(hindrance(one([idle] + busy, open)) == .workers)
    #expect(hindrance(one([accepting] + busy, open)) == BlockKind.none)
    #expect(made([one([idle] + busy, open)]).server()?.model == .threads(3))
    #expect(hindrance(one([idle, .asleep(11, .futex(0x9000, 0))], [3: .socket(100)])) == .workers)
  }

  @Test("a pool with a queue of its own: workers at one mutex")
  func pool() {
    let waiting = (11...13).map { ThreadSnapshot.asleep($0, .futex(0x7000)) }
    #expect(hindrance(one([idle] + waiting)) == .workers)
    // Threads that sleep as helpers do count only where nobody does anything else.
    let asleep = ThreadSnapshot.asleep(14, .other(.nanosleep))
    #expect(made([one([idle, asleep] + waiting)]).server()?.blockers.count == 3)
    #expect(made([one([idle, asleep])]).server()?.blockers.map(\.thread.thread) == [14])
  }

  @Test("an event loop: in its wait, away from it, and one whose thread does not show")
  func loop() {
    func loop(_ threads: [ThreadSnapshot], _ before: [ThreadSnapshot]? = nil) -> MadeProcess {
      MadeProcess(10, "node", Self.open, threads, before: before)
        .watching(9, watched(3, 100), watched(4, 1))
    }
    #expect(hindrance(loop([.asleep(10, .epoll(9)), idle])) == BlockKind.none)
    #expect(hindrance(loop([.running(10), idle])) == .loop)
    #expect(hindrance(loop([.asleep(10, .on(.recvfrom, 5)), idle])) == .loop)
    #expect(hindrance(loop([idle, .asleep(18, .futex(0x9000, 0))])) == .loop)
    #expect(made([loop([.running(10)])]).server()?.model == .eventLoop(1))
    // Seen in its wait a moment ago: busy, not stuck.
    #expect(hindrance(loop([.running(10)], [.asleep(10, .epoll(9))])) == BlockKind.none)
    // A thread in an epoll of its own is not the loop.
    let other = loop([idle, .asleep(11, .epoll(8)), .running(12)]).watching(8, watched(5, 11))
    #expect(made([other]).server()?.blockers.map(\.thread.thread) == [12])
  }

  @Test("prefork servers that wait for the listener alone in an epoll")
  func epollPrefork() {
    let waiting = one([.asleep(10, .epoll(9))]).watching(9, watched(3, 100))
    #expect(hindrance(waiting) == BlockKind.none)
    let serving = one([reading]).watching(9, watched(3, 100))
    #expect(hindrance(serving) == .single)
  }

  @Test("paused: out of the set, or in it without EPOLLIN")
  func paused() {
    let base = one([.asleep(10, .epoll(9))])
    #expect(hindrance(base.watching(9, watched(4, 1))) == .paused)
    #expect(hindrance(base.watching(9, watched(4, 1), watched(3, 100, events: 0x18))) == .paused)
    #expect(hindrance(one([.asleep(10, .poll([4, 5]))])) == .paused)
    #expect(hindrance(base.watching(9, watched(4, 1), watched(3, 100))) == BlockKind.none)
  }

  @Test("a thread that polls another listener alone is idle, not in the way")
  func otherListener() {
    var made = made([one([.asleep(10, .poll([6]))], [3: .socket(100), 6: .socket(200)])])
    made.listener(.tcp([0, 0, 0], limit: 5, inode: 200, port: 9001))
    // It has no clients that it could wait for: nothing says that it has paused.
    #expect(made.server().map(BlockKind.of) == BlockKind.none)
    let threads: [ThreadSnapshot] = [.asleep(10, .poll([6])), .asleep(11, .on(.recvfrom, 4))]
    made.take(one(threads, [3: .socket(100), 4: .socket(1), 6: .socket(200)]))
    #expect(made.server()?.blockers.map(\.thread.thread) == [11])
  }

  @Test("out of descriptors comes before whatever its threads do")
  func descriptors() {
    var process = one([accepting])
    process.now.openFiles = 32
    process.now.openFilesLimit = .count(32)
    #expect(hindrance(process) == .descriptors)
    process.now.openFiles = 31
    #expect(hindrance(process) == BlockKind.none)
    process.now.openFilesLimit = .unlimited
    #expect(hindrance(process) == BlockKind.none)
  }

  @Test("what may not be seen is not judged")
  func hiddenOwner() {
    #expect(hindrance() == .hidden)
    #expect(hindrance(MadeProcess(10, "app", nil, [.denied(10)])) == .hidden)
    #expect(hindrance(one([.denied(10), .denied(11)])) == .hidden)
  }

  @Test("shards that everybody holds: only who accepts from one is behind it")
  func shards() {
    func worker(_ process: Int32, _ own: Int32, _ thread: ThreadSnapshot) -> MadeProcess {
      let mine: UInt32 = own == 3 ? 1 : 21
      return MadeProcess(
        process, "nginx", [3: .socket(100), 4: .socket(200), 5: .socket(mine)], [thread]
      ).watching(9, watched(own, own == 3 ? 100 : 200), watched(5, mine))
    }
    var made = MadeObservation()
    made.pair(1, 2)
    made.pair(21, 22, port: 50_001)
    made.take(worker(20, 3, .running(20)))
    made.take(worker(30, 4, .asleep(30, .epoll(9))))
    for inode in [100, 200] as [UInt32] {
      var shard = ObservedListener.tcp(
        inode == 100 ? [3, 3, 3] : [0, 0, 0], limit: 5, inode: inode)
      (shard.listener.shards, shard.listener.shard) = (2, inode == 100 ? 0 : 1)
      made.listener(shard)
    }
    let server = made.server()
    #expect(server?.members.map(\.process.process) == [20])
    #expect(server?.masters.map(\.process) == [30])
  }

  @Test("a process per connection: the parent accepts, its children serve")
  func worker() {
    var made = MadeObservation()
    made.pair(1, 2)
    made.take(MadeProcess(10, "app", [3: .socket(100)], [.asleep(10, .other(.wait4, [11]))]))
    made.take(MadeProcess(11, "app", [4: .socket(1)], [.asleep(11, .on(.read, 4))]))
    made.host([(10, 1), (11, 10)])
    made.clogged()
    #expect(made.server()?.model == .worker)
    #expect(made.server().map(BlockKind.of) == .child)
  }

  @Test("a deadlock: all threads at locks for good, and those at one address stand for it")
  func deadlock() {
    func threads(_ calls: ThreadCall...) -> [Int32] {
      let made = one(calls.enumerated().map { .asleep(10 + Int32($0.offset), $0.element) })
      return Deadlock.threads(of: ObservedProcess(made.now, before: made.before)).map(\.thread)
    }
    let (first, second) = (ThreadCall.futex(0x7000, 0), ThreadCall.futex(0x8000, 0))
    #expect(threads(first, second) == [10, 11])
    #expect(threads(first, second, first) == [10, 12])
    #expect(threads(first).isEmpty)
    #expect(threads(first, .on(.read, 0)).isEmpty)
    var timed = second
    timed.timeout = .atDeadline
    #expect(threads(first, timed).isEmpty)
  }
}
