/// What a server does for a connection once it has it, whatever its model.
///
/// A handler's functions may block, burn or wait: in an event loop that stops all clients.
protocol Handler: Sendable {
  /// Before anything is read.
  func open() throws(DemoError) -> Opening
  /// The answer to one whole message.
  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8]
  /// The client has closed or gone, or the server gives up; always follows `open`.
  func close(_ connection: Socket)
  /// Keeps connections that its clients have left: their process must live on.
  var keepsConnections: Bool { get }
}

/// What happens to a connection to begin with.
enum Opening: Equatable {
  /// Messages are read and answered.
  case converse
  /// Nothing is ever read.
  case ignore
  /// This many bytes are sent, nothing is read.
  case flood(Int)
}

extension Handler {
  func open() throws(DemoError) -> Opening { .converse }
  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] { message }
  func close(_ connection: Socket) {}
  var keepsConnections: Bool { false }
}

/// One kind of handler as it is typed and made: `sleep:3`.
struct HandlerFactory: Sendable {
  let name: String
  /// What follows the colon; nil when nothing does.
  let argument: String?
  /// What it does, for the help.
  let meaning: String
  let type: any Handler.Type
  let make: @Sendable (String, HandlerContext) throws(DemoError) -> any Handler

  init<Made: Handler>(
    name: String, argument: String?, meaning: String,
    _ make: @escaping @Sendable (String, HandlerContext) throws(DemoError) -> Made
  ) {
    self.name = name
    self.argument = argument
    self.meaning = meaning
    type = Made.self
    self.make = { (argument, context) throws(DemoError) in try make(argument, context) }
  }

  /// `sleep:SECONDS`.
  var spelling: String { argument.map { "\(name):\($0)" } ?? name }

  /// All there are; one file each.
  static let all: [HandlerFactory] = [
    .echo, .sleep, .spin, .neverRead, .neverClose, .flood, .lock, .upstream, .selfCall,
  ]

  /// Those that only scenarios use (`NamedServer`): `serve` neither lists nor takes them.
  static let ofScenarios: [HandlerFactory] = [
    .keptLock, .neverAnswer, .pooledUpstream, .fileLockWait, .fileLockPoll,
    .logLine, .nestedLoop, .waitForChild, .readFile,
  ]
}

/// What a handler may need of the server it works in.
struct HandlerContext: Sendable {
  /// Where the server listens.
  let server: SocketAddress
  /// The lock that all workers of the server share.
  let lock: SharedLock
}

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
    let factory = try factory
    guard (parts.count > 1) == (factory.argument != nil) else {
      throw .usage("the handler '\(name)' is written \(factory.spelling)")
    }
    // Made and thrown away: what is wrong with the argument shows now.
    _ = try factory.make(argument, HandlerContext(server: .loopback(), lock: .none))
  }

  /// The names, for `did you mean`.
  public static var names: [String] { HandlerFactory.all.map(\.name) }

  /// `KIND:ARGUMENT` and what it does, for the help.
  public static var meanings: [(spelling: String, meaning: String)] {
    HandlerFactory.all.map { ($0.spelling, $0.meaning) }
  }

  public var description: String { argument.isEmpty ? name : "\(name):\(argument)" }

  func make(_ context: HandlerContext) throws(DemoError) -> any Handler {
    try factory.make(argument, context)
  }

  private var factory: HandlerFactory {
    get throws(DemoError) {
      let factories = HandlerFactory.all + HandlerFactory.ofScenarios
      guard let factory = factories.first(where: { $0.name == name }) else {
        throw .usage("unknown handler '\(name)'")
      }
      return factory
    }
  }
}
