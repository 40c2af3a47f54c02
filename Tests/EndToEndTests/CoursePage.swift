import Foundation
import Testing

@testable import sockinspect

/// sockinspect-demos(7) as a person reads it who types every line. Lessons have a network each, so
/// they can be typed beside each other and beside all other tests.
@Suite("The course as a manual page", .onOwnThread)
struct CoursePage {
  /// All lessons when SOCKINSPECT_TOURS is set, as `scripts/check` does; typing them takes minutes.
  static let names: [String] = {
    let isThorough = ProcessInfo.processInfo.environment["SOCKINSPECT_TOURS"] != nil
    return isThorough ? Course.lessons.map(\.name) : ["handshake", "serial"]
  }()

  static let canBeTyped = CoursePlace.prefix != nil && Tool.has("bash")

  @Test("holds the command lines of the lessons, in order")
  func lines() throws {
    #expect(try Page.read().map(\.command) == Course.lessons.flatMap(\.typedLines).map(\.command))
  }

  @Test(
    "does what it says when it is typed line by line",
    .enabled(if: canBeTyped, "needs bash and a network namespace of its own"),
    arguments: names)
  func typed(name: String) throws {
    let lesson = try #require(Course.named(name))
    let folder = (Product.sockinspect as NSString).deletingLastPathComponent
    let shell = try ShellSession(path: folder)
    defer { shell.end() }
    for (line, expected) in zip(try Page.read(of: name), lesson.typedLines) {
      try follow(line, expected, in: shell)
    }
    for process in CoursePlace.processes(marked: shell.mark) { kill(process, SIGTERM) }
    shell.end()
    #expect(CoursePlace.isEmpty(of: shell.mark))
  }

  private func follow(
    _ line: Page.Line, _ expected: TypedLine, in shell: ShellSession
  ) throws {
    #expect(line.promises == expected.promises.map(\.shown))
    switch expected.kind {
    case .start: try start(line.typed, in: shell)
    case .stop: try stop(line.typed, expected.promises, in: shell)
    case .act: try run(line.typed, expected.promises, in: shell, deadline: .zero)
    case .look where Tool.has(ShellLine(expected.command).program) || line.command.isOurs:
      try run(line.typed, expected.promises, in: shell, deadline: .seconds(60))
    // A tool that is not installed here.
    case .look: break
    }
  }

  private func start(_ line: String, in shell: ShellSession) throws {
    let typed = try shell.type(line)
    let isReady = shell.waits(from: typed.start) { $0.contains("ready pid=") }
    #expect(isReady, "\(line): \(shell.text.suffix(500))")
  }

  /// The next line may want the same port, so the process has to be gone.
  private func stop(_ line: String, _ promises: [ExpectedOutput], in shell: ShellSession) throws {
    let before = try shell.runningJobs()
    let typed = try shell.type(line)
    #expect(typed.status == 0, "\(line): \(typed.output)")
    let isGone = shell.waits(from: typed.start) { _ in
      ((try? shell.runningJobs()) ?? before) < before
    }
    #expect(isGone, "\(line)")
    #expect(
      shell.waits(from: typed.start) { text in promises.allSatisfy { $0.isKept(by: text) } })
  }

  private func run(
    _ line: String, _ promises: [ExpectedOutput], in shell: ShellSession, deadline: Duration
  ) throws {
    let end = ContinuousClock.now + deadline
    while true {
      let typed = try shell.type(line)
      if promises.allSatisfy({ $0.isKept(by: typed.output) }) { return }
      guard ContinuousClock.now < end else {
        Issue.record("\(line) promises \(promises.map(\.shown)) and shows \(typed.output)")
        return
      }
      usleep(50_000)
    }
  }
}

/// The page, read back from its source.
enum Page {
  struct Line {
    /// Exactly as it is typed, continued lines and all.
    var typed: String
    var promises: [String] = []

    /// On one line.
    var command: String { typed.replacing(" \\\n    ", with: " ") }
  }

  static func read() throws -> [Line] {
    try Course.lessons.flatMap { try read(of: $0.name) }
  }

  /// The command lines of one section.
  static func read(of name: String) throws -> [Line] {
    let file = Package.root + "/man/sockinspect-demos.7"
    let page = try String(contentsOfFile: file, encoding: .utf8)
    let sections = page.components(separatedBy: "\n.Sh ")
    let section = sections.first { $0.hasPrefix(name.uppercased() + "\n") } ?? ""
    return section.components(separatedBy: ".Bd -literal\n").dropFirst().flatMap {
      lines($0.components(separatedBy: "\n.Ed")[0])
    }
  }

  private static func lines(_ block: String) -> [Line] {
    var found: [Line] = []
    for line in block.components(separatedBy: "\n").map(plain) {
      if line.hasPrefix("$ ") {
        found.append(Line(typed: String(line.dropFirst(2))))
      } else if found.last?.typed.hasSuffix(" \\") == true {
        found[found.count - 1].typed += "\n" + line
      } else if !found.isEmpty {
        found[found.count - 1].promises.append(line)
      }
    }
    return found
  }

  /// Without the escapes of mdoc.
  private static func plain(_ line: String) -> String {
    [
      ("\\&", ""), ("\\-", "-"), ("\\(aq", "'"), ("\\(dq", "\""), ("\\(ga", "`"), ("\\(ha", "^"),
      ("\\(ti", "~"), ("\\[u2026]", "…"), ("\\e", "\\"),
    ].reduce(line) { $0.replacing($1.0, with: $1.1) }
  }
}

/// A line of the page as the lesson has it.
struct TypedLine {
  enum Kind { case start, look, act, stop }
  var kind: Kind
  var command: String
  var promises: [ExpectedOutput] = []
}

extension Lesson {
  var typedLines: [TypedLine] {
    steps(.usual).flatMap { (step: Step) -> [TypedLine] in
      switch step {
      case .start(let command): [TypedLine(kind: .start, command: command + " &")]
      case .run(let run): [TypedLine(run)]
      case .others(let runs, _): runs.map(TypedLine.init)
      case .stop(let label, let promises):
        [TypedLine(kind: .stop, command: Step.stopping(label), promises: promises)]
      case .say, .predict, .look, .remedy: []
      }
    }
  }
}

extension TypedLine {
  init(_ run: Step.Run) {
    self.init(kind: run.isOnce ? .act : .look, command: run.command, promises: run.promises)
  }
}

extension String {
  fileprivate var isOurs: Bool { hasPrefix("sockinspect ") }
}
