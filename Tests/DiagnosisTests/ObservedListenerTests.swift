import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// What several samples together say of a listener, and what a question keeps of the findings.
@Suite("Listeners over several samples")
struct ObservedListenerTests {
  /// Lengths of listener 100's queue at the three samples.
  private func read(
    _ lengths: [UInt32], _ made: MadeObservation = MadeObservation(),
    _ build: (inout HostObservation) -> Void = { _ in }
  ) -> [ObservedListener] {
    var file = made.file
    var middle = file.last
    file.first.listeners = [ObservedListener.tcp([lengths[0]], limit: 2).listener]
    middle.listeners = [ObservedListener.tcp([lengths[1]], limit: 2).listener]
    file.last.listeners = [ObservedListener.tcp([lengths[2]], limit: 2).listener]
    build(&file)
    return ListenerObserver(file, middle: middle).read()
  }

  private func queued(_ ports: UInt16...) -> [ConnectionKey: Socket] {
    Dictionary(
      ports.map { Socket.tcp(.established, 9000, $0) }.map { (ConnectionKey($0), $0) },
      uniquingKeysWith: { one, _ in one })
  }

  @Test("full at every look, and full now")
  func full() {
    let full = read([3, 4, 3]).first
    #expect(full?.lengths == [3, 4, 3] && full?.isFull == true && full?.isFullNow == true)
    // One more than the limit is let in: at the limit there is room.
    #expect(read([3, 2, 3]).first?.isFull == false)
    #expect(read([3, 2, 3]).first?.isFullNow == true)
    #expect(read([3, 3, 2]).first?.isFullNow == false)
    #expect(ObservedListener.tcp([3, 3, 3], limit: nil).isFullNow == false)
    // Not there at the first look.
    let fresh = read([3, 3, 3]) { $0.first.listeners = [] }
    #expect(fresh.first?.lengths == [0, 3, 3])
  }

  @Test("stuck: what waited first waits still; taken: it does not")
  func waiting() {
    let stuck = read([2, 2, 2]) { file in
      file.first.notable = queued(50_000, 50_001)
      file.last.notable = queued(50_000, 50_001)
    }.first
    #expect(stuck?.stillWaiting == 2 && stuck?.taken == 0 && stuck?.standsStill == true)
    let drained = read([2, 2, 2]) { file in
      file.first.notable = queued(50_000, 50_001)
      file.last.notable = queued(50_002, 50_003)
    }.first
    #expect(drained?.stillWaiting == 0 && drained?.taken == 2 && drained?.isStuck == false)
    let slow = read([2, 2, 2]) { file in
      file.first.notable = queued(50_000, 50_001)
      file.last.notable = queued(50_001)
      let accepted = Socket.tcp(.established, 9000, 50_000, inode: 5, received: 1)
      file.last.notable[ConnectionKey(accepted)] = accepted
    }.first
    #expect(slow?.isStuck == true && slow?.standsStill == false)
    // Nobody's rows: the lengths alone have to do.
    #expect(read([2, 2, 2]).first?.isStuck == true && read([2, 0, 2]).first?.isStuck == false)
  }

  @Test("rows of the queue: those that hung up count, those of other ports do not")
  func rows() {
    let read = read([2, 2, 2]) { file in
      let ghost = Socket.tcp(.closeWait, 9000, 50_000)
      let other = Socket.tcp(.established, 9001, 50_001)
      for socket in [ghost, other] {
        file.first.notable[ConnectionKey(socket)] = socket
        file.last.notable[ConnectionKey(socket)] = socket
      }
    }.first
    #expect(read?.stillWaiting == 1 && read?.taken == 0)
  }

  @Test("drops since the first look, though the counter wraps")
  func drops() {
    func new(_ before: UInt32?, _ now: UInt32?) -> UInt32? {
      read([0, 0, 0]) { file in
        file.first.listeners = [ObservedListener.tcp([0], limit: 2, drops: before).listener]
        file.last.listeners = [ObservedListener.tcp([0], limit: 2, drops: now).listener]
      }.first?.newDrops
    }
    #expect(new(5, 9) == 4 && new(5, 5) == 0 && new(.max, 1) == 2)
    #expect(new(nil, 9) == nil && new(5, nil) == nil)
  }

  @Test("of drops at most as many count as the namespace's ListenDrops")
  func deferred() {
    func new(_ counters: [String: (before: Int64, now: Int64)]) -> UInt32? {
      read([0, 0, 0], MadeObservation(counters: counters)) { file in
        file.first.listeners = [ObservedListener.tcp([0], limit: 2, drops: 5).listener]
        file.last.listeners = [ObservedListener.tcp([0], limit: 2, drops: 9).listener]
      }.first?.newDrops
    }
    #expect(new(["TcpExt ListenDrops": (7, 9)]) == 2)
    #expect(new(["TcpExt ListenDrops": (7, 7)]) == 0)
    // Another listener's drops are no more of this one's.
    #expect(new(["TcpExt ListenDrops": (7, 90)]) == 4)
    // A kernel that does not count them leaves the listener's own figure.
    #expect(new(["TcpExt Other": (7, 9)]) == 4)
  }

  @Test("at a single look there is no movement to tell of")
  func once() {
    let read = read([3, 3, 3]) { $0.span = nil }.first
    #expect(read?.lengths == [3] && read?.newDrops == nil && read?.isStuck == false)
    var old = ObservedListener.tcp([3], limit: 5, oldest: 1000)
    old.span = nil
    #expect(old.isStuck)
  }

  @Test("shards: what waits at one may wait at each, and handshakes are counted once")
  func shards() {
    func shard(_ inode: UInt32, _ number: Int) -> Listener {
      var listener = ObservedListener.tcp([2], limit: 5, inode: inode).listener
      (listener.shards, listener.shard) = (2, number)
      return listener
    }
    let read = read([2, 2, 2]) { file in
      let both = [shard(100, 0), shard(101, 1)]
      (file.first.listeners, file.last.listeners) = (both, both)
      file.first.notable = queued(50_000)
      file.last.notable = queued(50_000)
      var census = file.last.census
      census.count(.tcp(.synReceived, 9000, 50_009))
      file.last.census = census
    }
    #expect(read.map(\.stillWaiting) == [1, 1] && read.map(\.knowsWaiting) == [true, true])
    #expect(read.map(\.handshakes) == [1, 0])
  }

  @Test("unix: the kernel names who waits")
  func unix() {
    func listener(_ waiting: [UInt32]?) -> Listener {
      var made = ObservedListener.unix([2], limit: 1, path: "/run/x").listener
      made.socket.details = SocketDetails(waiting: waiting)
      return made
    }
    func read(_ before: [UInt32]?, _ now: [UInt32]?) -> ObservedListener? {
      self.read([2, 2, 2]) { file in
        file.first.listeners = [listener(before)]
        file.last.listeners = [listener(now)]
      }.first
    }
    let some = read([7, 8], [8, 9])
    #expect(some?.stillWaiting == 1 && some?.taken == 1 && some?.knowsWaiting == true)
    #expect(read([7, 8], [9, 10])?.isStuck == false)
    #expect(read([7, 8], [7, 8])?.standsStill == true)
    #expect(read(nil, [7])?.knowsWaiting == false)
  }

  @Test("servers are read where a queue does not drain, is full, or drops")
  func explaining() {
    func needs(_ listener: ObservedListener) -> Bool {
      var made = MadeObservation()
      made.listener(listener)
      return made.file.listeners[0].needsExplaining
    }
    #expect(needs(.tcp([1, 1, 1], limit: 5, still: 1)) && needs(.tcp([0, 0, 3], limit: 2)))
    #expect(needs(.tcp([0, 0, 0], limit: 2, drops: 9, new: 1)))
    #expect(!needs(.tcp([0, 0, 1], limit: 2)) && !needs(.tcp([1, 1, 1], limit: 5, taken: 1)))
    #expect(!needs(.tcp([0, 0, 0], limit: 2, drops: 9, new: 0)))
  }

  // --- what a question keeps ------------------------------------------------------------------

  private func chosen(_ focus: Diagnoser.Focus) -> [String] {
    var made = MadeObservation()
    made.hold([100], by: 10, "app")
    made.hold([200], by: 30, "db")
    made.listener(.tcp([0], limit: 5))
    made.listener(.tcp([0], limit: 5, inode: 200, port: 5432))
    func about(_ kind: FindingKind, _ inode: UInt32, _ port: UInt16) -> Finding {
      let socket = ObservedListener.tcp([0], limit: 5, inode: inode, port: port).socket
      return Finding(kind, .critical, kind.id, about: .listener(SocketName(socket)))
    }
    let stopped = Finding(
      ProcessStopped.kind, .critical, "stopped",
      about: .process(ProcessName(process: 40, command: [])))
    var database = about(ServerBlocked.kind, 200, 5432)
    database.causes = [stopped.reference]
    var upstream = about(WaitsUpstream.kind, 100, 9000)
    upstream.causes = [database.reference]
    var full = about(AcceptQueueFull.kind, 100, 9000)
    full.causes = [upstream.reference]
    let other = about(AcceptQueueFull.kind, 200, 5432)
    let host = Finding(TCPMemory.kind, .warning, "memory", about: .host)
    return TargetFilter(made.file, focus).choose([
      stopped, database, upstream, full, other, host,
    ])
    .map(\.id)
  }

  @Test("a question keeps what it is about, and all causes of that however far away")
  func focus() {
    #expect(
      chosen(.init { $0.local.port == 9000 }) == [
        "process-stopped", "server-blocked", "waits-upstream", "accept-queue-full",
      ])
    #expect(
      chosen(.init { $0.local.port == 5432 }) == [
        "process-stopped", "server-blocked", "accept-queue-full",
      ])
    #expect(
      chosen(.init(processes: [30]) { _ in false }) == [
        "process-stopped", "server-blocked", "accept-queue-full",
      ])
    #expect(chosen(.init { _ in false }).isEmpty)
  }
}
