import Glibc

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

  /// The first of so many free ports in a row, the first choice if it can be had.
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
