/// inet_diag byte code that keeps the connections of a few ports.
///
/// For each port two comparisons (an operation of 4 bytes with the port in a second one) and a jump
/// over the rest (`INET_DIAG_BC_JMP` 1). An operation is code u8, step if true u8, step if false
/// u16; a step beyond the end by 4 rejects.
public enum ListenerPortProgram {
  /// Whose port: the code of "at least" and of "at most" (`INET_DIAG_BC_S_GE` … `D_LE`).
  public enum End: Sendable {
    case local, peer

    var atLeast: UInt8 { self == .local ? 2 : 4 }
    var atMost: UInt8 { self == .local ? 3 : 5 }
  }

  /// How many ports the kernel is asked to look for; more would cost it more than they spare us.
  static let fewPorts = 24

  /// Two comparisons and a jump; the last port needs no jump.
  private static let alternative = 20
  private static let lastAlternative = 16

  /// The program; nil when there are no ports, or too many.
  public static func make(_ end: End, isOneOf ports: Set<UInt16>) -> [UInt8]? {
    guard !ports.isEmpty, ports.count <= fewPorts else { return nil }
    var program: [UInt8] = []
    for (index, port) in ports.sorted().enumerated() {
      let others = ports.count - index - 1
      let isLast = others == 0
      // From each comparison, failing leads to the next port; of the last one, to reject.
      let next = isLast ? lastAlternative + 4 : alternative
      append(end.atLeast, port, failing: next, to: &program)
      append(end.atMost, port, failing: next - 8, to: &program)
      let rest = (others - 1) * alternative + lastAlternative
      if !isLast { append(1, 4, UInt16(4 + rest), to: &program) }
    }
    return program
  }

  private static func append(
    _ code: UInt8, _ port: UInt16, failing: Int, to program: inout [UInt8]
  ) {
    append(code, 8, UInt16(failing), to: &program)
    append(0, 0, port, to: &program)
  }

  private static func append(
    _ code: UInt8, _ yes: UInt8, _ no: UInt16, to program: inout [UInt8]
  ) {
    program += [code, yes]
    program.append16(no)
  }
}
