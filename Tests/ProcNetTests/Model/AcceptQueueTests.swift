import ProcNet
import Testing

/// How full an accept queue is.
@Suite struct AcceptQueueTests {
  private static func queue(_ length: UInt32?, _ limit: UInt32?) -> AcceptQueue? {
    var socket = Socket(netid: .tcp, family: .inet, state: .listen)
    socket.queues = SocketQueues(of: socket.state, length, limit)
    return AcceptQueue(of: socket)
  }

  @Test(
    "a queue has room for one more than its limit, and is full when all of it is taken",
    arguments: [
      (0, 0, 0), (1, 0, 1000), (5, 9, 500), (9, 9, 900), (10, 9, 1000), (1, 4096, 1),
      (.max, .max, 1000), (.max, 0, 4_294_967_295_000),
    ] as [(UInt32, UInt32, UInt64)])
  func fill(length: UInt32, limit: UInt32, thousandths: UInt64) throws {
    let queue = try #require(Self.queue(length, limit))
    #expect(queue.fill?.thousandths == thousandths)
    #expect(queue.isFull == (length > limit))
  }

  @Test("an unknown limit leaves it unknown, and what does not listen has no queue")
  func unknown() {
    #expect(Self.queue(3, nil)?.fill == nil && Self.queue(nil, 3)?.fill == nil)
    #expect(AcceptQueue(of: Socket(netid: .tcp, family: .inet, state: .established)) == nil)
    #expect(Share(1, of: 0) == nil)
  }
}
