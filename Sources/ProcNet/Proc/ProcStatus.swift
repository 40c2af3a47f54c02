/// `/proc/<pid>/status`: a process or thread in lines of `Key:\tvalue`, readable by everybody.
///
/// Which lines there are depends on the kernel; what is missing is nil.
struct ProcStatus: Sendable, Equatable {
  /// Name with control characters and backslashes escaped by the kernel.
  var name: [UInt8]?
  /// `R (running)`: the letter.
  var state: UInt8?
  var parent: Int32?
  /// The process that traces this one; 0 when none does.
  var tracer: Int32?
  var realUser: UInt32?
  var effectiveUser: UInt32?
  var threads: UInt32?
  /// The number in each nested pid namespace, the outermost first (since Linux 4.1).
  var nestedNumbers: [Int32] = []
  /// Bit per `CAP_…` (`CapEff`).
  var capabilities: UInt64?
  /// Times that it went to sleep by itself, and that it was made to pause.
  var voluntarySwitches: UInt64?
  var forcedSwitches: UInt64?

  /// `CAP_SYS_PTRACE`: it may look into the processes of other users.
  var mayInspectOthers: Bool? { capabilities.map { $0 & 1 << 19 != 0 } }

  init(_ text: [UInt8]) {
    for line in text.split(separator: 10) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let value = line[(colon + 1)...].drop { $0 == 9 || $0 == 32 }
      take(String(decoding: line[..<colon], as: UTF8.self), value)
    }
  }

  private mutating func take(_ key: String, _ value: ArraySlice<UInt8>) {
    let words = { value.split { $0 == 9 || $0 == 32 } }
    switch key {
    case "Name": name = Array(value)
    case "State": state = value.first
    case "PPid": parent = Int32(procDigits: value)
    case "TracerPid": tracer = Int32(procDigits: value)
    case "Uid":
      realUser = words().first.flatMap { UInt32(procDigits: $0) }
      effectiveUser = words().dropFirst().first.flatMap { UInt32(procDigits: $0) }
    case "Threads": threads = UInt32(procDigits: value)
    case "NSpid": nestedNumbers = words().compactMap { Int32(procDigits: $0) }
    case "CapEff": capabilities = UInt64(String(decoding: value, as: UTF8.self), radix: 16)
    case "voluntary_ctxt_switches": voluntarySwitches = UInt64(procDigits: value)
    case "nonvoluntary_ctxt_switches": forcedSwitches = UInt64(procDigits: value)
    default: break
    }
  }
}
