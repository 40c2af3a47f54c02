/// The call that a thread in `restart_syscall` is really in.
///
/// Whoever slept in poll, nanosleep or in futex with a time-out while its process was stopped,
/// traced or frozen goes on in `restart_syscall`: for poll without a time-out that is for good. The
/// arguments stay where they were, and the kernel function tells which call they belong to.
struct RestartedSyscall {
  let shape: SyscallSignature

  /// nil for other calls, and when the function is not known.
  init?(_ shown: SyscallSignature, _ arguments: [UInt64], sleepingIn place: [UInt8]?) {
    guard shown.name == .restartSyscall, let place,
      let name = Self.name(String(rawBytes: place), arguments),
      let shape = CallTable.shape(named: name)
    else { return nil }
    self.shape = shape
  }

  private static func name(_ place: String, _ arguments: [UInt64]) -> CallName? {
    if place.hasPrefix("poll_schedule") || place.hasPrefix("do_sys_poll") { return .poll }
    if place.hasPrefix("futex_") { return .futex }
    // A sleep that goes on is in the scheduler's own functions, which the kernel passes over: what
    // shows is the entry of system calls itself.
    guard place.contains("nanosleep") || place.contains("syscall") else { return nil }
    // A clock's number comes first in one of them, a pointer in the other.
    return arguments[0] < 16 ? .clockNanosleep : .nanosleep
  }
}
