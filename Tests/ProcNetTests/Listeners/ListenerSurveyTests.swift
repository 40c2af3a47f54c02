import TestSupport
import Testing

@testable import ProcNet

/// What waits at which listener.
@Suite struct ListenerSurveyTests {
  private static let one = Made.v4(0x7F00_0001)

  private static func survey(
    _ sockets: [Socket], _ netids: NetidSet = .tcp, listsWaiting: Bool = false,
    where isWanted: (borrowing Socket) -> Bool = { _ in true }
  ) throws -> [Listener] {
    var gaps: [Gap] = []
    let scope = ListenerSurvey.Scope(
      netids, in: [NetworkNamespace(inode: 0, path: nil, tables: nil)],
      from: ListedSockets(sockets: sockets), through: FakeKernel())
    return try ListenerSurvey.survey(
      scope, listsWaiting: listsWaiting, gaps: &gaps, where: isWanted)
  }

  @Test("oldest, median and nine tenths of ages; who hung up; what was sent without the end")
  func ages() throws {
    var sockets = [Made.listener(.anyV4, 80, length: 11, limit: 10)]
    for age: UInt32 in 1...10 {
      sockets.append(Made.connection(Self.one, 80, bytes: 5, age: age * 100))
    }
    sockets.append(Made.connection(Self.one, 80, .closeWait, bytes: 8, age: 50))
    let queue = try #require(try Self.survey(sockets).first?.acceptQueue)
    #expect(queue.oldest == 1000 && queue.median == 500 && queue.ninetieth == 900)
    #expect(queue.abandoned == 1 && queue.unreadBytes == 57)
    #expect(queue.length == 11 && queue.isFull == true)
  }

  @Test("held connections are counted by state, handshakes are the SYN queue, the rest is over")
  func connections() throws {
    let listener = try Self.survey([
      Made.listener(.anyV4, 80),
      Made.connection(Self.one, 80, inode: 5), Made.connection(Self.one, 80, inode: 6),
      Made.connection(Self.one, 80, .closeWait, inode: 7),
      Made.connection(Self.one, 80, .synReceived), Made.connection(Self.one, 80, .timeWait),
      Made.connection(Self.one, 80, .finWait2), Made.connection(Self.one, 9999),
    ]).first
    #expect(listener?.connections == [.established: 2, .closeWait: 1])
    #expect(listener?.synQueue == 1)
    #expect(listener?.acceptQueue?.unreadBytes == 0 && listener?.acceptQueue?.oldest == nil)
  }

  @Test("what is left unread is what came long ago, is still there, and has an owner and a peer")
  func leftUnread() throws {
    func connection(
      _ state: SocketState = .established, bytes: UInt32 = 9, age: UInt32? = 0,
      received: UInt32 = 60_000, inode: UInt32 = 5
    ) -> Socket {
      Made.connection(
        Self.one, 80, state, bytes: bytes, age: age, received: received, inode: inode)
    }
    let listener = try Self.survey([
      Made.listener(.anyV4, 80), connection(), connection(received: 5000),
      connection(received: 4999), connection(bytes: 0), connection(.closeWait),
      connection(age: nil), connection(inode: 0),
    ]).first
    #expect(listener?.leftUnread == 2)
    let shards = try Self.survey(Self.shards([0, 3]) + [connection()])
    #expect(shards.map(\.leftUnread) == [0, 1])
  }

  @Test("a limit of 0 lets one wait; an unknown limit is not 0")
  func limits() throws {
    let listeners = try Self.survey([
      Made.listener(.anyV4, 1, length: 0, limit: 0), Made.listener(.anyV4, 2, length: 1, limit: 0),
      Made.listener(.anyV4, 3, length: 1, limit: nil),
    ])
    #expect(listeners.map { $0.acceptQueue?.isFull } == [false, true, nil])
  }

  @Test("UDP has no accept queue, no SYN queue and no connections")
  func datagrams() throws {
    let sockets = [Made.listener(.anyV4, 53, length: 9000, limit: 0, netid: .udp)]
    let receiver = try #require(try Self.survey(sockets, .udp).first)
    #expect(receiver.acceptQueue == nil && receiver.synQueue == nil)
    #expect(receiver.connections == nil && receiver.socket.queues.recvQ == 9000)
  }

  @Test("what waits at a listener that nobody asked for does not count at another one")
  func unwanted() throws {
    let sockets = [
      Made.listener(.anyV4, 80, inode: 1), Made.listener(Self.one, 80, inode: 2),
      Made.connection(Self.one, 80, age: 10), Made.connection(Self.one, 80, inode: 9),
    ]
    let listeners = try Self.survey(sockets) { $0.inode == 1 }
    #expect(listeners.count == 1 && listeners[0].connections == [:])
    #expect(listeners[0].acceptQueue?.oldest == nil)
  }

  /// Four sockets on one address with these queues.
  private static func shards(_ lengths: [UInt32]) -> [Socket] {
    lengths.enumerated().map {
      Made.listener(.anyV4, 80, length: $0.element, inode: UInt32($0.offset) + 1)
    }
  }

  @Test("where one shard has a queue, what waits is its")
  func oneCrowdedShard() throws {
    let waits = [Made.connection(Self.one, 80, age: 10), Made.connection(Self.one, 80, age: 30)]
    let listeners = try Self.survey(Self.shards([0, 0, 2, 0]) + waits, listsWaiting: true)
    #expect(listeners.map(\.shards) == [4, 4, 4, 4] && listeners.map(\.shard) == [0, 1, 2, 3])
    #expect(listeners.map { $0.acceptQueue?.oldest } == [nil, nil, 30, nil])
    #expect(listeners.map { $0.acceptQueue?.abandoned } == [0, 0, 0, 0])
    #expect(listeners.map { $0.waiting.map(\.age) } == [[], [], [30, 10], []])
  }

  @Test("where several shards have queues, the fullest tells for all and the others say nothing")
  func severalCrowdedShards() throws {
    let rows = [
      Made.connection(Self.one, 80, age: 10), Made.connection(Self.one, 80, age: 30),
      Made.connection(Self.one, 80, age: 20), Made.connection(Self.one, 80, inode: 9),
    ]
    let listeners = try Self.survey(Self.shards([1, 2, 0]) + rows)
    #expect(listeners.map { $0.acceptQueue?.oldest } == [nil, 30, nil])
    #expect(listeners.map { $0.acceptQueue?.abandoned } == [nil, 0, nil])
    #expect(listeners.map(\.connections) == [nil, [.established: 1], nil])
    // The first shard counts for all of them, also when it was not asked for.
    let last = try Self.survey(Self.shards([1, 2, 0]) + rows) { $0.inode == 3 }
    #expect(last.count == 1 && last[0].shards == 3 && last[0].acceptQueue?.oldest == 30)
  }

  @Test("drops that no source tells are a gap, not 0")
  func missingDrops() throws {
    var gaps: [Gap] = []
    let scope = ListenerSurvey.Scope(
      .tcp, in: [.here], from: ListedSockets(sockets: Self.shards([0, 0])), through: FakeKernel())
    let listeners = try ListenerSurvey.survey(scope, gaps: &gaps)
    #expect(listeners.allSatisfy { $0.drops == nil })
    #expect(gaps.map(\.missing) == ["drops of 2 listeners"])
  }
}
