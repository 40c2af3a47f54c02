import Foundation

/// A program to run to its end, or to its deadline: no child outlives the call.
struct Program {
  /// The program, looked up in PATH unless it has a slash, and its arguments.
  var words: [String]
  /// Added to an environment that is the same everywhere.
  var environment: [String: String] = [:]
  /// A file for standard output; nil keeps the output and hands it back.
  var outputPath: String?
  var deadline: Duration = .seconds(60)

  func run() throws -> Outcome {
    let output = try outputPath.map(OpenFile.writing) ?? OpenFile.temporary()
    let errors = try OpenFile.temporary()
    let process = try ChildProcess(
      words, environment: environment, output: output.number, errors: errors.number)
    let ending = process.waitForEnd(until: .now + deadline)
    return Outcome(
      words: words, ending: ending, output: outputPath == nil ? output.contents() : [],
      errors: errors.contents())
  }
}

/// What a program left behind.
struct Outcome: CustomStringConvertible {
  var words: [String]
  var ending: Shutdown
  var output: [UInt8]
  var errors: [UInt8]

  var status: Int32? { if case .exited(let status) = ending { status } else { nil } }
  /// Bytes that are no UTF-8 become U+FFFD.
  var text: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: errors, as: UTF8.self) }
  var errorLines: [String] {
    errorText.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
  }

  var description: String {
    """
    \(words.joined(separator: " "))
    \(ending)
    output: \(text.prefix(2000))
    errors: \(errorText.prefix(2000))
    """
  }
}

/// How a program ended.
enum Shutdown: Equatable {
  case exited(Int32)
  case killed(signal: Int32)
  case ranTooLong
}
