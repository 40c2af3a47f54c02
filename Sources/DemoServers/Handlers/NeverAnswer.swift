/// Reads each message and answers none, as a long poll in which nothing happens: an event loop
/// keeps the request and goes on.
struct NeverAnswer: Handler {
  func answer(to message: [UInt8]) -> [UInt8] { [] }
}

extension HandlerFactory {
  static let neverAnswer = HandlerFactory(
    name: "never-answer", argument: nil, meaning: "read each message, and answer none"
  ) { _, _ in NeverAnswer() }
}
