/// What happens next in a lesson.
///
/// Prose is plain text; words between backticks are typed or seen literally, `name(2)` among them
/// is a manual page, and words between asterisks are terms that the lesson introduces.
enum Step: Sendable {
  case say(String)
  /// A question that the reader answers before the next command does.
  case predict(String)
  /// A command that goes on running while the next steps are done.
  case start(Start)
  /// A command that ends by itself; its output is what the step is about.
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

  /// A command in the background that is under way when it has printed its `ready` line.
  struct Start: Sendable {
    let command: String
  }

  /// A command in the foreground.
  struct Run: Sendable {
    let command: String
    /// What its output contains on every machine.
    let promises: [ExpectedOutput]
    /// Whether running it again would change what it shows.
    let isOnce: Bool
  }
}

extension Step {
  static func start(_ command: String) -> Step { .start(Start(command: command)) }

  /// A command that only looks: it may be repeated until the scenario stands.
  static func run(_ command: String, _ promises: ExpectedOutput...) -> Step {
    .run(Run(command: command, promises: promises, isOnce: false))
  }

  /// A command that acts: it is run exactly once.
  static func act(_ command: String, _ promises: ExpectedOutput...) -> Step {
    .run(Run(command: command, promises: promises, isOnce: true))
  }
}

extension Step {
  static func stop(_ label: String, _ promises: ExpectedOutput...) -> Step {
    .stop(label, promises: promises)
  }

  /// As it is typed: the shell finds the job by a part of its command line.
  static func stopping(_ label: String) -> String { "kill '%?\(label)'" }
}

extension Step.Run {
  /// Another tool's command; promises nothing unless told to.
  static func other(_ command: String, _ promises: ExpectedOutput...) -> Step.Run {
    Step.Run(command: command, promises: promises, isOnce: false)
  }
}
