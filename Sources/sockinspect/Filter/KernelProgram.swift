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

/// Puts inet_diag instructions together.
///
/// An instruction goes on with the next one when its condition holds, else it jumps; jumps lead
/// forward only. Reaching the end exactly keeps the socket, jumping four bytes beyond drops it.
private struct ByteCodeAssembler {
  /// `INET_DIAG_BC_*`.
  private enum Code: UInt8 {
    case jump = 1
    case localFrom, localUpTo, peerFrom, peerUpTo
    case localHost = 7
    case peerHost
  }

  enum Target {
    case reject
    case label(Int)
  }

  private struct Instruction {
    var code: Code
    var operands: [UInt8] = []
    var otherwise: Target

    var size: Int { 4 + operands.count }
  }

  private var instructions: [Instruction] = []
  /// Offset of each label; labels are placed after every jump to them.
  private var places: [Int] = []
  private(set) var size = 0

  /// Appends code that goes on when the expression holds and jumps to `target` otherwise.
  mutating func append(_ expression: Expression, otherwise target: Target) {
    switch expression {
    case .all(let parts):
      for part in parts { append(part, otherwise: target) }
    case .any(let parts): appendAny(parts, otherwise: target)
    case .not(let part):
      let next = newLabel()
      append(part, otherwise: .label(next))
      emit(Instruction(code: .jump, otherwise: target))
      place(next)
    case .holds(let predicate): append(predicate, otherwise: target)
    }
  }

  private mutating func appendAny(_ parts: [Expression], otherwise target: Target) {
    guard let last = parts.last else {
      return emit(Instruction(code: .jump, otherwise: target))
    }
    let done = newLabel()
    for part in parts.dropLast() {
      let next = newLabel()
      append(part, otherwise: .label(next))
      emit(Instruction(code: .jump, otherwise: .label(done)))
      place(next)
    }
    append(last, otherwise: target)
    place(done)
  }

  private mutating func append(_ predicate: Predicate, otherwise target: Target) {
    switch predicate {
    case .address(let end, let pattern):
      host(end, port: -1, pattern, otherwise: target)
    case .port(let end, .greaterOrEqual, let port):
      bound(end == .local ? .localFrom : .peerFrom, port, otherwise: target)
    case .port(let end, .lessOrEqual, let port):
      bound(end == .local ? .localUpTo : .peerUpTo, port, otherwise: target)
    case .port(let end, _, let port):
      host(end, port: Int32(port), nil, otherwise: target)
    default: break
    }
  }

  /// `inet_diag_bc_op` whose `no` holds the port.
  private mutating func bound(_ code: Code, _ port: UInt16, otherwise target: Target) {
    emit(Instruction(code: code, operands: [0, 0] + Self.little(port), otherwise: target))
  }

  /// `struct inet_diag_hostcond`: family, prefix length, port (-1 = any), address.
  private mutating func host(
    _ end: SocketEnd, port: Int32, _ pattern: AddressPattern?, otherwise target: Target
  ) {
    let family = pattern.map { $0.address.isIPv6 ? AddressFamily.inet6 : .inet }
    let head = [family?.rawValue ?? 0, UInt8(clamping: pattern?.length ?? 0), 0, 0]
    let operands = head + Self.little(port) + Self.network(pattern?.address)
    let code: Code = end == .local ? .localHost : .peerHost
    emit(Instruction(code: code, operands: operands, otherwise: target))
  }

  private mutating func emit(_ instruction: Instruction) {
    instructions.append(instruction)
    size += instruction.size
  }

  private mutating func newLabel() -> Int {
    places.append(0)
    return places.count - 1
  }

  private mutating func place(_ label: Int) { places[label] = size }

  /// The finished program. A jump's `yes` is its own length; the kernel insists on it.
  func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    for instruction in instructions {
      let distance = offset(of: instruction.otherwise) - bytes.count
      bytes += [instruction.code.rawValue, UInt8(clamping: instruction.size)]
      bytes += Self.little(UInt16(clamping: distance)) + instruction.operands
    }
    return bytes
  }

  private func offset(of target: Target) -> Int {
    switch target {
    case .reject: size + 4
    case .label(let label): places[label]
    }
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  private static func network(_ address: IPAddress?) -> [UInt8] {
    guard let address else { return [] }
    let low = Array(little(address.low).reversed())
    return address.isIPv6 ? little(address.high).reversed() + low : Array(low.suffix(4))
  }
}

/// An upper bound of the sockets that can match: what need not even be listed.
struct CandidateSet: Sendable, Hashable {
  /// Every number, also those that only naming them brings into a listing.
  var states = StateSet(rawValue: .max)
  var families: FamilySet = .all
  var netids: NetidSet = .all

  private static let everything = CandidateSet()
  private static let nothing = CandidateSet(states: [], families: [], netids: [])
  private static let tcp = CandidateSet(families: .internet, netids: .tcp)

  /// Of an expression with negations inside.
  static func of(_ expression: Expression) -> CandidateSet {
    switch expression {
    case .all(let parts): parts.reduce(everything) { $0.intersection(of($1)) }
    case .any(let parts): parts.reduce(nothing) { $0.union(of($1)) }
    case .not(.holds(let predicate)): notOf(predicate)
    case .not: everything
    case .holds(let predicate): of(predicate)
    }
  }

  private func union(_ other: CandidateSet) -> CandidateSet {
    CandidateSet(
      states: states.union(other.states), families: families.union(other.families),
      netids: netids.union(other.netids))
  }

  private func intersection(_ other: CandidateSet) -> CandidateSet {
    CandidateSet(
      states: states.intersection(other.states), families: families.intersection(other.families),
      netids: netids.intersection(other.netids))
  }

  private static func of(_ predicate: Predicate) -> CandidateSet {
    switch predicate {
    case .states(let states): CandidateSet(states: states)
    case .families(let families): CandidateSet(families: families)
    case .netids(let netids): CandidateSet(netids: netids)
    case .address(_, let pattern):
      CandidateSet(families: pattern.address.isIPv6 ? .inet6 : .internet, netids: .internet)
    case .port: CandidateSet(families: .internet, netids: .internet)
    case .path, .exactPath: CandidateSet(families: .unix, netids: .unix)
    case .packetProtocol: CandidateSet(families: .packet, netids: .packet)
    case .number(let field, _, _): of(field)
    case .ownership(let ownership): of(ownership)
    case .interface, .mark, .cgroup, .autobound, .text: everything
    }
  }

  private static func notOf(_ predicate: Predicate) -> CandidateSet {
    switch predicate {
    case .states(let states): CandidateSet(states: everything.states.subtracting(states))
    case .families(let families): CandidateSet(families: FamilySet.all.subtracting(families))
    case .netids(let netids): CandidateSet(netids: NetidSet.all.subtracting(netids))
    default: everything
    }
  }

  private static func of(_ field: NumericField) -> CandidateSet {
    switch field {
    case .fill:
      CandidateSet(
        states: StateSet(.listen), families: [.internet, .unix],
        netids: [.tcp, .unixStream, .unixSeqpacket])
    case .age, .idle, .field: tcp
    case .recvQ, .sendQ, .drops, .pid, .peerPid, .uid, .inode, .namespace: everything
    }
  }

  private static func of(_ ownership: Ownership) -> CandidateSet {
    switch ownership {
    case .timeWait: CandidateSet(states: StateSet(.timeWait), families: .internet, netids: .tcp)
    case .handshake: CandidateSet(states: StateSet(.synReceived), families: .internet, netids: .tcp)
    case .queued, .orphan: tcp
    case .held, .unknown: everything
    }
  }
}
