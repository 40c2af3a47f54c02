import Foundation

/// A demo server of this build, running for as long as the value lives.
final class LoadServer {
  /// What clients are told: `127.0.0.1:PORT`.
  let address: String
  private let process: ChildProcess
  private let output: OpenFile

  init(_ words: String...) throws {
    let (output, outputEnd) = try OpenFile.pipe()
    let errors = try OpenFile.temporary()
    process = try ChildProcess(
      [Product.sockinspect, "serve"] + words + ["--quiet"], output: outputEnd.number,
      errors: errors.number)
    self.output = output
    _ = consume outputEnd
    let ready = String(decoding: output.piece() ?? [], as: UTF8.self)
    guard let port = ready.firstMatch(of: /port=([0-9]+)/)?.1 else {
      throw CannotRun(words: ["serve"] + words, error: EIO)
    }
    address = "127.0.0.1:\(port)"
  }

  deinit { process.end() }

  func send(_ signal: Int32) { kill(process.number, signal) }
}

/// A load of this build that runs while the test looks at it.
final class LoadChild {
  let process: ChildProcess
  private let output: OpenFile
  private let errors: OpenFile
  /// Ends with the value, which is the end of the load's input.
  private var input: OpenFile?

  init(_ words: [String], inputIsOpen: Bool = true) throws {
    let (output, outputEnd) = try OpenFile.pipe()
    let (inputEnd, input) = try OpenFile.pipe()
    errors = try OpenFile.temporary()
    process = try ChildProcess(
      [Product.sockinspect, "load"] + words, input: inputIsOpen ? inputEnd.number : nil,
      output: outputEnd.number, errors: errors.number)
    self.output = output
    self.input = inputIsOpen ? input : nil
    _ = consume outputEnd
  }

  /// The next output, which is whole lines.
  func output(within deadline: Duration = .seconds(60)) -> String? {
    output.piece(within: deadline).map { String(decoding: $0, as: UTF8.self) }
  }

  func endInput() { input = nil }

  func send(_ signal: Int32) { kill(process.number, signal) }

  /// How it ended, and what it wrote until then.
  func end(within deadline: Duration = .seconds(60)) -> (Shutdown, output: String, errors: String) {
    let ending = process.waitForEnd(until: .now + deadline)
    var rest = ""
    while let piece = output() { rest += piece }
    return (ending, rest, String(decoding: errors.contents(), as: UTF8.self))
  }
}
