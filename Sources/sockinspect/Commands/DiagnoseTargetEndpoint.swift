import Diagnosis
import ProcNet

/// The place in the words of a target at which a server would listen: `:8080`, `10.0.0.1:8080`,
/// `sport = :8080`, `/run/x.sock`.
struct DiagnoseTargetEndpoint {
  private var ports: Set<UInt16> = []
  private var addresses: Set<IPAddress> = []
  private var paths: Set<[UInt8]> = []
  /// Something is asked for that no listener has, or that a place does not say.
  private var isMore = false
  /// A server's own end is spoken of, not only that of its clients.
  private var isOwnEnd = false

  /// nil when the words name no place, several of them, or more than a place.
  static func read(_ filter: Filter) -> TargetEndpoint? {
    var found = DiagnoseTargetEndpoint()
    found.collect(filter.expression, isSelector: filter.isSelector)
    guard !found.isMore, found.isOwnEnd else { return nil }
    if let path = found.paths.first {
      return found.paths.count == 1 && found.ports.isEmpty ? .path(path) : nil
    }
    guard found.ports.count == 1, let port = found.ports.first, found.addresses.count < 2 else {
      return nil
    }
    return found.addresses.first.map { .endpoint(Endpoint(address: $0, port: port)) }
      ?? .port(port)
  }

  /// What a selector means for either end is one place; other alternatives are several.
  private mutating func collect(_ expression: Expression, isSelector: Bool) {
    switch expression {
    case .all(let parts): for part in parts { collect(part, isSelector: isSelector) }
    case .any(let parts) where isSelector || parts.count == 1:
      for part in parts { collect(part, isSelector: isSelector) }
    case .any, .not: isMore = true
    case .holds(let predicate): collect(predicate)
    }
  }

  private mutating func collect(_ predicate: Predicate) {
    switch predicate {
    case .port(let end, .equal, let port):
      ports.insert(port)
      if end == .local { isOwnEnd = true }
    case .address(_, let pattern) where pattern.isWhole:
      if !pattern.address.isAny { addresses.insert(pattern.address) }
    case .exactPath(let path): take(path)
    case .path(.local, let glob) where !Glob.isPattern(glob.pattern): take(glob.pattern)
    case .states(let states) where states.contains(.listen): break
    default: isMore = true
    }
  }

  private mutating func take(_ path: [UInt8]) {
    paths.insert(path)
    isOwnEnd = true
  }
}
