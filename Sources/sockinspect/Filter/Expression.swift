import ProcNet

/// Conditions joined by and, or, not. `all([])` holds always, `any([])` never.
indirect enum Expression: Sendable, Hashable, CustomStringConvertible {
  case all([Expression])
  case any([Expression])
  case not(Expression)
  case holds(Predicate)

  static let always = Expression.all([])
  static let never = Expression.any([])

  func matches(_ socket: borrowing Socket, _ context: any SocketContext) -> Bool {
    switch self {
    case .all(let parts):
      for part in parts where !part.matches(socket, context) { return false }
      return true
    case .any(let parts):
      for part in parts where part.matches(socket, context) { return true }
      return false
    case .not(let part): return !part.matches(socket, context)
    case .holds(let predicate): return predicate.matches(socket, context)
    }
  }

  var needs: FilterNeeds {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.needs) }
    case .not(let part): part.needs
    case .holds(let predicate): predicate.needs
    }
  }

  /// Joins two with `and`, without nesting what is one list.
  static func && (left: Expression, right: Expression) -> Expression {
    switch (left, right) {
    case (.all(let some), .all(let others)): .all(some + others)
    case (.all(let some), _): .all(some + [right])
    case (_, .all(let others)): .all([left] + others)
    default: .all([left, right])
    }
  }

  /// Joins two with `or`, likewise.
  static func || (left: Expression, right: Expression) -> Expression {
    switch (left, right) {
    case (.any(let some), .any(let others)): .any(some + others)
    case (.any(let some), _): .any(some + [right])
    case (_, .any(let others)): .any([left] + others)
    default: .any([left, right])
    }
  }

  /// The same meaning with `not` only before single conditions.
  func withNegationsInside(_ isNegated: Bool = false) -> Expression {
    switch self {
    case .all(let parts):
      let inner = parts.map { $0.withNegationsInside(isNegated) }
      return isNegated ? .any(inner) : .all(inner)
    case .any(let parts):
      let inner = parts.map { $0.withNegationsInside(isNegated) }
      return isNegated ? .all(inner) : .any(inner)
    case .not(let part): return part.withNegationsInside(!isNegated)
    case .holds: return isNegated ? .not(self) : self
    }
  }

  /// The same meaning, with what is cheap to answer asked first.
  func cheapestFirst() -> Expression {
    switch self {
    case .all(let parts): .all(Self.sorted(parts))
    case .any(let parts): .any(Self.sorted(parts))
    case .not(let part): .not(part.cheapestFirst())
    case .holds: self
    }
  }

  private static func sorted(_ parts: [Expression]) -> [Expression] {
    parts.map { $0.cheapestFirst() }.enumerated()
      .sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
      .map(\.element)
  }

  /// The dearest question that it may ask.
  private var cost: Int {
    switch self {
    case .all(let parts), .any(let parts): parts.map(\.cost).max() ?? 0
    case .not(let part): part.cost
    case .holds(let predicate): predicate.cost
    }
  }

  /// Whether it chooses states, so that no default should.
  var speaksOfStates: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains { $0.speaksOfStates }
    case .not(let part): part.speaksOfStates
    case .holds(let predicate): predicate.speaksOfStates
    }
  }

  /// Every state that is named somewhere.
  var namedStates: StateSet {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce([]) { $0.union($1.namedStates) }
    case .not(let part): part.namedStates
    case .holds(.states(let states)): states
    case .holds: []
    }
  }

  /// In the filter language, one spelling for each meaning.
  var description: String {
    switch self {
    case .all(let parts): parts.isEmpty ? "state all" : Self.join(parts, "and")
    case .any(let parts): parts.isEmpty ? "not state all" : Self.join(parts, "or")
    case .not(let part): "not \(part.operand)"
    case .holds(let predicate): predicate.description
    }
  }

  /// With parentheses where it is a list.
  private var operand: String {
    switch self {
    case .all(let parts), .any(let parts):
      parts.count == 1 ? parts[0].operand : "(\(description))"
    case .not, .holds: description
    }
  }

  private static func join(_ parts: [Expression], _ word: String) -> String {
    if parts.count == 1 { return parts[0].description }
    return parts.map(\.operand).joined(separator: " \(word) ")
  }
}
