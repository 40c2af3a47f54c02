/// The answer of a port at which nothing listens.
enum Refusal {
  /// Tries once to connect.
  static func comes(from target: String) -> Bool {
    do {
      _ = try Connection.open(to: try SocketAddress(target))
      return false
    } catch {
      return error.isRefused
    }
  }
}
