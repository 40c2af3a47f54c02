import Foundation

/// Where lessons are tried: a network namespace of its own if that is allowed, so that their ports
/// are free and nobody else's sockets are counted.
enum CoursePlace {
  /// Words in front of a command; nil when no namespace can be made.
  static let prefix: [String]? = {
    [["unshare", "-n"], ["unshare", "-Urn"]].first { words in
      guard Tool.has("unshare", "ip", "sh") else { return false }
      let check = Program(words: words + ["sh", "-c", "ip link set lo up"])
      return (try? check.run().status) == 0
    }
  }()

  /// A shell command line that switches the loopback interface on and becomes these words.
  static func words(_ words: [String]) -> [String] {
    guard let prefix else { return words }
    return prefix + ["sh", "-c", "ip link set lo up; exec \"$@\"", "sh"] + words
  }

  /// Processes that were started with a variable of this value and are still there.
  static func processes(marked mark: String) -> [Int32] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { Int32($0) }.filter { process in
      guard let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ")
      else { return false }
      return environment.range(of: Data("SOCKINSPECT_TEST=\(mark)".utf8)) != nil
    }
  }

  /// Waits until none is left; the kernel takes a moment to end a process.
  static func isEmpty(of mark: String, within deadline: Duration = .seconds(60)) -> Bool {
    let end = ContinuousClock.now + deadline
    while ContinuousClock.now < end {
      if processes(marked: mark).isEmpty { return true }
      usleep(10_000)
    }
    return false
  }
}
