/// How two values are compared.
enum Comparison: Sendable, Hashable {
  case equal, notEqual, greater, less, greaterOrEqual, lessOrEqual

  /// The word or sign of a comparison, as ss accepts them.
  init?(word: String) {
    switch word {
    case "=", "==", "eq": self = .equal
    case "!=", "ne", "neq": self = .notEqual
    case ">", "gt": self = .greater
    case "<", "lt": self = .less
    case ">=", "ge", "geq": self = .greaterOrEqual
    case "<=", "le", "leq": self = .lessOrEqual
    default: return nil
    }
  }

  var sign: String {
    switch self {
    case .equal: "="
    case .notEqual: "!="
    case .greater: ">"
    case .less: "<"
    case .greaterOrEqual: ">="
    case .lessOrEqual: "<="
    }
  }

  var isEquality: Bool { self == .equal || self == .notEqual }

  @inline(__always)
  func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .greater: left > right
    case .less: left < right
    case .greaterOrEqual: left >= right
    case .lessOrEqual: left <= right
    }
  }
}
