import ProcNet

/// `sockinspect demo [NAME]`: one lesson, or all of them in order.
enum GuidedDemo {
  /// Without pauses it runs through, to be read afterwards or by a test.
  static func run(name: String?, pauses: Bool) throws -> ExitStatus {
    guard let name else { return try run(Course.lessons, pauses: pauses) }
    guard let lesson = Course.named(name) else { throw Course.unknown(name) }
    return try run([lesson], pauses: pauses)
  }

  private static func run(_ lessons: [Lesson], pauses: Bool) throws -> ExitStatus {
    _ = try LiveKernel.host()
    EndingSignals.block()
    do {
      var wentAsPromised = true
      for lesson in lessons {
        let tour = Tour(lesson, pauses: pauses)
        try tour.perform(place: place(of: lesson))
        wentAsPromised = wentAsPromised && tour.wentAsPromised
        try goOn(from: lesson, isLast: lesson.name == lessons.last?.name, pauses: pauses)
      }
      return wentAsPromised ? .done : .failed
    } catch is TourEnded {
      try TourScreen().line("\nLeft here. Nothing of the demo is running any more.")
      return .done
    }
  }

  private static func place(of lesson: Lesson) -> String {
    let all = Course.lessons
    let index = all.firstIndex { $0.name == lesson.name } ?? 0
    return "(part \(index + 1) of \(all.count))"
  }

  /// Links to the next lesson; in the course, Enter leads there.
  private static func goOn(from lesson: Lesson, isLast: Bool, pauses: Bool) throws {
    let screen = TourScreen()
    guard let next = Course.next(after: lesson) else {
      return try screen.line("This was the last part of the course.")
    }
    if isLast { return try screen.line("Next: sockinspect demo \(next.name) (\(next.title))") }
    guard pauses else { return }
    try screen.prompt("[Enter goes on to '\(next.name)', q leaves] ")
    try Keyboard().waitForEnter()
    try screen.clearPrompt()
  }
}
