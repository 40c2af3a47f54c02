/// Accepts and never reads: the receive buffer fills, then the client's send buffer.
struct NeverRead: Handler {
  func open() -> Opening { .ignore }
}

extension HandlerFactory {
  static let neverRead = HandlerFactory(
    name: "never-read", argument: nil, meaning: "accept, then sleep without ever reading"
  ) { _, _ in NeverRead() }
}
