import Synchronization

/// Echoes, and keeps the descriptor when the client has closed: CLOSE-WAIT, one for each client.
final class NeverClose: Handler {
  /// The leak, written the way that real ones are: a collection that only grows.
  private let kept = Mutex<[Socket]>([])

  func close(_ connection: Socket) {
    kept.withLock { $0.append(connection) }
  }

  var keepsConnections: Bool { true }
}

extension HandlerFactory {
  static let neverClose = HandlerFactory(
    name: "never-close", argument: nil, meaning: "echo, and never close what clients have closed"
  ) { _, _ in NeverClose() }
}
