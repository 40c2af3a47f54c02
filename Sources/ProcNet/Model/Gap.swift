/// Something that could not be looked at, why, and what would help. Unknown is not zero: an
/// answer with gaps says so.
public struct Gap: Sendable, Hashable {
  /// What is missing: `owners of 12 processes`.
  public var missing: String
  /// Why: `permission denied`.
  public var reason: String
  /// What would show it; nil when nothing would.
  public var remedy: String?

  public init(missing: String, reason: String, remedy: String? = nil) {
    self.missing = missing
    self.reason = reason
    self.remedy = remedy
  }

  /// One sentence without a full stop.
  public var message: String {
    let ending = remedy.map { "; \($0)" } ?? ""
    return "\(missing) not shown: \(reason)\(ending)"
  }
}
