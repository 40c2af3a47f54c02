import Glibc

/// What the calling thread may do, changed for a moment. The kernel keeps rights by thread; these
/// two calls of the C library do not spread a change to the others.
enum ThreadRights {
  /// Runs something with the file rights of another user; needs root.
  static func asNobody<Result>(_ body: () throws -> Result) rethrows -> Result {
    _ = setfsuid(65534)
    defer { _ = setfsuid(0) }
    return try body()
  }

  /// Runs something without the right to look into processes of other users, as root in a
  /// container has it: with CAP_DAC_OVERRIDE, without CAP_SYS_PTRACE.
  static func withoutPtrace<Result>(_ body: () throws -> Result) rethrows -> Result {
    try without(capability: 19, body)
  }

  /// Runs something without CAP_SYS_ADMIN, which entering a namespace takes.
  static func withoutAdministration<Result>(_ body: () throws -> Result) rethrows -> Result {
    try without(capability: 21, body)
  }

  private static func without<Result>(
    capability: UInt32, _ body: () throws -> Result
  ) rethrows -> Result {
    // Version 3: twice effective, permitted and inheritable, 32 capabilities each.
    var header: [UInt32] = [0x2008_0522, 0]
    var full = [UInt32](repeating: 0, count: 6)
    _ = capget(&header, &full)
    var less = full
    less[0] &= ~(1 << capability)
    _ = capset(&header, &less)
    defer { _ = capset(&header, &full) }
    return try body()
  }
}

@_silgen_name("setfsuid") private func setfsuid(_ user: UInt32) -> Int32
@_silgen_name("capget")
private func capget(_ header: UnsafeMutablePointer<UInt32>, _ data: UnsafeMutablePointer<UInt32>)
  -> Int32
@_silgen_name("capset")
private func capset(_ header: UnsafeMutablePointer<UInt32>, _ data: UnsafeMutablePointer<UInt32>)
  -> Int32
