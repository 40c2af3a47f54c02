import ProcNet

/// Conditions joined by and, or, not. `all([])` holds always, `any([])` never.
indirect enum Expression: Sendable, Hashable {
  case all([Expression])
  case any([Expression])
  case not(Expression)
  case holds(Predicate)

  static let always = Expression.all([])
  static let never = Expression.any([])

  func matches(_ socket: borrowing Socket, _ surroundings: any SocketContext) -> Bool {
    switch self {
    case .all(let parts):
      for part in parts where !part.matches(socket, surroundings) { return false }
      return true
    case .any(let parts):
      for part in parts where part.matches(socket, surroundings) { return true }
      return false
    case .not(let part): return !part.matches(socket, surroundings)
    case .holds(let predicate): return predicate.matches(socket, surroundings)
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
}
