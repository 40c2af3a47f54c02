import Glibc

/// One part of the course, as data: the guided demo performs it, the manual page prints it, and a
/// test types it. None of the three knows a lesson by name.
struct Lesson: Sendable {
  /// What is typed behind `sockinspect demo`.
  let name: String
  /// A few words, beginning in upper case, without a full stop.
  let title: String
  /// One sentence: what the reader knows afterwards.
  let teaches: String
  /// How many ports it uses, in a row.
  let ports: Int
  /// Whether it takes as many clients as there can be.
  var takesManyClients = false
  let steps: @Sendable (LessonSetting) -> [Step]
}

/// What happens next in a lesson.
///
/// Prose is plain text; words between backticks are typed or seen literally, `name(2)` among them
/// is a manual page, and words between asterisks are terms that the lesson introduces.
enum Step: Sendable, Equatable {
  case say(String)
  /// A question that the reader answers before the next command does.
  case predict(String)
  /// A command in the background that goes on while the next steps are done. It is under way when
  /// it has printed its `ready` line.
  case start(String)
  /// A command that ends on its own; its output is what the step is about.
  case run(Run)
  /// What to see in the output above.
  case look(String)
  /// The same with other tools, and what these cannot show.
  case others([Run], limits: String)
  /// What helps; the steps that follow try it.
  case remedy(String)
  /// Ends the command that was started with this text in its command line. What it says in the
  /// end is shown only if something is promised of it.
  case stop(String, promises: [ExpectedOutput])

  /// A command in the foreground.
  struct Run: Sendable, Equatable {
    let command: String
    /// What its output contains on every machine.
    let promises: [ExpectedOutput]
    /// Whether running it again would change what it shows.
    let isOnce: Bool

    /// Another tool's command; promises nothing unless told to.
    static func other(_ command: String, _ promises: ExpectedOutput...) -> Run {
      Run(command: command, promises: promises, isOnce: false)
    }
  }

  /// A command that only looks: it may be repeated until the scenario stands.
  static func run(_ command: String, _ promises: ExpectedOutput...) -> Step {
    .run(Run(command: command, promises: promises, isOnce: false))
  }

  /// A command that acts: it is run exactly once.
  static func act(_ command: String, _ promises: ExpectedOutput...) -> Step {
    .run(Run(command: command, promises: promises, isOnce: true))
  }

  static func stop(_ label: String, _ promises: ExpectedOutput...) -> Step {
    .stop(label, promises: promises)
  }

  /// As it is typed: the shell finds the job by a part of its command line.
  static func stopping(_ label: String) -> String { "kill '%?\(label)'" }
}

/// Something that the output of a command contains on every machine.
///
/// A pattern is compared with a line, blanks counting as one; `…` stands for anything. The manual
/// page prints the patterns as the output to expect.
enum ExpectedOutput: Sendable, Equatable {
  /// At least one line is like this.
  case line(String)
  /// Exactly this number of lines are like this.
  case lines(Int, String)
  /// At least this number of lines are like this.
  case atLeast(Int, String)
  /// No line is like this.
  case none(String)

  var pattern: String {
    switch self {
    case .line(let pattern), .lines(_, let pattern), .atLeast(_, let pattern), .none(let pattern):
      pattern
    }
  }

  func isKept(by output: String) -> Bool {
    let pattern = LinePattern(pattern)
    let count = output.split(whereSeparator: \.isNewline).count { pattern.matches(String($0)) }
    switch self {
    case .line: return count > 0
    case .lines(let wanted, _): return count == wanted
    case .atLeast(let wanted, _): return count >= wanted
    case .none: return count == 0
    }
  }

  /// As the manual page and messages show it.
  var shown: String {
    switch self {
    case .line(let pattern): pattern
    case .lines(1, let pattern): "\(pattern)   (once)"
    case .lines(let count, let pattern): "\(pattern)   (\(count) times)"
    case .atLeast(let count, let pattern): "\(pattern)   (\(count) times or more)"
    case .none(let pattern): "(no line \(pattern))"
    }
  }
}

/// Pieces of text that follow each other in a line, with anything between them.
struct LinePattern {
  private let glob: Glob

  init(_ pattern: String) {
    var bytes: [UInt8] = []
    for byte in Self.squeezed(pattern) {
      // The three bytes of `…`; the signs of shell patterns stand for themselves.
      if byte == 0xE2 { bytes.append(UInt8(ascii: "*")) }
      if byte == 0xE2 || byte == 0x80 || byte == 0xA6 { continue }
      if Self.signs.contains(byte) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    glob = Glob(bytes)
  }

  func matches(_ line: String) -> Bool { glob.matches(Self.squeezed(line)) }

  private static let signs = Array("*?[\\".utf8)

  /// Runs of blanks as one, none at the ends.
  private static func squeezed(_ text: String) -> [UInt8] {
    Array(text.split { $0 == " " || $0 == "\t" }.joined(separator: " ").utf8)
  }
}

/// What a lesson takes from the machine that it runs on.
struct LessonSetting: Sendable {
  /// The first of its ports.
  var port = 9000
  /// The clients of a lesson on many connections, which not every account may open.
  var clients = 10_000

  /// As the manual page has it.
  static let usual = LessonSetting()

  /// What a server and its clients have open besides their connections, amply.
  private static let otherFiles = 100

  /// As this machine allows it.
  ///
  /// - Parameter notes: Gets one sentence for each difference from the usual.
  static func here(for lesson: Lesson, notes: inout [String]) -> LessonSetting {
    var setting = usual
    setting.port = freePorts(lesson.ports, preferring: usual.port)
    if setting.port != usual.port {
      notes.append(
        "(Port \(usual.port) or one behind it is in use here, so this tour takes \(setting.port) "
          + "and on.)")
    }
    let (files, allowed) = (mostOpenFiles, mostOpenFiles - otherFiles)
    if lesson.takesManyClients, allowed < usual.clients {
      setting.clients = max(allowed / 100 * 100, 100)
      notes.append(
        "(A process may open \(files) files here, so this tour makes do with \(setting.clients) "
          + "clients instead of \(usual.clients).)")
    }
    return setting
  }

  /// The hard limit: servers and clients raise their own to it.
  private static var mostOpenFiles: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_max)
  }

  /// The first of `count` free ports in a row, the first choice if it can be had.
  private static func freePorts(_ count: Int, preferring first: Int) -> Int {
    let candidates = [first] + Array(stride(from: first + 100, to: 32_000, by: 100))
    return candidates.first { base in (base..<base + count).allSatisfy(isFree) } ?? first
  }

  /// Whether nothing listens at a port of 127.0.0.1 and nothing is left over from it: a lesson
  /// counts the sockets at its ports, and those of a minute ago would disturb it.
  private static func isFree(_ port: Int) -> Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    guard socket >= 0 else { return true }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
