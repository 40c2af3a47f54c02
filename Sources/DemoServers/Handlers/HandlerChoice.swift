/// Which handler, as typed; checked before anything is started.
public struct HandlerChoice: Sendable, Equatable, CustomStringConvertible {
  let name: String
  let argument: String

  public static let echo = HandlerChoice(name: "echo", argument: "")

  private init(name: String, argument: String) {
    (self.name, self.argument) = (name, argument)
  }

  /// Reads `KIND` or `KIND:ARGUMENT`.
  public init(_ text: String) throws(DemoError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(name: String(parts[0]), argument: parts.count > 1 ? String(parts[1]) : "")
    let recipe = try recipe
    guard (parts.count > 1) == (recipe.argument != nil) else {
      throw .usage("the handler '\(name)' is written \(recipe.spelling)")
    }
    // Made and thrown away: what is wrong with the argument shows now.
    let nowhere = SocketAddress.ip4(host: "127.0.0.1", port: 0)
    _ = try recipe.make(argument, HandlerContext(server: nowhere, lock: .none))
  }

  /// The names, for `did you mean`.
  public static var names: [String] { HandlerFactory.all.map(\.name) }

  /// `KIND:ARGUMENT` and what it does, for the help.
  public static var meanings: [(spelling: String, meaning: String)] {
    HandlerFactory.all.map { ($0.spelling, $0.meaning) }
  }

  public var description: String { argument.isEmpty ? name : "\(name):\(argument)" }

  func make(_ surroundings: HandlerContext) throws(DemoError) -> any Handler {
    try recipe.make(argument, surroundings)
  }

  private var recipe: HandlerFactory {
    get throws(DemoError) {
      let recipes = HandlerFactory.all + HandlerFactory.ofScenarios
      guard let recipe = recipes.first(where: { $0.name == name }) else {
        throw .usage("unknown handler '\(name)'")
      }
      return recipe
    }
  }
}
