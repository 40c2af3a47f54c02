import ProcNet

/// The system calls that threads are found waiting in, by name and with their one descriptor.
enum SystemCallName {
  /// `recvfrom`, or `call 999`.
  static func text(of number: Int32) -> String {
    name(of: number)?.rawValue ?? "call \(number)"
  }

  /// The descriptor that a call is about; nil when it is about none, or about several.
  static func descriptor(of call: ProcSyscall?) -> Int32? {
    guard case .call(let number, let arguments)? = call, let name = name(of: number),
      hasDescriptor(name), let first = arguments.first
    else { return nil }
    // The registers hold 64 bits, of which the call looks at 32.
    return Int32(truncatingIfNeeded: first)
  }

  private static func name(of number: Int32) -> CallName? {
    Architecture.ours.flatMap { CallTable.name(of: number, on: $0) }
  }

  /// Its first argument is one.
  private static func hasDescriptor(_ name: CallName) -> Bool {
    switch name.kind {
    case .receive, .send, .accept, .connect: true
    case .wait: name.isEventPoll || name == .ioUringEnter
    case .lock: name == .flock || name == .fcntl
    case .file: name == .fsync || name == .fdatasync
    case .child, .sleep, .other: false
    }
  }
}
