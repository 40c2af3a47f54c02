import Foundation
import Synchronization
import Testing

@testable import DemoServers

@Suite("The lock of all workers") struct SharedLockTests {
  @Test("lets in one at a time, between threads", .timeLimit(.minutes(1)))
  func threads() throws { try isExclusive(.mutex(ThreadLock())) }

  @Test("lets in one at a time, through a file", .timeLimit(.minutes(1)))
  func files() throws { try isExclusive(.file(FileLock())) }

  @Test("is told apart by who opened the file, not by who inherited it")
  func inherited() throws {
    let lock = try FileLock()
    try lock.take()
    // What a child has: the same open file. It opens it anew, and must wait.
    let path = "/proc/self/fd/\(lock.descriptor)"
    let other = open(path, O_RDWR | O_CLOEXEC)
    defer { close(other) }
    #expect(flock(other, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK)
    lock.release()
    #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
  }

  /// Threads that add to a counter in two steps lose nothing.
  private func isExclusive(_ lock: SharedLock) throws {
    let rounds = 200
    let counter = Atomic<Int>(0)
    let group = DispatchGroup()
    let box = Box(counter)
    for _ in 0..<4 {
      group.enter()
      try ServerThread.start(named: "demo-test") {
        for _ in 0..<rounds {
          try? lock.take()
          let seen = box.counter.load(ordering: .relaxed)
          sched_yield()
          box.counter.store(seen + 1, ordering: .relaxed)
          lock.release()
        }
        group.leave()
      }
    }
    group.wait()
    #expect(box.counter.load(ordering: .relaxed) == 4 * rounds)
  }
}

private final class Box: Sendable {
  let counter: Atomic<Int>
  init(_ counter: consuming Atomic<Int>) { self.counter = counter }
}
