import ProcNet

/// The lessons in the order in which they build upon each other.
///
/// One file in `Lessons/` and one line here; a test compares the two.
enum Course {
  static var lessons: [Lesson] {
    [
      .handshake, .serial, .worker, .prefork, .thread, .pool, .event, .c10k, .upstream, .closeWait,
      .slowReader, .abandoned, .timeWait,
    ]
  }

  static func named(_ name: String) -> Lesson? { lessons.first { $0.name == name } }

  /// The lesson behind a lesson; nil at the end of the course.
  static func next(after lesson: Lesson) -> Lesson? {
    lessons.drop { $0.name != lesson.name }.dropFirst().first
  }

  static func unknown(_ name: String) -> UsageError {
    let names = lessons.map(\.name)
    return UsageError(
      "there is no guided demo", name, among: names,
      orElse: "there are: \(names.joined(separator: ", "))")
  }

  /// The lesson of this name, or all of them.
  static func lessons(named name: String?) throws(UsageError) -> [Lesson] {
    guard let name else { return lessons }
    guard let lesson = named(name) else { throw unknown(name) }
    return [lesson]
  }

  /// Performs lessons one after the other.
  ///
  /// - Parameter pauses: Without pauses it runs through, to be read afterwards or by a test.
  static func perform(_ lessons: [Lesson], pauses: Bool) throws(KernelError) -> ExitStatus {
    _ = try LiveKernel.host()
    EndingSignals.block()
    do throws(TourError) {
      var wentAsPromised = true
      for lesson in lessons {
        let tour = Tour(lesson, pauses: pauses)
        try tour.perform(place: place(of: lesson))
        wentAsPromised = wentAsPromised && tour.wentAsPromised
        try goOn(from: lesson, isLast: lesson.name == lessons.last?.name, pauses: pauses)
      }
      return wentAsPromised ? .done : .failed
    } catch {
      return try status(of: error)
    }
  }

  private static func status(of error: TourError) throws(KernelError) -> ExitStatus {
    switch error {
    case .left:
      try OutputFile.standardOutput.write(
        "\nLeft here. Nothing of the demo is running any more.\n")
      return .done
    case .notReady(let complaint):
      Notice.show(complaint)
      return .failed
    case .failed(let error): throw error
    }
  }

  private static func place(of lesson: Lesson) -> String {
    let index = lessons.firstIndex { $0.name == lesson.name } ?? 0
    return "(part \(index + 1) of \(lessons.count))"
  }

  /// Links to the next lesson; in the course, Enter leads there.
  private static func goOn(from lesson: Lesson, isLast: Bool, pauses: Bool) throws(TourError) {
    let screen = TourScreen()
    guard let next = next(after: lesson) else {
      return try screen.line("This was the last part of the course.")
    }
    if isLast { return try screen.line("Next: sockinspect demo \(next.name) (\(next.title))") }
    guard pauses else { return }
    try screen.prompt("[Enter goes on to '\(next.name)', q leaves] ")
    try Keyboard().waitForEnter()
    try screen.clearPrompt()
  }
}
