import ProcNet

/// A name about a socket that a filter can ask for.
enum TextSubject: String, Sendable, Hashable, CaseIterable {
  case comm, user, service, container, netns
  case peerComm = "peer_comm"

  var needs: FilterNeeds {
    switch self {
    case .comm: .owners
    case .user: .userNames
    case .service: [.service, .attributes]
    case .container: [.container, .attributes]
    case .netns: .namespaceNames
    case .peerComm: .peerOwners
    }
  }

  /// Whether any of the socket's names satisfies the pattern; nil when it has none that is known.
  func holds(
    _ pattern: NamePattern, _ socket: borrowing Socket, _ surroundings: any SocketContext
  ) -> Bool? {
    switch self {
    case .comm: Self.holds(pattern, surroundings.owners(of: socket))
    case .peerComm: Self.holds(pattern, surroundings.peerOwners(of: socket))
    case .user: socket.uid.flatMap { surroundings.userName($0) }.map(pattern.matches)
    case .service: surroundings.service(of: socket).map(pattern.matchesUnit)
    case .container: surroundings.container(of: socket).map { pattern.matches($0.rawBytes) }
    case .netns: Self.namespace(pattern, socket, surroundings)
    }
  }

  private static func holds(_ pattern: NamePattern, _ owners: [Owner]) -> Bool? {
    owners.isEmpty ? nil : owners.contains { pattern.matchesCommand($0.command) }
  }

  private static func namespace(
    _ pattern: NamePattern, _ socket: borrowing Socket, _ surroundings: any SocketContext
  ) -> Bool? {
    surroundings.namespaceName(socket.namespace).map { pattern.matches($0.rawBytes) }
  }
}

/// A name to compare with: as it is, or a shell pattern when it holds `*`, `?` or `[`.
struct NamePattern: Sendable, Hashable {
  let bytes: [UInt8]
  private let glob: Glob?

  init(_ word: String, isExact: Bool = false) {
    bytes = word.rawBytes
    glob = !isExact && Glob.isPattern(bytes) ? Glob(bytes) : nil
  }

  func matches(_ name: [UInt8]) -> Bool {
    if let glob { glob.matches(name) } else { name == bytes }
  }

  /// The kernel keeps 15 bytes of a command's name, people type all of it.
  func matchesCommand(_ command: [UInt8]) -> Bool {
    if matches(command) { return true }
    return glob == nil && bytes.count > 15 && command.elementsEqual(bytes.prefix(15))
  }

  /// `nginx` stands for `nginx.service` too.
  func matchesUnit(_ unit: String) -> Bool {
    if matches(unit.rawBytes) { return true }
    return unit.hasSuffix(".service") && matches(Array(unit.utf8.dropLast(8)))
  }
}
