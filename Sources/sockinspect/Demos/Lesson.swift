/// One part of the course, as data: the guided demo performs it, the manual page prints it, and a
/// test types it. None of the three knows a lesson by name.
struct Lesson: Sendable {
  /// What is typed behind `sockinspect demo`.
  let name: String
  /// A few words, beginning in upper case, without a full stop.
  let title: String
  /// One sentence: what the reader knows afterwards.
  let teaches: String
  let steps: [Step]
}

extension Lesson {
  /// Every command of the lesson, in order, whatever kind of step it belongs to.
  var commands: [String] {
    steps.flatMap { (step: Step) -> [String] in
      switch step {
      case .start(let start): [start.command]
      case .run(let run): [run.command]
      case .others(let runs, _): runs.map(\.command)
      default: []
      }
    }
  }
}
