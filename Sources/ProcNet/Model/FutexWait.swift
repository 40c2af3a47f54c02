/// What a thread in futex waits for: a number in memory, which other threads know by its address.
public struct FutexWait: Sendable, Hashable {
  /// Two threads of one process with the same address wait for the same thing.
  public var address: UInt64
  public var operation: FutexOperation
  /// The memory may be shared with other processes, at other addresses there.
  public var isShared: Bool
  /// What the number was when it went to sleep. The C library's mutexes have 2: locked, and
  /// somebody waits.
  public var expected: UInt32
}

extension ThreadCall {
  /// nil for other calls, and for a futex call that does not wait.
  public var futex: FutexWait? {
    switch name {
    case .futex:
      let operation = FutexOperation(arguments[1])
      return operation.waits ? wait(operation, flags: arguments[1], expected: arguments[2]) : nil
    case .futexWait: return wait(.waitBits, flags: arguments[3], expected: arguments[1])
    default: return nil
    }
  }

  /// `FUTEX_PRIVATE_FLAG` (and `FUTEX2_PRIVATE`) is 128.
  private func wait(_ operation: FutexOperation, flags: UInt64, expected: UInt64) -> FutexWait {
    FutexWait(
      address: arguments[0], operation: operation, isShared: flags & 128 == 0,
      expected: UInt32(truncatingIfNeeded: expected))
  }
}
