import ProcNet

extension HostObservation {
  /// Whether a thread sleeps because it has nothing to do, rather than because something blocks it.
  ///
  /// futex is both the normal sleep of idle helpers and the wait for a lock. A contended mutex
  /// waits for the value 2 (the C library's and most others); condition variables, semaphores and
  /// parked threads wait for other values.
  func isIdle(_ thread: ObservedThread) -> Bool {
    switch thread.wait.kind {
    case .lock: !thread.wait.isMutex
    case .timer: thread.wait.isSignalWait
    case .accept: true
    case .receive, .send, .connect, .any: isAtRest(thread)
    default: false
    }
  }

  /// It computes, or waits for something that no client and no wake-up of its own process is. Locks
  /// and timers are left to the caller: idle threads sleep at both.
  func isAtWork(_ thread: ObservedThread) -> Bool {
    switch thread.wait.kind {
    case .running: thread.burns(over: interval)
    case .disk, .memory, .file, .fifo, .child, .fileLock: true
    case .receive, .send, .connect, .any: !isIdle(thread)
    default: false
    }
  }

  private func isAtRest(_ thread: ObservedThread) -> Bool {
    switch target(of: thread) {
    case .connection, .pipe, .pair: false
    case .clients, .feeds, .wakeUp, .hidden: true
    // A receive from, or a send to, something that is neither socket nor pipe. Consoles of servers
    // have a thread of their own; the only thread of a process can do nothing else meanwhile.
    case nil:
      thread.wait.kind != .send
        && (thread.wait.input == nil || processes[thread.process.process]?.threads.count != 1)
    }
  }
}

/// A process whose threads all sleep at locks without a time-out.
///
/// By its number and arguments an idle thread's futex looks like one that waits for a lock. But
/// where not one thread of a server waits for a socket, a pipe, a signal or time, nothing from
/// outside can wake any of them: they wait for each other.
enum Deadlock {
  /// Those of the threads that share an address with another; all where none does. None when the
  /// process is not in a deadlock.
  static func threads(of process: ObservedProcess) -> [ObservedThread] {
    guard process.threads.count > 1, process.threads.allSatisfy(waitsForGood) else { return [] }
    let counts = process.threads.reduce(into: [UInt64: Int]()) { counts, thread in
      counts[thread.wait.address ?? 0, default: 0] += 1
    }
    let shared = process.threads.filter { (counts[$0.wait.address ?? 0] ?? 0) > 1 }
    return shared.isEmpty ? process.threads : shared
  }

  private static func waitsForGood(_ thread: ObservedThread) -> Bool {
    thread.stays(.lock) && thread.wait.timeout == .never && thread.isSteady != false
  }
}
