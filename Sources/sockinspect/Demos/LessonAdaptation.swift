import Glibc

/// How a lesson has to be changed for the machine that it runs on, and what to tell the reader.
struct LessonAdaptation {
  private(set) var adjustment = LessonSubstitution()
  /// One sentence for each change.
  private(set) var notes: [String] = []

  /// The clients of a lesson on many connections, which not every account may open.
  static let manyClients = 10_000
  /// What a server and its clients have open besides their connections, amply.
  private static let otherFiles = 100

  init(to lesson: Lesson) {
    fitPorts(lesson)
    fitClients(lesson)
  }

  private mutating func fitPorts(_ lesson: Lesson) {
    let first = LessonSubstitution.ports.lowerBound
    let used = LessonSubstitution.ports.filter { port in lesson.mentions(port) }
    guard let last = used.last else { return }
    let base = FreePorts.base(preferring: first, count: last - first + 1)
    adjustment.movePorts(to: base)
    guard base != first else { return }
    notes.append(
      "(Port \(first) or one behind it is in use here, so this tour takes \(base) and on.)")
  }

  private mutating func fitClients(_ lesson: Lesson) {
    guard lesson.mentions(Self.manyClients) else { return }
    let allowed = Self.mostOpenFiles - Self.otherFiles
    guard allowed < Self.manyClients else { return }
    let count = max(allowed / 100 * 100, 100)
    adjustment.replace(Self.manyClients, with: count)
    notes.append(
      "(A process may open \(Self.mostOpenFiles) files here, so this tour makes do with \(count) "
        + "clients instead of \(Self.manyClients).)")
  }

  /// The hard limit: servers and clients raise their own to it.
  private static var mostOpenFiles: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_max)
  }
}

extension Lesson {
  /// Whether a command uses a number.
  func mentions(_ number: Int) -> Bool {
    var mark = LessonSubstitution()
    mark.replace(number, with: -1)
    return commands.contains { mark.applied(to: $0) != $0 }
  }
}
