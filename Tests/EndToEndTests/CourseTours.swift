import Foundation
import Testing

@testable import sockinspect

extension DemosEndToEnd {
  /// The lessons as a person sees them who types `sockinspect demo`.
  @Suite("A guided demo", .serialized)
  struct CourseTours {
    /// All of them when SOCKINSPECT_TOURS is set; the first two are enough for a quick run, since
    /// the page's test types the same commands.
    static let names: [String] = {
      let all = Course.lessons.map(\.name)
      let isThorough = ProcessInfo.processInfo.environment["SOCKINSPECT_TOURS"] != nil
      return isThorough ? all : Array(all.prefix(2))
    }()

    @Test("runs through, keeps its promises and leaves nothing behind", arguments: names)
    func runs(name: String) throws {
      let mark = UUID().uuidString
      let outcome = try Program(
        words: CoursePlace.words([Product.sockinspect, "demo", name, "--no-pause"]),
        environment: ["SOCKINSPECT_TEST": mark], deadline: .seconds(240)
      ).run()
      #expect(outcome.status == 0, "\(outcome)")
      #expect(CoursePlace.isEmpty(of: mark))
      let lesson = try #require(Course.named(name))
      for run in lesson.shownRuns where Tool.has(ShellLine(run.command).program) {
        let shown = outcome.text.outputs(of: run.command)
        #expect(!shown.isEmpty, "\(run.command) was not shown")
        // What is said on standard error stands in another file here.
        for promise in run.promises where !promise.pattern.contains("cannot ") {
          #expect(
            shown.contains { promise.isKept(by: $0) },
            "\(promise) of \(run.command): \(shown)")
        }
      }
    }

    @Test("asks, and ends at q, at end of input and at a signal", arguments: Leaving.allCases)
    func leaves(leaving: Leaving) throws {
      let tour = try PausedTour("serial")
      #expect(tour.waitsForEnter())
      tour.enter()
      #expect(tour.waitsForEnter())
      #expect(CoursePlace.processes(marked: tour.mark).count > 1)
      try tour.leave(leaving)
      #expect(tour.ending() == (leaving == .kill ? .killed(signal: SIGKILL) : .exited(0)))
      #expect(CoursePlace.isEmpty(of: tour.mark))
    }

    @Test("without a name is the whole course")
    func course() throws {
      let tour = try PausedTour(nil)
      #expect(tour.waitsForEnter())
      #expect(tour.text.hasPrefix("handshake: "))
      try tour.leave(.q)
      #expect(tour.ending() == .exited(0))
    }

    @Test("takes other ports when its own are in use")
    func ports() throws {
      let taken = try #require(ListeningPort())
      let outcome = try Program(
        words: [Product.sockinspect, "demo", "abandoned", "--no-pause"], deadline: .seconds(240)
      ).run()
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.text.contains("is in use here, so this tour takes "))
      #expect(!outcome.text.contains("--port \(taken.port) "))
    }

    @Test("of an unknown name is wrong usage")
    func unknown() throws {
      let outcome = try Program(words: [Product.sockinspect, "demo", "handshaek"]).run()
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errorText.contains("did you mean handshake?"))
    }
  }
}

extension Lesson {
  /// The commands whose output a tour shows.
  fileprivate var shownRuns: [Step.Run] {
    steps(.usual).flatMap { (step: Step) -> [Step.Run] in
      switch step {
      case .run(let run): [run]
      case .others(let runs, _): runs
      default: []
      }
    }
  }
}

extension String {
  /// What stands below each occurrence of a command line in a tour, up to the next one.
  fileprivate func outputs(of command: String) -> [String] {
    let shown = "$ " + ShellLine(command).lines(width: 79).joined(separator: "\n") + "\n"
    return components(separatedBy: shown).dropFirst().map {
      $0.components(separatedBy: "\n$ ")[0]
    }
  }
}

/// How a reader leaves.
enum Leaving: CaseIterable {
  case q, endOfInput, interrupt, terminate, kill
}

/// A tour that waits for Enter, in the hands of a test.
final class PausedTour {
  let mark = UUID().uuidString
  private let process: ChildProcess
  private let output: OpenFile
  private let input: TypedInput
  private var promptsSeen = 0

  init(_ name: String?) throws {
    input = try TypedInput()
    output = try OpenFile.temporary()
    process = try ChildProcess(
      CoursePlace.words([Product.sockinspect, "demo"] + (name.map { [$0] } ?? [])),
      environment: ["SOCKINSPECT_TEST": mark], input: input.childEnd.number, output: output.number,
      errors: output.number)
  }

  var text: String { String(decoding: output.contents(), as: UTF8.self) }

  func enter() { input.type("\n") }

  /// Whether one more prompt comes.
  func waitsForEnter() -> Bool {
    promptsSeen += 1
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if text.components(separatedBy: "[Enter goes on").count > promptsSeen { return true }
      usleep(10_000)
    }
    return false
  }

  func leave(_ leaving: Leaving) throws {
    switch leaving {
    case .q: input.type("q\n")
    case .endOfInput: input.end()
    case .interrupt: kill(process.number, SIGINT)
    case .terminate: kill(process.number, SIGTERM)
    case .kill: kill(process.number, SIGKILL)
    }
  }

  func ending() -> Shutdown { process.waitForEnd(until: .now + .seconds(60)) }
}

/// A listener at the first port of the lessons, whoever made it.
struct ListeningPort {
  let port = LessonSetting.usual.port
  private let socket: OpenFile

  init?() {
    guard
      let file = try? OpenFile(
        Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "a socket")
    else { return nil }
    socket = file
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(file.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    listen(file.number, 1)
  }
}
