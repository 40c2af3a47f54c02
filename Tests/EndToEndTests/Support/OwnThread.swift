import Dispatch
import Testing

/// Runs the tests of a suite on a thread of its own, since they wait for other processes.
///
/// All other tests share as many threads as there are processors, and on two of them a suite that
/// waits would keep everybody else waiting, too.
struct OwnThread: SuiteTrait, TestTrait, TestScoping {
  private let thread = SerialThread()
  /// Once for the suite, which hands its thread down: what a runner does between two tests would
  /// else stand in line behind the tests of all other suites.
  var isRecursive: Bool { false }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(thread) { try await body() }
  }
}

extension Trait where Self == OwnThread {
  static var onOwnThread: Self { OwnThread() }
}

/// One job after the other, on one thread at a time.
private final class SerialThread: TaskExecutor {
  private let queue = DispatchQueue(label: "tests that wait")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
