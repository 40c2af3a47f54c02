import ProcNet

/// Tells threads that sleep because they have nothing to do from those that are kept waiting.
///
/// futex is both the normal sleep of idle helpers and the wait for a lock. A contended mutex waits
/// for the value 2 (the C library's and most others'); condition variables, semaphores and parked
/// threads wait for other values.
enum IdleSleep {
  static func isIdle(_ thread: ObservedThread) -> Bool {
    switch thread.wait.kind {
    case .lock: !isMutex(thread)
    case .any: thread.wait.soleSocket == nil
    case .accept: true
    case .receive: thread.wait.sockets.isEmpty && thread.wait.solePipe == nil
    case .timer: isSignalWait(thread.wait)
    default: false
    }
  }

  /// `FUTEX_WAIT` or `FUTEX_WAIT_BITSET` for "locked, and somebody waits".
  static func isMutex(_ thread: ObservedThread) -> Bool {
    guard let call = thread.snapshot.call, call.name == .futex, call.arguments.count > 2 else {
      return false
    }
    let operation = call.arguments[1] & 0x7F
    let value = UInt32(truncatingIfNeeded: call.arguments[2])
    return (operation == 0 || operation == 9) && value == 2 && thread.wait.timeout == .never
  }

  /// Waits for signals, as masters do.
  private static func isSignalWait(_ wait: Wait) -> Bool {
    wait.call == CallName.pause.rawValue || wait.call == CallName.rtSigsuspend.rawValue
      || wait.call == CallName.rtSigtimedwait.rawValue
  }
}

/// A process whose threads all sleep at locks without a time-out.
///
/// By its number and arguments an idle thread's futex samples like one that waits for a lock. But
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
