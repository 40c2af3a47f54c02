import Synchronization
import Testing

@testable import ProcNet

@Suite struct WorkersTests {
  @Test func `nobody works before being summoned`() {
    let workers = Workers<Int> { 1 }
    #expect(workers.finish().isEmpty)
  }

  @Test func `helpers are summoned once, and all their results come back`() {
    let counter = Counter()
    let workers = Workers<Int> { counter.ran.add(1, ordering: .relaxed).newValue }
    workers.summon()
    workers.summon()
    let results = workers.finish()
    #expect(results.count == min(15, Workers<Int>.onlineProcessors - 1))
    #expect(results.sorted() == Array(1..<(results.count + 1)))
  }

  private final class Counter: Sendable {
    let ran = Atomic<Int>(0)
  }

  @Test func `tasks are taken in order, or the largest first`() {
    let queue = WorkQueue<Int64>([5, 30, 20, 40])
    #expect(queue.take() == 5)
    queue.takeLargestFirst { $0 }
    #expect((0..<4).map { _ in queue.take() } == [40, 30, 20, nil])
  }

  @Test func `each task of a queue is taken by exactly one thread`() {
    let queue = WorkQueue(Array(0..<20_000))
    let take: @Sendable () -> [Int] = {
      var taken: [Int] = []
      while let number = queue.take() { taken.append(number) }
      return taken
    }
    let workers = Workers(take)
    workers.summon()
    let all = take() + workers.finish().flatMap(\.self)
    #expect(all.sorted() == Array(0..<20_000))
    #expect(queue.take() == nil)
  }
}
