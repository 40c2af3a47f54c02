/// Performs a lesson: shows what the steps say, runs what they run, and waits for the reader.
final class Tour {
  private let lesson: Lesson
  private let pauses: Bool
  private let screen = TourScreen()
  private let keyboard = Keyboard()
  private let processes = LessonProcesses()
  /// Whether every command has shown what its lesson promises.
  private(set) var wentAsPromised = true
  /// Long enough for a client's tries, 1, 3 and 7 s after its first, on a machine that is busy.
  private static let patience = 30_000
  /// What a command prints that is not to be tried beforehand, at most: the report of `load`, two
  /// of its lines folded.
  private static let rowsOfReport = 8

  init(_ lesson: Lesson, pauses: Bool) {
    self.lesson = lesson
    self.pauses = pauses
  }

  /// Ends whatever it has started, on every way out.
  func perform(place: String) throws(TourError) {
    defer { processes.endAll() }
    try screen.title(lesson, place: place)
    var notes: [String] = []
    let steps = lesson.steps(.here(for: lesson, notes: &notes))
    for note in notes { try screen.paragraph(note) }
    for (place, step) in steps.enumerated() {
      try perform(step, before: place + 1 < steps.count ? steps[place + 1] : nil)
    }
  }

  private func perform(_ step: Step, before next: Step?) throws(TourError) {
    switch step {
    case .say(let text): try say(text)
    case .remedy(let text): try say(text, "Remedy:")
    case .predict(let text):
      try say(text, "Guess first:")
      try pause()
    case .look(let text):
      try say(text, "Look:")
      try pause()
    case .start(let command): try start(command)
    case .run(let run): try perform(run, besides: rows(ofLook: next))
    case .others(let runs, let limits): try perform(runs, limits)
    case .stop(let label, let promises): try perform(stopping: label, promises)
    }
  }

  private func say(_ text: String, _ heading: String? = nil) throws(TourError) {
    try makeRoom(for: screen.rowsOfParagraph(text, headed: heading))
    try screen.paragraph(text, headed: heading)
  }

  /// What belongs on one screen with the command before it.
  private func rows(ofLook step: Step?) -> Int {
    guard case .look(let text) = step else { return 0 }
    return screen.rowsOfParagraph(text, headed: "Look:")
  }

  /// Nothing scrolls away before the reader has said that he has seen it.
  private func makeRoom(for rows: Int) throws(TourError) {
    if pauses, !screen.hasRoom(for: rows) { try pause() }
  }

  private func perform(stopping label: String, _ promises: [ExpectedOutput]) throws(TourError) {
    try makeRoom(for: promises.isEmpty ? 2 : Self.rowsOfReport)
    try screen.command(Step.stopping(label))
    let said = try processes.stop(label)
    if !promises.isEmpty { try screen.said(said) }
    try screen.line()
    if !promises.allSatisfy({ $0.isKept(by: said) }) { try admit(promises) }
  }

  private func start(_ command: String) throws(TourError) {
    try makeRoom(for: screen.rowsOfCommand(command + " &", output: "ready\n"))
    try screen.command(command + " &")
    try screen.said(processes.start(command))
    try screen.line()
  }

  /// Shows a command beside a number of rows more that are about it.
  private func perform(_ run: Step.Run, besides rows: Int) throws(TourError) {
    let preview = try run.isOnce ? nil : settled(run)
    let output =
      preview.map { screen.fitted($0, from: run.command) }
      ?? String(repeating: "\n", count: Self.rowsOfReport)
    try makeRoom(for: screen.rowsOfCommand(run.command, output: output) + rows)
    try screen.command(run.command)
    if let preview, !screen.isTerminal {
      // What kept the promises, not what stands a moment later.
      try screen.said(preview)
    } else {
      try processes.show(run.command)
      screen.wasWritten(output)
    }
    try screen.line()
    if let preview, !run.promises.allSatisfy({ $0.isKept(by: preview) }) {
      try admit(run.promises)
    }
  }

  /// The machine is right, not the lesson.
  private func admit(_ promises: [ExpectedOutput]) throws(TourError) {
    wentAsPromised = false
    let wanted = promises.map(\.shown).joined(separator: "; ")
    try screen.paragraph("(The lesson expected something else here: \(wanted))")
  }

  /// Looks until the scenario stands, for a server needs a moment to accept, a client to connect;
  /// answers what is to be seen then.
  private func settled(_ run: Step.Run) throws(TourError) -> String {
    var left = Self.patience
    while true {
      let output = try processes.read(run.command)
      if left <= 0 || run.promises.allSatisfy({ $0.isKept(by: output) }) { return output }
      try EndingSignals.pause(milliseconds: 50)
      left -= 50
    }
  }

  private func perform(_ runs: [Step.Run], _ limits: String) throws(TourError) {
    try say("The same with other tools:")
    for (place, run) in runs.enumerated() {
      let isLast = place + 1 == runs.count
      try perform(tool: run, besides: isLast ? screen.rowsOfParagraph(limits) : 0)
    }
    try say(limits)
    try pause()
  }

  private func perform(tool run: Step.Run, besides rows: Int) throws(TourError) {
    let program = ShellLine(run.command).program
    if LessonProcesses.isInstalled(program) { return try perform(run, besides: rows) }
    let excuse = "(\(program) is not installed here)\n"
    try makeRoom(for: screen.rowsOfCommand(run.command, output: excuse) + rows)
    try screen.command(run.command)
    try screen.line(excuse)
  }

  private func pause() throws(TourError) {
    guard pauses else { return }
    try screen.prompt("[Enter goes on, q leaves] ")
    try keyboard.waitForEnter()
    try screen.clearPrompt()
  }
}
