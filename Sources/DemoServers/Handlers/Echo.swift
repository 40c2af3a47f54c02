/// Sends each message back.
struct Echo: Handler {}

extension HandlerFactory {
  static let echo = HandlerFactory(
    name: "echo", argument: nil, meaning: "send each message back"
  ) { _, _ in Echo() }
}
