import Foundation

/// A child process that holds one socket of every kind for as long as this value lives.
///
/// As root the sockets are alone in a network namespace of their own, if it can be entered.
final class Zoo {
  enum Inhabitants: String {
    /// Every kind of socket; names that ss prints as they are.
    case plain
    /// The same, and names made to confuse.
    case hostile
    /// 500 sockets a second that come and go.
    case churn
  }

  let catalog: Catalog
  let folder: TemporaryFolder
  private let process: ChildProcess
  /// Its closing ends the zoo, even when we end without a word.
  private let input: OpenFile

  init(_ inhabitants: Inhabitants = .plain) throws {
    folder = try TemporaryFolder()
    let (inputEnd, input) = try OpenFile.pipe()
    let (output, outputEnd) = try OpenFile.pipe()
    let errors = try OpenFile.temporary()
    self.input = input
    let place = Tool.has("nsenter") ? [] : ["here"]
    process = try ChildProcess(
      [Product.zoo, folder.path, inhabitants.rawValue] + place, input: inputEnd.number,
      output: outputEnd.number, errors: errors.number)
    let line = Self.line(from: output)
    guard let catalog = try? JSONDecoder().decode(Catalog.self, from: Data(line)) else {
      throw NotReady(said: String(decoding: line + errors.contents(), as: UTF8.self))
    }
    self.catalog = catalog
  }

  deinit { process.end() }

  struct NotReady: Error { var said: String }

  private static func line(from file: OpenFile) -> [UInt8] {
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n"), let piece = file.piece() { line += piece }
    return line
  }

  /// Runs a command where it sees the zoo's sockets.
  func run(
    _ words: [String], as user: User = .ourselves, environment: [String: String] = [:]
  ) throws -> Outcome {
    let enter = catalog.private ? ["nsenter", "-t", "\(catalog.pid)", "-n"] : []
    return try Program(words: enter + user.prefix + words, environment: environment).run()
  }

  /// Runs sockinspect where it sees the zoo's sockets.
  func sockinspect(
    _ arguments: [String], as user: User = .ourselves, environment: [String: String] = [:]
  ) throws -> Outcome {
    let program =
      user == .nobody ? try folder.copy(of: Product.sockinspect) : Product.sockinspect
    return try run([program] + arguments, as: user, environment: environment)
  }
}

/// Whose rights a command runs with.
enum User: String, CaseIterable {
  case ourselves
  /// User 65534, who may look into nobody's process.
  case nobody

  var prefix: [String] {
    switch self {
    case .ourselves: []
    case .nobody: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }
  }
}
