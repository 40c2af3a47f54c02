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
    let folder = Self.root.appendingPathComponent("Sources/sockinspect/Demos/Lessons").path
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
    for step in lesson.steps {
      if case .start(let start) = step { running.append(start.command) }
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
    let steps = try #require(Course.named(name)).steps
    #expect(steps.contains { if case .predict = $0 { true } else { false } })
    #expect(steps.contains { if case .look = $0 { true } else { false } })
    #expect(steps.contains { if case .others = $0 { true } else { false } })
    #expect(steps.contains { if case .start = $0 { true } else { false } })
  }

  @Test("starts plain commands of ours only", arguments: names)
  func starts(name: String) throws {
    for case .start(let start) in try #require(Course.named(name)).steps {
      let words = ShellLine(start.command).words
      #expect(words.first == "sockinspect")
      #expect(["serve", "load"].contains(words[1]))
      #expect(start.command.allSatisfy { !"'\"$`&|;<>()*?".contains($0) })
      #expect(words.contains("-q"), "its lines would get between those of other commands")
    }
  }

  @Test("uses only ports that a tour can move", arguments: names)
  func ports(name: String) throws {
    let lesson = try #require(Course.named(name))
    var moved = LessonSubstitution()
    moved.movePorts(to: 21000)
    for command in lesson.commands where command.contains("127.0.0.1:") {
      #expect(moved.applied(to: command) != command, "\(command)")
    }
  }

  @Test("uses only commands that there are", arguments: names)
  func commands(name: String) throws {
    for command in try #require(Course.named(name)).commands {
      let words = ShellLine(command).words
      guard let place = words.firstIndex(of: "sockinspect"), place + 1 < words.count else {
        continue
      }
      #expect(!CommandList.later.contains(words[place + 1]), "\(command)")
    }
  }
}
