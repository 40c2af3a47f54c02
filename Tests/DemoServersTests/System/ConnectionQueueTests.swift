import Foundation
import Synchronization
import Testing

@testable import DemoServers

@Suite("The queue of a thread pool", .timeLimit(.minutes(1))) struct ConnectionQueueTests {
  @Test("hands out each connection once, in order")
  func order() {
    let queue = ConnectionQueue(limit: 10)
    for number in 1...10 { queue.put(Self.connection(number)) }
    #expect((1...10).map { _ in queue.take().peer } == (1...10).map(String.init))
  }

  @Test("makes the one who fills it wait, and the ones who empty it")
  func waits() throws {
    let queue = ConnectionQueue(limit: 2)
    let taken = Taken()
    for _ in 0..<3 {
      try ServerThread.start(named: "demo-test") {
        while true { taken.add(queue.take().peer) }
      }
    }
    for number in 1...1000 { queue.put(Self.connection(number)) }
    taken.wait(for: 1000)
    #expect(taken.all.sorted() == (1...1000).map(String.init).sorted())
  }

  /// No socket: closing descriptor -1 does nothing.
  private static func connection(_ number: Int) -> Socket {
    Socket(-1, peer: String(number))
  }
}

private final class Taken: Sendable {
  private let names = Mutex<[String]>([])
  private let arrived = DispatchSemaphore(value: 0)

  var all: [String] { names.withLock { $0 } }

  func add(_ name: String) {
    names.withLock { $0.append(name) }
    arrived.signal()
  }

  func wait(for count: Int) { for _ in 0..<count { arrived.wait() } }
}
