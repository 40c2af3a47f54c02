/// One kind of handler as it is typed and made: `sleep:3`.
struct HandlerFactory: Sendable {
  let name: String
  /// What stands behind the colon; nil when nothing does.
  let argument: String?
  /// What it does, for the help.
  let meaning: String
  let make: @Sendable (String, HandlerContext) throws(DemoError) -> any Handler

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
