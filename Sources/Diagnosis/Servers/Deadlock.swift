import ProcNet

/// A process whose threads all sleep at locks without a time-out.
///
/// By its number and arguments an idle thread's futex looks like one that waits for a lock. But
/// where not one thread of a server waits for a socket, a pipe, a signal or time, nothing from
/// outside can wake any of them: they wait for each other.
enum Deadlock {
  /// Those of the threads that share an address with another; all where none does. None when the
  /// process is not in a deadlock.
  static func threads(of process: ProcessCase) -> [ThreadCase] {
    guard process.threads.count > 1, process.threads.allSatisfy(waitsForGood) else { return [] }
    let counts = process.threads.reduce(into: [UInt64: Int]()) { counts, thread in
      counts[thread.wait.address ?? 0, default: 0] += 1
    }
    let shared = process.threads.filter { (counts[$0.wait.address ?? 0] ?? 0) > 1 }
    return shared.isEmpty ? process.threads : shared
  }

  private static func waitsForGood(_ thread: ThreadCase) -> Bool {
    thread.stays(.lock) && thread.wait.timeout == .never && thread.isSteady != false
  }
}
