/// Tells how long a system call may sleep, from its arguments and what they point to.
struct CallTimeoutReader {
  let reader: CallReader
  let process: Int32
  let arguments: [UInt64]

  func timeout(_ ends: SyscallSignature.Ends) -> CallTimeout {
    switch ends {
    case .unknown: .unknown
    case .never: .never
    case .milliseconds(let index): milliseconds(arguments[index])
    case .timespec(let index): timespec(arguments[index])
    case .timeval(let index): timeval(arguments[index])
    case .deadline(let index): deadline(arguments[index])
    case .futex: futex
    case .clockSleep: arguments[1] & Flag.absolute != 0 ? .atDeadline : timespec(arguments[2])
    case .fileLock: Self.waitingLocks.contains(arguments[1]) ? .never : .unknown
    case .ring: ring
    }
  }

  /// `F_SETLKW` and `F_OFD_SETLKW` of fcntl.
  static let waitingLocks: Set<UInt64> = [7, 38]

  private enum Flag {
    /// `TIMER_ABSTIME` of clock_nanosleep.
    static let absolute: UInt64 = 1
    /// `IORING_ENTER_EXT_ARG`: argument 4 points to a structure with the time-out.
    static let ringArgument: UInt64 = 1 << 3
    static let ringArgumentLength = 24
  }

  private func milliseconds(_ argument: UInt64) -> CallTimeout {
    let value = Int32(truncatingIfNeeded: argument)
    return value < 0 ? .never : .after(UInt64(value))
  }

  private func timespec(_ pointer: UInt64) -> CallTimeout {
    duration(pointer) { TimeValue.milliseconds(timespec: $0.span) }
  }

  private func timeval(_ pointer: UInt64) -> CallTimeout {
    duration(pointer) { TimeValue.milliseconds(timeval: $0.span) }
  }

  private func duration(_ pointer: UInt64, _ decode: ([UInt8]) -> UInt64?) -> CallTimeout {
    guard pointer != 0 else { return .never }
    let bytes = reader.memory(process, pointer, TimeValue.length)
    return bytes.flatMap(decode).map { .after($0) } ?? .unknown
  }

  private func deadline(_ pointer: UInt64) -> CallTimeout {
    pointer == 0 ? .never : .atDeadline
  }

  /// Only the plain wait has a duration; all other operations that sleep have a moment.
  private var futex: CallTimeout {
    let operation = FutexOperation(arguments[1])
    guard operation.waits else { return .unknown }
    return operation == .wait ? timespec(arguments[3]) : deadline(arguments[3])
  }

  /// `struct io_uring_getevents_arg` has the pointer to the time-out at offset 16.
  private var ring: CallTimeout {
    guard arguments[3] & Flag.ringArgument != 0 else { return .never }
    guard arguments[4] != 0 else { return .never }
    let bytes = reader.memory(process, arguments[4], Flag.ringArgumentLength)
    return bytes.map { timespec($0.span.number64(at: 16)) } ?? .unknown
  }
}
