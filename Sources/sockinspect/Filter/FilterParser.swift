import ProcNet

/// Reads the whole of a filter: leading states, then conditions joined by `or`, `and`, `not` and
/// parentheses.
struct FilterParser {
  private var conditions: ConditionParser
  private var depth = 0

  /// Parentheses and `not` inside each other; bounds the stack of everything that walks the tree.
  static let deepest = 200

  init(_ text: String, _ context: ParseContext) throws(FilterError) {
    conditions = try ConditionParser(text, context)
  }

  var warnings: [String] { conditions.warnings }
  private var current: Token? { conditions.input.current }

  /// The whole filter as one selector; nil when it is not one.
  mutating func loneSelector() throws(FilterError) -> Expression? {
    try conditions.loneSelector()
  }

  /// Leading states in ss's manner hold for everything that follows; joined by `and` or `or`
  /// they are a condition like others.
  mutating func filter() throws(FilterError) -> Expression {
    guard current != nil else { return .always }
    guard let lead = try conditions.stateRun() else { return try wholeExpression() }
    guard let next = current else { return lead }
    if next.isAnd || next.isOr {
      conditions.input.rewind()
      return try wholeExpression()
    }
    return lead && (try wholeExpression())
  }

  private mutating func wholeExpression() throws(FilterError) -> Expression {
    let expression = try disjunction()
    guard let rest = current else { return expression }
    throw error(rest.kind == .close ? "')' without '('" : "unexpected '\(rest.text)'", at: rest)
  }

  /// `and` binds more tightly than `or`; ss reads from left to right.
  private mutating func disjunction() throws(FilterError) -> Expression {
    var alternatives: [Expression] = []
    var run = [try term()]
    var flat = SSPrecedence(run[0])
    while let next = current, next.kind != .close {
      if next.isOr || next.isAnd { conditions.input.advance() }
      let part = try term()
      flat.append(part, isOr: next.isOr)
      if next.isOr {
        alternatives.append(Self.joined(run))
        run = [part]
      } else {
        run.append(part)
      }
    }
    let expression: Expression =
      alternatives.isEmpty ? Self.joined(run) : .any(alternatives + [Self.joined(run)])
    if flat.differs { conditions.warnings.append(flat.warning(expression)) }
    return expression
  }

  private static func joined(_ run: [Expression]) -> Expression {
    run.count == 1 ? run[0] : .all(run)
  }

  private mutating func term() throws(FilterError) -> Expression {
    guard let token = current else { throw conditions.input.missing("a condition") }
    if token.isNot {
      return .not(
        try nested(token) { (parser) throws(FilterError) in
          try parser.term()
        })
    }
    switch token.kind {
    case .open:
      return try nested(token) { (parser) throws(FilterError) in try parser.parenthesized(token) }
    case .word where !token.isAnd && !token.isOr: return try conditions.condition(token)
    case .close: throw error("a condition is missing before ')'", at: token)
    case .comparison: throw error("a subject is missing before '\(token.text)'", at: token)
    default: throw error("a condition is missing before '\(token.text)'", at: token)
    }
  }

  private mutating func nested(
    _ token: Token, _ read: (inout FilterParser) throws(FilterError) -> Expression
  ) throws(FilterError) -> Expression {
    guard depth < Self.deepest else {
      throw error("more than \(Self.deepest) parentheses and nots inside each other", at: token)
    }
    depth += 1
    conditions.input.advance()
    let expression = try read(&self)
    depth -= 1
    return expression
  }

  private mutating func parenthesized(_ open: Token) throws(FilterError) -> Expression {
    let expression = try disjunction()
    guard current?.kind == .close else { throw error("'(' is not closed", at: open) }
    conditions.input.advance()
    return expression
  }

  private func error(_ complaint: String, at token: Token) -> FilterError {
    conditions.input.error(complaint, at: token)
  }
}

/// The same words as ss reads them: from left to right, `and` and `or` alike.
private struct SSPrecedence {
  private var expression: Expression
  private var count = 1
  private var hasOr = false
  /// Whether the two readings are different: an `and` comes after an `or`.
  private(set) var differs = false

  /// The left-hand side nests once for each word, so it is kept only while it is short.
  private static let longest = 12

  init(_ first: Expression) { expression = first }

  mutating func append(_ part: Expression, isOr: Bool) {
    differs = differs || (hasOr && !isOr)
    hasOr = hasOr || isOr
    count += 1
    guard count <= Self.longest else { return }
    expression = isOr ? expression || part : expression && part
  }

  func warning(_ ours: Expression) -> String {
    guard count <= Self.longest else {
      return "'and' binds more tightly than 'or'; ss reads from left to right; use parentheses"
    }
    return "read as: \(Self.short(ours)); ss, which reads from left to right, takes it as: "
      + "\(Self.short(expression)); parentheses make it plain"
  }

  private static func short(_ expression: Expression) -> String {
    let text = expression.description
    return text.count <= 120 ? text : "\(text.prefix(119))…"
  }
}

/// What a filter's words are read against: the tables asked for, and who knows names.
struct ParseContext {
  /// Tables that the listing is limited to: with unix ones only, `src` takes a path, as in ss.
  var netids: NetidSet = .all
  /// Families that the listing is limited to, likewise.
  var families: FamilySet = .all
  var resolveHost: (String) throws(KernelError) -> [IPAddress] = { _ in [] }
  var resolvePort: (String, NetidSet) -> ServiceNames.Search = { _, _ in .missing }
  var interface: ([UInt8]) -> Interfaces.Search = { _ in .missing }
  /// The id of the cgroup with this path, which may begin with the mount point.
  var cgroupID: (String) -> UInt64? = { _ in nil }
  /// The host's users; nil when they are not known.
  var users: () -> Users? = { nil }
  /// The ports that the kernel gives out on its own (`net.ipv4.ip_local_port_range`).
  var ephemeralPorts: ClosedRange<UInt16> = 32768...60999

  /// Names from the C library, interfaces from the context, cgroups from the file system.
  static func live(
    netids: NetidSet, families: FamilySet, kernel: any Kernel, context: any SocketContext
  ) -> ParseContext {
    let services = ServiceNames(through: kernel)
    return ParseContext(
      netids: netids, families: families,
      resolveHost: { (host) throws(KernelError) in try NameLookup.addresses(ofHost: host) },
      resolvePort: { services.search($0.rawBytes, in: $1) },
      interface: { context.interface(named: $0) },
      cgroupID: { cgroupID(at: $0, through: kernel) },
      users: { Users(through: kernel) },
      ephemeralPorts: ephemeralPorts(of: kernel) ?? 32768...60999)
  }

  private static let mountPoint = "/sys/fs/cgroup"

  private static func cgroupID(at path: String, through kernel: any Kernel) -> UInt64? {
    let place = path.hasPrefix(mountPoint) ? path : mountPoint + path
    return try? kernel.identity(of: place).inode
  }

  private static func ephemeralPorts(of kernel: any Kernel) -> ClosedRange<UInt16>? {
    let file = "/proc/sys/net/ipv4/ip_local_port_range"
    guard let bytes = try? kernel.contents(of: file) else { return nil }
    let numbers = bytes.split { $0 < 0x30 || $0 > 0x39 }
      .compactMap { UInt16(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 2, numbers[0] <= numbers[1] else { return nil }
    return numbers[0]...numbers[1]
  }

  var takesPaths: Bool {
    families == .unix || (!netids.isEmpty && netids.isSubset(of: .unix))
  }
  var takesProtocols: Bool {
    families == .packet || (!netids.isEmpty && netids.isSubset(of: .packet))
  }
}
