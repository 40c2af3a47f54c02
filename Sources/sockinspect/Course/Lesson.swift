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
