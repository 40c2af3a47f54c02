import ProcNet

/// Puts a case's own figures in the place of PORT, PID and the like in texts of the catalogue.
struct Placeholders {
  private var words: [String: String] = [:]

  private static let known: Set<String> = ["PORT", "PID", "TID", "FD", "PATH", "INODE"]

  init(
    port: UInt16? = nil, process: Int32? = nil, thread: Int32? = nil, descriptor: Int32? = nil
  ) {
    words["PORT"] = port.map { "\($0)" }
    words["PID"] = process.map { "\($0)" }
    words["TID"] = thread.map { "\($0)" }
    words["FD"] = descriptor.map { "\($0)" }
  }

  /// The port or the path of a socket, and its holder.
  init(_ name: SocketName, process: Int32? = nil, thread: Int32? = nil) {
    self.init(port: name.netid.isUnix ? nil : name.local.port, process: process, thread: thread)
    words["INODE"] = name.inode == 0 ? nil : "\(name.inode)"
    if name.netid.isUnix, name.path?.isEmpty == false { words["PATH"] = Self.quoted(name.text) }
  }

  func filled(_ text: String) -> String {
    pieces(text).map { words[$0] ?? $0 }.joined()
  }

  /// Commands with nothing left to fill in; those that lack a figure are left out.
  func commands(_ lines: [String]) -> [String] {
    lines.filter { line in
      pieces(line).allSatisfy { !Self.known.contains($0) || words[$0] != nil }
    }.map(filled)
  }

  /// The text cut into runs of capitals and what stands between them.
  private func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var isWord: Bool?
    for character in text {
      let capital = character.isASCII && character.isUppercase
      if capital == isWord {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
        isWord = capital
      }
    }
    return pieces
  }

  /// As a shell takes it for one word; nil for names that nobody should paste into a shell.
  private static func quoted(_ path: String) -> String? {
    let bytes = path.utf8
    guard bytes.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "'") }) else { return nil }
    let isPlain = bytes.allSatisfy { byte in
      let character = Character(UnicodeScalar(byte))
      return character.isLetter || character.isNumber || "/._-@+:,".contains(character)
    }
    return isPlain ? path : "'\(path)'"
  }
}

extension Finding {
  /// Fills in the commands to check with, and the figures that remedies ask for.
  mutating func fill(_ placeholders: Placeholders) {
    check = placeholders.commands(kind.check)
    remedy = remedy.map(placeholders.filled)
  }
}
