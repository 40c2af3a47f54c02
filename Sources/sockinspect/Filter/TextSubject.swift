import ProcNet

/// A name about a socket that a filter can ask for.
enum TextSubject: String, Sendable, Hashable, CaseIterable {
  case comm = "command"
  case user, service, container, netns
  case peerComm = "peer-command"

  /// By the word that was typed; underscores are dashes. `comm` is what ps(1) and /proc call it.
  init?(word: String) {
    switch String(word.map { $0 == "_" ? "-" : $0 }) {
    case "comm": self = .comm
    case "peer-comm": self = .peerComm
    case let name: self.init(rawValue: name)
    }
  }

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

  /// What a number after the subject means.
  var numericMeasure: NumericField? {
    switch self {
    case .user: .uid
    case .netns: .namespace
    case .comm, .service, .container, .peerComm: nil
    }
  }

  /// Whether any of the socket's names satisfies the pattern; nil when it has none that is known.
  func holds(
    _ pattern: NamePattern, _ socket: borrowing Socket, _ context: any SocketContext
  ) -> Bool? {
    switch self {
    case .comm: Self.holds(pattern, context.owners(of: socket))
    case .peerComm: Self.holds(pattern, context.peerOwners(of: socket))
    case .user: socket.uid.flatMap { context.userName($0) }.map(pattern.matches)
    case .service: context.service(of: socket).map(pattern.matchesUnit)
    case .container: context.container(of: socket).map { pattern.matches($0.rawBytes) }
    case .netns: Self.namespace(pattern, socket, context)
    }
  }

  private static func holds(_ pattern: NamePattern, _ owners: [Owner]) -> Bool? {
    owners.isEmpty ? nil : owners.contains { pattern.matchesCommand($0.command) }
  }

  private static func namespace(
    _ pattern: NamePattern, _ socket: borrowing Socket, _ context: any SocketContext
  ) -> Bool? {
    context.namespaceName(socket.namespace).map { pattern.matches($0.rawBytes) }
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

  /// It stands for many names.
  var isGlob: Bool { glob != nil }

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

/// A shell pattern over bytes: `*`, `?`, `[a-z]`, `[!a-z]`, and a backslash before a character that
/// is meant as it is. `*` matches slashes and leading dots too, as ss's unix patterns do.
struct Glob: Sendable, Hashable {
  let pattern: [UInt8]
  let foldsCase: Bool

  init(_ pattern: [UInt8], foldsCase: Bool = false) {
    self.pattern = pattern
    self.foldsCase = foldsCase
  }

  /// Whether a text would be taken as a pattern rather than as a plain name.
  static func isPattern(_ bytes: [UInt8]) -> Bool {
    bytes.contains { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }
  }

  /// Goes back to the last star only, so time is bounded by the product of the lengths.
  func matches(_ text: [UInt8]) -> Bool {
    var position = 0
    var index = 0
    var star: (pattern: Int, text: Int)?
    while index < text.count {
      if position < pattern.count, pattern[position] == 0x2A {
        star = (position + 1, index)
        position += 1
      } else if let next = step(at: position, text[index]) {
        position = next
        index += 1
      } else if let back = star {
        star = (back.pattern, back.text + 1)
        position = back.pattern
        index = back.text + 1
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == 0x2A }
  }

  /// The position after the element that matches the byte; nil when it does not.
  private func step(at position: Int, _ byte: UInt8) -> Int? {
    guard position < pattern.count else { return nil }
    switch pattern[position] {
    case 0x3F: return position + 1
    case 0x5B:
      if let (end, holds) = bracket(at: position, byte) { return holds ? end : nil }
      return fold(byte) == 0x5B ? position + 1 : nil
    case 0x5C where position + 1 < pattern.count:
      return fold(pattern[position + 1]) == fold(byte) ? position + 2 : nil
    case let plain: return fold(plain) == fold(byte) ? position + 1 : nil
    }
  }

  /// Reads `[…]`; nil when it is not closed, so that the bracket stands for itself.
  private func bracket(at start: Int, _ byte: UInt8) -> (end: Int, holds: Bool)? {
    var index = start + 1
    guard index < pattern.count else { return nil }
    let inverts = pattern[index] == 0x21 || pattern[index] == 0x5E
    if inverts { index += 1 }
    let first = index
    var found = false
    while index < pattern.count {
      if pattern[index] == 0x5D, index > first { return (index + 1, found != inverts) }
      let low = pattern[index]
      var high = low
      if index + 2 < pattern.count, pattern[index + 1] == 0x2D, pattern[index + 2] != 0x5D {
        high = pattern[index + 2]
        index += 2
      }
      if isBetween(byte, low, high) { found = true }
      index += 1
    }
    return nil
  }

  private func isBetween(_ byte: UInt8, _ low: UInt8, _ high: UInt8) -> Bool {
    fold(low) <= fold(byte) && fold(byte) <= fold(high)
  }

  private func fold(_ byte: UInt8) -> UInt8 {
    foldsCase && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}
