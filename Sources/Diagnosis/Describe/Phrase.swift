import ProcNet

/// Figures and names in sentences.
public enum Phrase {
  /// The one form of durations: `400 ms`, `4.1 s`, `62 s`, `25 min`, `3 h 10 min`, `4 days`.
  public static func duration(_ milliseconds: some BinaryInteger) -> String {
    let milliseconds = Int128(clamping: milliseconds)
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    if milliseconds < 10_000 {
      let tenths = (milliseconds + 50) / 100
      return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
    let seconds = (milliseconds + 500) / 1000
    if seconds < 180 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min" }
    if seconds < 3 * 86_400 { return hours(ofMinutes: seconds / 60) }
    return "\(seconds / 86_400) days"
  }

  private static func hours(ofMinutes minutes: Int128) -> String {
    minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// `3 requests to 127.0.0.1:8080 have not been answered for up to 7 s`.
  static func unanswered(
    _ requests: Int, to listener: SocketName, for oldest: UInt64
  ) -> String {
    let time = "\(requests == 1 ? "" : "up to ")\(duration(oldest))"
    return "\(count(requests, "request")) to \(listener.text) "
      + "\(requests == 1 ? "has" : "have") not been answered for \(time)"
  }

  /// `1 connection`, `6 connections`.
  static func count(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? "\(one)s")"
  }

  /// `1 byte`, `9216 bytes`, `48 KiB`, `7.4 MiB`.
  public static func bytes(_ number: some BinaryInteger) -> String {
    guard number >= 10_000 else { return count(number, "byte") }
    var tenths = number.scaled(by: 10, over: 1024)
    for unit in ["KiB", "MiB", "GiB"] {
      if tenths < 100 { return "\(tenths / 10).\(tenths % 10) \(unit)" }
      if tenths < 10_240 || unit == "GiB" { return "\((tenths + 5) / 10) \(unit)" }
      tenths /= 1024
    }
    return "\(number) bytes"
  }

  /// `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`.
  public static func list(_ words: [String], most: Int = 4) -> String {
    if words.count > most {
      return words.prefix(most - 1).joined(separator: ", ")
        + " and \(words.count - most + 1) more"
    }
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// What names of processes have in common, without a number behind it: `demo-prefork` of
  /// `demo-prefork-1` and `demo-prefork-2`; nil when that is less than three letters.
  static func commonName(_ names: [String]) -> String? {
    guard var common = names.first.map({ $0[...] }) else { return nil }
    if names.allSatisfy({ $0 == common }) { return String(common) }
    for name in names {
      while !name.hasPrefix(common) { common = common.dropLast() }
    }
    while let last = common.last, last.isNumber || " -_:/#.".contains(last) {
      common = common.dropLast()
    }
    return common.count > 2 ? String(common) : nil
  }

  static func endpoint(_ endpoint: Endpoint, _ isV6Only: Bool? = true) -> String {
    SocketName.endpoint(endpoint, isV6Only)
  }

  static func path(_ path: [UInt8]?, _ inode: UInt32) -> String { SocketName.path(path, inode) }
}

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
