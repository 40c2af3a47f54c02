/// `sockinspect demo --manual`: the course as a manual page, sockinspect-demos(7).
enum CourseManual {
  static var text: String {
    head + Course.lessons.map(section).joined() + foot
  }

  private static var head: String {
    """
    .\\" Made by 'sockinspect demo --manual' from the lessons in Sources/sockinspect/Course/Lessons.
    .Dd November 23, 2026
    .Dt SOCKINSPECT-DEMOS 7
    .Os
    .Sh NAME
    .Nm sockinspect-demos
    .Nd course on how servers get stuck, to type along
    .Sh DESCRIPTION

    """ + introduction.map { ManualText.paragraph($0) }.joined(separator: ".Pp\n")
      + ".Bl -column -offset 2n \"slow-reader\"\n"
      + Course.lessons.map { ".It Cm \($0.name) Ta \($0.title)\n" }.joined()
      + ".El\n"
  }

  private static let introduction = [
    """
    Each section makes a scenario that servers get into, looks at it with `sockinspect(1)`, and \
    tries what helps. `sockinspect demo` is the same course as a guided tour, and \
    `sockinspect demo NAME` is one section of it.
    """,
    """
    Lines that begin with `$` are to be typed, in order, into a shell with job control. Those that \
    end in `&` keep running while the next ones are typed; in a second terminal they can be typed \
    without it. Lines of `kill` end them.
    """,
    """
    Below a command is what to look for in its output, as it is in a pipe; `…` stands for \
    anything, such as a port or process number that differs each time. On a terminal the columns \
    are fitted to its width, and owners may be on a line of their own.
    """,
    """
    All servers listen at 127.0.0.1, port 9000 and a few behind it. Nothing leaves the machine, \
    and nothing needs the rights of root.
    """,
    "The sections build upon each other:",
  ]

  private static func section(_ lesson: Lesson) -> String {
    var text = ".Sh \(heading(lesson))\n" + ManualText.paragraph("*\(lesson.title).*")
    text += ManualText.paragraph(lesson.teaches)
    return text + lesson.steps(.usual).map(block).joined() + link(behind: lesson)
  }

  private static func heading(_ lesson: Lesson) -> String { lesson.name.uppercased() }

  private static func block(_ step: Step) -> String {
    switch step {
    case .say(let text), .look(let text): ".Pp\n" + ManualText.paragraph(text)
    case .predict(let text): ".Pp\n" + ManualText.paragraph("*Guess first:* " + text)
    case .remedy(let text): ".Pp\n" + ManualText.paragraph("*Remedy:* " + text)
    case .start(let command): commands([(command + " &", [])])
    case .run(let run): commands([(run.command, run.promises)])
    case .stop(let label, let promises): commands([(Step.stopping(label), promises)])
    case .others(let runs, let limits):
      ".Pp\nThe same with other tools:\n" + commands(runs.map { ($0.command, $0.promises) })
        + ".Pp\n" + ManualText.paragraph(limits)
    }
  }

  private static func commands(_ commands: [(line: String, promises: [ExpectedOutput])]) -> String {
    ManualText.literal(
      commands.flatMap { command in
        let lines = ShellLine(command.line).lines(width: 74)
        return ["$ \(lines[0])"] + lines.dropFirst() + command.promises.map(\.shown)
      })
  }

  private static func link(behind lesson: Lesson) -> String {
    guard let next = Course.next(after: lesson) else { return "" }
    return ".Pp\nNext:\n.Sx \(heading(next)) .\n"
  }

  private static let foot = """
    .Sh SEE ALSO
    .Xr sockinspect 1 ,
    .Xr sockinspect-demo 1 ,
    .Xr sockinspect-load 1 ,
    .Xr sockinspect-serve 1 ,
    .Xr sockinspect-filter 7 ,
    .Xr sockinspect-findings 7 ,
    .Xr tcp 7 ,
    .Xr lsof 8 ,
    .Xr netstat 8 ,
    .Xr ss 8

    """
}
