import ProcNet

/// Turns an expression into inet_diag byte code (`linux/inet_diag.h`), run by the kernel on each
/// socket before it is listed.
///
/// The program keeps a superset: a condition that the kernel can't decide counts as true, in
/// either polarity. Marks need privileges, devices and cgroups need newer kernels, and the kernel
/// has its own idea of `autobound`: all are left to us. What remains are addresses and ports, with
/// instructions that every kernel with inet_diag accepts.
enum KernelProgram {
  /// The kernel checks a program in quadratic time; a longer one is not worth it.
  static let longest = 4096

  /// Of an expression with negations inside; nil when nothing can be decided.
  static func compile(_ expression: Expression) -> [UInt8]? {
    let decidable = relaxed(expression)
    if decidable == .always { return nil }
    var assembler = ByteCodeAssembler()
    assembler.append(decidable, otherwise: .reject)
    return assembler.size <= longest ? assembler.bytes() : nil
  }

  /// Conditions that the kernel knows, with constants folded away.
  private static func relaxed(_ expression: Expression) -> Expression {
    switch expression {
    case .all(let parts):
      let known = parts.map(relaxed).filter { $0 != .always }
      if known.contains(.never) { return .never }
      return known.count == 1 ? known[0] : .all(known)
    case .any(let parts):
      let known = parts.map(relaxed).filter { $0 != .never }
      if known.contains(.always) { return .always }
      return known.count == 1 ? known[0] : .any(known)
    case .not(.holds(let predicate)): return relaxed(predicate, isNegated: true)
    case .not: return .always
    case .holds(let predicate): return relaxed(predicate, isNegated: false)
    }
  }

  private static func relaxed(_ predicate: Predicate, isNegated: Bool) -> Expression {
    switch predicate {
    case .address: condition(predicate, isNegated)
    case .port(let end, let comparison, let port):
      relaxed(PortTest(comparison, port), end, isNegated: isNegated)
    // The program runs on internet sockets only.
    case .path, .exactPath, .packetProtocol: isNegated ? .always : .never
    default: .always
    }
  }

  /// Comparisons that no port or every port passes are constants; the rest become those that the
  /// kernel has instructions for.
  private static func relaxed(
    _ test: PortTest, _ end: SocketEnd, isNegated: Bool
  ) -> Expression {
    switch test {
    case .always: isNegated ? .never : .always
    case .never: isNegated ? .always : .never
    case .exactly(let port): condition(.port(end, .equal, port), isNegated)
    case .from(let port): condition(.port(end, .greaterOrEqual, port), isNegated)
    case .upTo(let port): condition(.port(end, .lessOrEqual, port), isNegated)
    }
  }

  private static func condition(_ predicate: Predicate, _ isNegated: Bool) -> Expression {
    isNegated ? .not(.holds(predicate)) : .holds(predicate)
  }

  /// A comparison of ports as the kernel can make it.
  private enum PortTest {
    case always, never
    case exactly(UInt16)
    case from(UInt16)
    case upTo(UInt16)

    init(_ comparison: Comparison, _ port: UInt16) {
      switch comparison {
      case .equal, .notEqual: self = .exactly(port)
      case .greaterOrEqual: self = port == 0 ? .always : .from(port)
      case .lessOrEqual: self = port == .max ? .always : .upTo(port)
      case .greater: self = port == .max ? .never : .from(port + 1)
      case .less: self = port == 0 ? .never : .upTo(port - 1)
      }
    }
  }
}
