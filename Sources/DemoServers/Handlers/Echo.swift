/// Sends each message back.
struct Echo: Handler {}

extension HandlerRecipe {
  static let echo = HandlerRecipe(
    name: "echo", argument: nil, meaning: "send each message back"
  ) { _, _ in Echo() }
}
