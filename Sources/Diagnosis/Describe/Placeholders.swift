import ProcNet

/// Replaces PORT, PID and the like in the texts of a kind by the figures of one finding.
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

  /// The port or the path of a socket, and its owner.
  init(_ name: SocketName, process: Int32? = nil, thread: Int32? = nil) {
    self.init(port: name.netid.isUnix ? nil : name.local.port, process: process, thread: thread)
    words["INODE"] = name.inode == 0 ? nil : "\(name.inode)"
    if name.netid.isUnix, name.path?.isEmpty == false { words["PATH"] = Self.quoted(name.text) }
  }

  func filled(_ text: String) -> String {
    pieces(text).map { words[$0] ?? $0 }.joined()
  }

  /// The commands with all figures filled in; those that lack one are left out.
  func commands(_ lines: [String]) -> [String] {
    lines.filter { line in
      pieces(line).allSatisfy { !Self.known.contains($0) || words[$0] != nil }
    }.map(filled)
  }

  /// The text cut into runs of capitals and what is between them.
  private func pieces(_ text: String) -> [String] {
    let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
    var pieces: [String] = []
    var rest = text.utf8[...]
    while let first = rest.first {
      let isWord = capitals.contains(first)
      let run = rest.prefix { capitals.contains($0) == isWord }
      pieces.append(String(decoding: run, as: UTF8.self))
      rest = rest[run.endIndex...]
    }
    return pieces
  }

  /// Quoted, so that a shell takes it for one word; nil for names that are not safe to paste.
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
