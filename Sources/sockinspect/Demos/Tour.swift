import ProcNet

/// Performs a lesson: shows what the steps say, runs what they run, and waits for the reader.
final class Tour {
  private let lesson: Lesson
  private let pauses: Bool
  private let fit: Fit
  private let screen = TourScreen()
  private let keyboard = Keyboard()
  private let backstage = Backstage()
  /// Whether every command has shown what its lesson promises.
  private(set) var wentAsPromised = true
  /// Long enough for a client's second try, a second after its first.
  private static let patience = 10_000

  init(_ lesson: Lesson, pauses: Bool) {
    self.lesson = lesson
    self.pauses = pauses
    fit = Fit(to: lesson)
  }

  /// Ends whatever it has started, on every way out.
  func perform(place: String) throws {
    defer { backstage.endAll() }
    try screen.title(lesson, place: place)
    for note in fit.notes { try screen.paragraph(note) }
    for step in lesson.steps { try perform(fit.adjustment.applied(to: step)) }
  }

  private func perform(_ step: Step) throws {
    switch step {
    case .say(let text): try screen.paragraph(text)
    case .predict(let text):
      try screen.paragraph(text, headed: "Guess first:")
      try pause()
    case .start(let start): try perform(start)
    case .run(let run): try perform(run)
    case .look(let text):
      try screen.paragraph(text, headed: "Look:")
      try pause()
    case .others(let runs, let limits): try perform(runs, limits)
    case .remedy(let text): try screen.paragraph(text, headed: "Remedy:")
    case .stop(let label, let promises): try perform(stopping: label, promises)
    }
  }

  private func perform(stopping label: String, _ promises: [Promise]) throws {
    try screen.command(Step.stopping(label))
    let said = try backstage.stop(label)
    if !promises.isEmpty { try screen.said(said) }
    try screen.line()
    if !promises.allSatisfy({ $0.isKept(by: said) }) { try admit(promises) }
  }

  private func perform(_ start: Step.Start) throws {
    try screen.command(start.command + " &")
    try screen.said(backstage.start(start.command))
    try screen.line()
  }

  private func perform(_ run: Step.Run) throws {
    let kept = try run.isOnce || settles(run)
    try screen.command(run.command)
    try backstage.show(run.command)
    try screen.line()
    if !kept { try admit(run.promises) }
  }

  /// The machine is right, not the lesson.
  private func admit(_ promises: [Promise]) throws {
    wentAsPromised = false
    let wanted = promises.map(\.shown).joined(separator: "; ")
    try screen.paragraph("(The lesson expected something else here: \(wanted))")
  }

  /// Looks until the situation stands: a server needs a moment to accept, a client to connect.
  private func settles(_ run: Step.Run) throws -> Bool {
    guard !run.promises.isEmpty else { return true }
    var left = Self.patience
    while true {
      let output = try backstage.read(run.command)
      if run.promises.allSatisfy({ $0.isKept(by: output) }) { return true }
      if left <= 0 { return false }
      try EndingSignals.pause(milliseconds: 50)
      left -= 50
    }
  }

  private func perform(_ runs: [Step.Run], _ limits: String) throws {
    try screen.line("The same with other tools:\n")
    for run in runs {
      let program = ShellLine(run.command).program
      if Programs.isInstalled(program) {
        try perform(run)
      } else {
        try screen.command(run.command)
        try screen.line("(\(program) is not installed here)\n")
      }
    }
    try screen.paragraph(limits)
    try pause()
  }

  private func pause() throws {
    guard pauses else { return }
    try screen.prompt("[Enter goes on, q leaves] ")
    try keyboard.waitForEnter()
    try screen.clearPrompt()
  }
}
