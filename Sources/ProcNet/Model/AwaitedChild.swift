/// Which children a thread in wait4 or waitid waits for.
public enum AwaitedChild: Sendable, Hashable {
  case any
  case process(Int32)
  /// Any of this process group; 0 is its own.
  case group(Int32)
  /// The process behind a descriptor (`pidfd`).
  case descriptor(Int32)
}

extension ThreadCall {
  /// nil for other calls, and for a kind of child that we do not know.
  public var awaitedChild: AwaitedChild? {
    switch name {
    case .wait4: argument(0).flatMap { Self.child(Int32(truncatingIfNeeded: $0)) }
    case .waitid:
      argument(1).flatMap {
        Self.child(kind: arguments[0], Int32(truncatingIfNeeded: $0))
      }
    default: nil
    }
  }

  private static func child(_ number: Int32) -> AwaitedChild? {
    if number > 0 { return .process(number) }
    if number == -1 { return .any }
    return number == .min ? nil : .group(-number)
  }

  /// `P_ALL`, `P_PID`, `P_PGID` and `P_PIDFD`.
  private static func child(kind: UInt64, _ number: Int32) -> AwaitedChild? {
    switch kind {
    case 0: .any
    case 1: .process(number)
    case 2: .group(number)
    case 3: .descriptor(number)
    default: nil
    }
  }
}
