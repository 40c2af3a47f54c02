/// One part of the course, as data: the guided demo performs it, the manual page prints it, and a
/// test types it. None of the three knows a lesson by name.
struct Lesson: Sendable {
  /// What is typed behind `sockinspect demo`.
  let name: String
  /// A few words, beginning in upper case, without a full stop.
  let title: String
  /// One sentence: what the reader knows afterwards.
  let teaches: String
  /// How many ports it uses, in a row.
  let ports: Int
  /// Whether it takes as many clients as there can be.
  var takesManyClients = false
  let steps: @Sendable (LessonSetting) -> [Step]
}

/// What happens next in a lesson.
///
/// Prose is plain text; words between backticks are typed or seen literally, `name(2)` among them
/// is a manual page, and words between asterisks are terms that the lesson introduces.
enum Step: Sendable, Equatable {
  case say(String)
  /// A question that the reader answers before the next command does.
  case predict(String)
  /// A command in the background that goes on while the next steps are done. It is under way when
  /// it has printed its `ready` line.
  case start(String)
  /// A command that ends on its own; its output is what the step is about.
  case run(Run)
  /// What to see in the output above.
  case look(String)
  /// The same with other tools, and what these cannot show.
  case others([Run], limits: String)
  /// What helps; the steps that follow try it.
  case remedy(String)
  /// Ends the command that was started with this text in its command line. What it says in the
  /// end is shown only if something is promised of it.
  case stop(String, promises: [ExpectedOutput])

  /// A command in the foreground.
  struct Run: Sendable, Equatable {
    let command: String
    /// What its output contains on every machine.
    let promises: [ExpectedOutput]
    /// Whether running it again would change what it shows.
    let isOnce: Bool

    /// Another tool's command; promises nothing unless told to.
    static func other(_ command: String, _ promises: ExpectedOutput...) -> Run {
      Run(command: command, promises: promises, isOnce: false)
    }
  }

  /// A command that only looks: it may be repeated until the scenario stands.
  static func run(_ command: String, _ promises: ExpectedOutput...) -> Step {
    .run(Run(command: command, promises: promises, isOnce: false))
  }

  /// A command that acts: it is run exactly once.
  static func act(_ command: String, _ promises: ExpectedOutput...) -> Step {
    .run(Run(command: command, promises: promises, isOnce: true))
  }

  static func stop(_ label: String, _ promises: ExpectedOutput...) -> Step {
    .stop(label, promises: promises)
  }

  /// As it is typed: the shell finds the job by a part of its command line.
  static func stopping(_ label: String) -> String { "kill '%?\(label)'" }
}

/// Something that the output of a command contains on every machine.
///
/// A pattern is compared with a line, blanks counting as one; `…` stands for anything. The manual
/// page prints the patterns as the output to expect.
enum ExpectedOutput: Sendable, Equatable {
  /// At least one line is like this.
  case line(String)
  /// Exactly so many lines are like this.
  case lines(Int, String)
  /// So many or more lines are like this.
  case atLeast(Int, String)
  /// No line is like this.
  case none(String)

  var pattern: String {
    switch self {
    case .line(let pattern), .lines(_, let pattern), .atLeast(_, let pattern), .none(let pattern):
      pattern
    }
  }

  func isKept(by output: String) -> Bool {
    let pattern = LinePattern(pattern)
    let count = output.split(whereSeparator: \.isNewline).count { pattern.matches(String($0)) }
    switch self {
    case .line: return count > 0
    case .lines(let wanted, _): return count == wanted
    case .atLeast(let wanted, _): return count >= wanted
    case .none: return count == 0
    }
  }

  /// As it stands on the manual page and in messages.
  var shown: String {
    switch self {
    case .line(let pattern): pattern
    case .lines(1, let pattern): "\(pattern)   (once)"
    case .lines(let count, let pattern): "\(pattern)   (\(count) times)"
    case .atLeast(let count, let pattern): "\(pattern)   (\(count) times or more)"
    case .none(let pattern): "(no line \(pattern))"
    }
  }
}

/// Pieces of text that follow each other in a line, with anything between them.
struct LinePattern {
  private let glob: Glob

  init(_ pattern: String) {
    var bytes: [UInt8] = []
    for byte in Self.squeezed(pattern) {
      // The three bytes of `…`; the signs of shell patterns stand for themselves.
      if byte == 0xE2 { bytes.append(UInt8(ascii: "*")) }
      if byte == 0xE2 || byte == 0x80 || byte == 0xA6 { continue }
      if Self.signs.contains(byte) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    glob = Glob(bytes)
  }

  func matches(_ line: String) -> Bool { glob.matches(Self.squeezed(line)) }

  private static let signs = Array("*?[\\".utf8)

  /// Runs of blanks as one, none at the ends.
  private static func squeezed(_ text: String) -> [UInt8] {
    Array(text.split { $0 == " " || $0 == "\t" }.joined(separator: " ").utf8)
  }
}
