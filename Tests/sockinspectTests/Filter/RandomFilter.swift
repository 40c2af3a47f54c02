import TestSupport
import ProcNet

@testable import sockinspect

/// A random filter that knows its own meaning: text to parse, and a naive answer for a socket that
/// is worked out from bytes, without anything of the tool's evaluator.
indirect enum RandomFilter {
  case condition(text: String, isForKernel: Bool, holds: (Socket, FilterContext) -> Bool)
  case not(RandomFilter)
  case and([RandomFilter])
  case or([RandomFilter])

  func holds(_ socket: Socket, _ facts: FilterContext) -> Bool {
    switch self {
    case .condition(_, _, let holds): holds(socket, facts)
    case .not(let filter): !filter.holds(socket, facts)
    case .and(let parts): parts.allSatisfy { $0.holds(socket, facts) }
    case .or(let parts): parts.contains { $0.holds(socket, facts) }
    }
  }

  /// Whether the kernel can decide all of it.
  var isForKernel: Bool {
    switch self {
    case .condition(_, let isForKernel, _): isForKernel
    case .not(let filter): filter.isForKernel
    case .and(let parts), .or(let parts): parts.allSatisfy(\.isForKernel)
    }
  }

  /// Some spelling of it.
  func text(_ random: inout SeededRandom) -> String {
    switch self {
    case .condition(let text, _, _): return text
    case .not(let filter):
      let word = Self.any(["not ", "! ", "!"], &random)
      return word + filter.operand(&random)
    case .and(let filters):
      let parts = filters.map { $0.operand(&random) }
      return parts.dropFirst().reduce(parts[0]) {
        $0 + Self.any([" and ", " && ", "&", " "], &random) + $1
      }
    case .or(let filters):
      let parts = filters.map { filter in
        if case .and = filter { filter.text(&random) } else { filter.operand(&random) }
      }
      return parts.dropFirst().reduce(parts[0]) {
        $0 + Self.any([" or ", " || ", "|"], &random) + $1
      }
    }
  }

  private func operand(_ random: inout SeededRandom) -> String {
    switch self {
    case .and, .or: Self.any(["(", "( "], &random) + text(&random) + ")"
    case .not, .condition: text(&random)
    }
  }

  static func any<Element>(_ choices: [Element], _ random: inout SeededRandom) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  // MARK: Making one

  static func make(_ random: inout SeededRandom, depth: Int, onlyKernel: Bool) -> RandomFilter {
    let kind = depth == 0 ? 0 : Int.random(in: 0..<6, using: &random)
    func inner() -> RandomFilter { make(&random, depth: depth - 1, onlyKernel: onlyKernel) }
    switch kind {
    case 0, 1: return condition(&random, onlyKernel: onlyKernel)
    case 2: return .not(inner())
    case 3, 4: return .and((0..<Int.random(in: 2...3, using: &random)).map { _ in inner() })
    default: return .or((0..<Int.random(in: 2...3, using: &random)).map { _ in inner() })
    }
  }

  static func condition(_ random: inout SeededRandom, onlyKernel: Bool) -> RandomFilter {
    switch Int.random(in: 0..<(onlyKernel ? 6 : 16), using: &random) {
    case 0...2: port(&random)
    case 3...5: host(&random)
    case 6: state(&random)
    case 7...10: RandomFacts.number(&random)
    case 11: RandomFacts.mark(&random)
    default: RandomFacts.name(&random)
    }
  }

  private static let comparisons: [(String, @Sendable (Int, Int) -> Bool)] = [
    (" = ", { $0 == $1 }), ("!=", { $0 != $1 }), (" > ", { $0 > $1 }), ("<", { $0 < $1 }),
    (" geq ", { $0 >= $1 }), ("<=", { $0 <= $1 }), (" ", { $0 == $1 }),
  ]

  private static func port(_ random: inout SeededRandom) -> RandomFilter {
    let isLocal = Bool.random(using: &random)
    let port = any(RandomSocket.ports, &random)
    let (sign, test) = any(comparisons, &random)
    let word = any([":", ""], &random)
    return .condition(
      text: "\(isLocal ? "sport" : "dport")\(sign)\(word)\(port)", isForKernel: true
    ) { socket, _ in
      // Sockets without ports have none that is equal, and none to compare.
      guard socket.family == .inet || socket.family == .inet6 else { return sign == "!=" }
      return test(Int(isLocal ? socket.local.port : socket.peer.port), Int(port))
    }
  }

  private static func host(_ random: inout SeededRandom) -> RandomFilter {
    let isLocal = Bool.random(using: &random)
    let bytes = any(RandomSocket.addresses, &random)
    let length = any([0, 1, 7, 8, 24, 31, 32, 63, 64, 65, 96, 127, 128], &random)
    let isWhole = length > bytes.count * 8 || Bool.random(using: &random)
    let port = Bool.random(using: &random) ? any(RandomSocket.ports, &random) : nil
    let isNegated = Int.random(in: 0..<4, using: &random) == 0
    let bits = isWhole ? bytes.count * 8 : length
    let text =
      "\(isLocal ? "src" : "dst")\(isNegated ? "!=" : " ")\(spell(bytes))"
      + (isWhole ? "" : "/\(bits)") + (port.map { ":\($0)" } ?? "")
    return .condition(text: text, isForKernel: true) { socket, _ in
      let end = isLocal ? socket.local : socket.peer
      guard socket.family == .inet || socket.family == .inet6 else { return isNegated }
      let isSame = covers(bytes, bits, RandomSocket.bytes(end.address))
      return (isSame && (port == nil || port == end.port)) != isNegated
    }
  }

  /// Compares bit by bit; an IPv4 pattern also fits IPv4 in IPv6.
  private static func covers(_ pattern: [UInt8], _ bits: Int, _ address: [UInt8]) -> Bool {
    var address = address
    if pattern.count == 4, address.count == 16, address.starts(with: RandomSocket.mapped([])) {
      address = Array(address.suffix(4))
    }
    func text(_ bytes: [UInt8]) -> String {
      bytes.map { String(UInt16($0) + 256, radix: 2).dropFirst() }.joined()
    }
    return pattern.count == address.count
      && text(pattern).prefix(bits) == text(address).prefix(bits)
  }

  /// All eight groups, in brackets.
  private static func spell(_ bytes: [UInt8]) -> String {
    if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
    let groups = stride(from: 0, to: 16, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    return "[\(groups.joined(separator: ":"))]"
  }

  private static func state(_ random: inout SeededRandom) -> RandomFilter {
    let (name, numbers): (String, Set<UInt8>) = any(
      [
        ("established", [1]), ("SYN-SENT", [2]), ("syn-rcv", [3]), ("timewait", [6]),
        ("listening", [10]), ("closed", [7]), ("bucket", [3, 6]),
        ("connected", [1, 2, 3, 4, 5, 6, 8, 9, 11]), ("big", [1, 2, 4, 5, 7, 8, 9, 10, 11]),
      ], &random)
    // In parentheses, since adjacent states would be one set.
    return .condition(text: "(state \(name))", isForKernel: false) { socket, _ in
      numbers.contains(socket.state.rawValue)
    }
  }
}
