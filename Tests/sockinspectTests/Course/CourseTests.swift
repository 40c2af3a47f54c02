import Foundation
import Testing

@testable import sockinspect

/// What every lesson has to be, so that a tour, a page and a test can all be made of it.
@Suite("The course")
struct CourseTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("the list and the folder of lessons are the same")
  func list() throws {
    let folder = Self.root.appendingPathComponent("Sources/sockinspect/Course/Lessons").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let listed = Course.lessons.map {
      $0.name.replacing("-", with: "").lowercased() + ".swift"
    }
    #expect(files.map { $0.lowercased() }.sorted() == listed.sorted())
  }

  @Test("each lesson leads to the next, the last one to none")
  func order() {
    var lesson = Course.lessons.first
    var seen: [String] = []
    while let current = lesson, seen.count < 100 {
      seen.append(current.name)
      lesson = Course.next(after: current)
    }
    #expect(seen == Course.lessons.map(\.name))
    #expect(Set(seen).count == seen.count)
  }

  @Test("the manual page is the one that the lessons make")
  func page() throws {
    let file = Self.root.appendingPathComponent("man/sockinspect-demos.7")
    let committed = try String(contentsOf: file, encoding: .utf8)
    #expect(committed == CourseManual.text, "make it with: sockinspect demo --manual")
  }

  @Test("no line of a command or of what it promises is wider than a page")
  func width() {
    for block in CourseManual.text.components(separatedBy: ".Bd -literal\n").dropFirst() {
      for line in block.components(separatedBy: "\n.Ed")[0].split(separator: "\n") {
        let shown = line.replacing("\\[u2026]", with: "…").replacing("\\-", with: "-")
          .replacing("\\(aq", with: "'").replacing("\\(dq", with: "\"").replacing("\\e", with: "\\")
        #expect(shown.count <= 75, "\(shown)")
      }
    }
  }

  @Test("an unknown name is answered with the nearest one, or with all")
  func unknown() {
    #expect(Course.unknown("handshak").message.hasSuffix("did you mean handshake?"))
    #expect(Course.unknown("xyzzy").message.contains("there are: handshake, serial, "))
    #expect(!Course.unknown("\u{1b}[2J").message.contains("\u{1b}"))
  }
}

/// One lesson after the other.
@Suite("A lesson")
struct LessonTests {
  static let names = Course.lessons.map(\.name)

  @Test("ends what it starts, and a part of the command line says which", arguments: names)
  func stops(name: String) throws {
    let lesson = try #require(Course.named(name))
    var running: [String] = []
    for step in lesson.steps(.usual) {
      if case .start(let command) = step { running.append(command) }
      guard case .stop(let label, _) = step else { continue }
      let found = running.filter { $0.contains(label) }
      #expect(found.count == 1, "\(label) in \(running)")
      running.removeAll { $0.contains(label) }
    }
    // Loads that have an end of their own need not be ended.
    #expect(running.filter { !$0.contains("--requests") } == [])
  }

  @Test("asks, shows, explains and tries", arguments: names)
  func kinds(name: String) throws {
    let steps = try #require(Course.named(name)).steps(.usual)
    #expect(steps.contains { if case .predict = $0 { true } else { false } })
    #expect(steps.contains { if case .look = $0 { true } else { false } })
    #expect(steps.contains { if case .others = $0 { true } else { false } })
    #expect(steps.contains { if case .start = $0 { true } else { false } })
  }

  @Test("starts plain commands of ours only", arguments: names)
  func starts(name: String) throws {
    for case .start(let command) in try #require(Course.named(name)).steps(.usual) {
      let words = ShellLine(command).words
      #expect(words.first == "sockinspect")
      #expect(["serve", "load"].contains(words[1]))
      #expect(command.allSatisfy { !"'\"$`&|;<>()*?".contains($0) })
      #expect(words.contains("-q"), "its lines would get between those of other commands")
    }
  }

  @Test("uses as many ports as it says, in a row", arguments: names)
  func ports(name: String) throws {
    let lesson = try #require(Course.named(name))
    let usual = (9000..<9010).filter { port in
      lesson.commands.contains { Renumbering([port: 0]).applied(to: $0) != $0 }
    }
    #expect(usual.first == 9000 && usual.last == 9000 + lesson.ports - 1)
    for command in lesson.commands where command.contains("127.0.0.1:") {
      #expect(Renumbering(portsTo: 21_000).applied(to: command) != command, "\(command)")
    }
  }

  @Test("says the same of other ports, number by number", arguments: names)
  func moved(name: String) throws {
    let lesson = try #require(Course.named(name))
    let moved = lesson.steps(LessonSetting(port: 21_000))
    #expect(moved == lesson.steps(.usual).map(Renumbering(portsTo: 21_000).applied(to:)))
  }

  @Test("says the same of fewer clients, if it takes as many as there can be", arguments: names)
  func clients(name: String) throws {
    let lesson = try #require(Course.named(name))
    let fewer = lesson.steps(LessonSetting(clients: 4000))
    let numbers = Renumbering([10_000: 4000, 10_001: 4001])
    #expect(fewer == lesson.steps(.usual).map(numbers.applied(to:)))
    #expect((fewer != lesson.steps(.usual)) == lesson.takesManyClients)
  }

  @Test("uses only commands that there are", arguments: names)
  func commands(name: String) throws {
    for command in try #require(Course.named(name)).commands {
      let words = ShellLine(command).words
      guard let place = words.firstIndex(of: "sockinspect"), place + 1 < words.count else {
        continue
      }
      let word = words[place + 1]
      #expect(word.hasPrefix("-") || CommandList.named(word) != nil, "\(command)")
    }
  }
}

extension Lesson {
  /// Every command of the lesson, in order, whatever kind of step it belongs to.
  fileprivate var commands: [String] {
    steps(.usual).flatMap { (step: Step) -> [String] in
      switch step {
      case .start(let command): [command]
      case .run(let run): [run.command]
      case .others(let runs, _): runs.map(\.command)
      default: []
      }
    }
  }
}

/// Numbers that are replaced wherever they stand, in commands, promises and prose alike.
struct Renumbering {
  private let numbers: [String: String]

  init(_ numbers: [Int: Int]) {
    self.numbers = Dictionary(uniqueKeysWithValues: numbers.map { ("\($0)", "\($1)") })
  }

  /// Ten ports from 9000 on become those from another one on.
  init(portsTo base: Int) {
    self.init(Dictionary(uniqueKeysWithValues: (0..<10).map { (9000 + $0, base + $0) }))
  }

  /// Every number that stands for itself is replaced: 9000, but not 19000.
  func applied(to text: String) -> String {
    var result = ""
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else {
        result += (numbers[digits] ?? digits) + String(character)
        digits = ""
      }
    }
    return result + (numbers[digits] ?? digits)
  }

  func applied(to step: Step) -> Step {
    switch step {
    case .say(let text): .say(applied(to: text))
    case .predict(let text): .predict(applied(to: text))
    case .look(let text): .look(applied(to: text))
    case .remedy(let text): .remedy(applied(to: text))
    case .stop(let label, let promises):
      .stop(applied(to: label), promises: promises.map(applied(to:)))
    case .start(let command): .start(applied(to: command))
    case .run(let run): .run(applied(to: run))
    case .others(let runs, let limits):
      .others(runs.map(applied(to:)), limits: applied(to: limits))
    }
  }

  private func applied(to run: Step.Run) -> Step.Run {
    Step.Run(
      command: applied(to: run.command), promises: run.promises.map(applied(to:)),
      isOnce: run.isOnce)
  }

  private func applied(to promise: ExpectedOutput) -> ExpectedOutput {
    switch promise {
    case .line(let pattern): .line(applied(to: pattern))
    case .lines(let count, let pattern): .lines(count, applied(to: pattern))
    case .atLeast(let count, let pattern): .atLeast(count, applied(to: pattern))
    case .none(let pattern): .none(applied(to: pattern))
    }
  }
}
