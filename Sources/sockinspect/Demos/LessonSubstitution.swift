/// What a guided demo changes in its lesson to fit the machine it runs on: numbers, wherever they
/// stand, in commands, promises and prose alike.
struct LessonSubstitution: Sendable, Equatable {
  /// Old number to new number, as they are written.
  private var numbers: [String: String] = [:]

  /// The ports that lessons use.
  static let ports = 9000..<9010

  mutating func replace(_ old: Int, with new: Int) {
    guard old != new else { return }
    numbers["\(old)"] = "\(new)"
  }

  mutating func movePorts(to base: Int) {
    for port in Self.ports { replace(port, with: base + port - Self.ports.lowerBound) }
  }

  /// The text with every number that stands for itself replaced: 9000, but not 19000.
  func applied(to text: String) -> String {
    guard !numbers.isEmpty else { return text }
    var result = ""
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else {
        result += numbers[digits] ?? digits
        digits = ""
        result.append(character)
      }
    }
    return result + (numbers[digits] ?? digits)
  }

  func applied(to run: Step.Run) -> Step.Run {
    Step.Run(
      command: applied(to: run.command), promises: run.promises.map { $0.mapped(applied(to:)) },
      isOnce: run.isOnce)
  }

  func applied(to step: Step) -> Step {
    switch step {
    case .say(let text): .say(applied(to: text))
    case .predict(let text): .predict(applied(to: text))
    case .look(let text): .look(applied(to: text))
    case .remedy(let text): .remedy(applied(to: text))
    case .stop(let label, let promises):
      .stop(applied(to: label), promises: promises.map { $0.mapped(applied(to:)) })
    case .start(let start): .start(applied(to: start.command))
    case .run(let run): .run(applied(to: run))
    case .others(let runs, let limits):
      .others(runs.map { applied(to: $0) }, limits: applied(to: limits))
    }
  }
}
