/// A way to divide the work of accepting and serving among processes and threads; one file each.
protocol Model: SendableMetatype {
  /// In the process, or in each of the processes, that accept.
  init(server: Server) throws(DemoError)
  /// Serves for as long as the process lives.
  func run() throws(DemoError) -> Never
}

/// One kind of model as it is typed and started: `serial`.
public struct ServerModel: RawRepresentable, CaseIterable, Equatable, Sendable {
  /// All there are; one file each.
  public static let allCases: [ServerModel] = [.serial, .worker, .prefork, .thread, .pool, .event]

  /// As typed: `serial`.
  public let rawValue: String
  /// For the help.
  public let meaning: String
  /// Whether `--workers` means something to it.
  let takesWorkers: Bool
  /// Several processes make sense only when each has its own listener.
  let needsShards: Bool
  let children: Children
  /// What is between the name and the number of a child that accepts.
  let childMark: String
  let kind: any Model.Type

  /// Which processes it starts on its own.
  enum Children {
    case none
    /// One for each connection that was accepted.
    case perConnection
    /// Some that accept, while their parent watches over them.
    case acceptors
  }

  init(
    _ name: String, meaning: String, takesWorkers: Bool = true, needsShards: Bool = false,
    children: Children = .none, childMark: String = "-", _ kind: any Model.Type
  ) {
    rawValue = name
    self.meaning = meaning
    self.takesWorkers = takesWorkers
    self.needsShards = needsShards
    self.children = children
    self.childMark = childMark
    self.kind = kind
  }

  public init?(rawValue: String) {
    guard let model = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = model
  }

  /// `demo-serial`.
  var processName: String { "demo-\(rawValue)" }

  func run(_ server: Server) throws(DemoError) -> Never {
    try kind.init(server: server).run()
  }
}
