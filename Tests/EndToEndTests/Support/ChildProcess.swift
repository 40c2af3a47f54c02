import Foundation

/// A running child in a process group of its own, so that it can be ended with all its children.
final class ChildProcess {
  let number: pid_t
  private var ending: Shutdown?

  init(
    _ words: [String], environment: [String: String] = [:], input: Int32? = nil,
    terminal: Terminal? = nil, output: Int32, errors: Int32
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let terminal {
      // The first terminal that the leader of a new session opens becomes its own.
      posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
    } else if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    // The leader of a session leads a group as well.
    let place = terminal == nil ? Int16(POSIX_SPAWN_SETPGROUP) : 0x80  // POSIX_SPAWN_SETSID
    number = try Self.spawn(words, environment: environment, place, &actions)
  }

  deinit { end() }

  /// Polls, because a child's end and a deadline cannot be waited for together without a signal
  /// handler, which a test process must not install.
  func waitForEnd(until deadline: ContinuousClock.Instant) -> Shutdown {
    while ending == nil {
      reap(options: WNOHANG)
      if ending == nil, ContinuousClock.now > deadline {
        end()
        ending = .ranTooLong
      }
      if ending == nil { usleep(1000) }
    }
    return ending ?? .ranTooLong
  }

  /// Whether it has not ended yet.
  var isRunning: Bool {
    if ending == nil { reap(options: WNOHANG) }
    return ending == nil
  }

  /// Ends the child and everything that it has started.
  func end() {
    guard ending == nil else { return }
    kill(-number, SIGKILL)
    reap(options: 0)
  }

  private func reap(options: Int32) {
    var status: Int32 = 0
    guard waitpid(number, &status, options) == number else { return }
    let signal = status & 0x7F
    ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
  }

  private static func spawn(
    _ words: [String], environment: [String: String], _ place: Int16,
    _ actions: inout posix_spawn_file_actions_t
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of a test take no signals, which a child must not inherit.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, place | Int16(POSIX_SPAWN_SETSIGMASK))
    let added = ["PATH": Tool.path, "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
    var process: pid_t = 0
    let error = withCStrings(words) { arguments in
      withCStrings(added.map { "\($0)=\($1)" }) { variables in
        posix_spawn(&process, Tool.find(words[0]), &actions, &attributes, arguments, variables)
      }
    }
    guard error == 0 else { throw CannotRun(words: words, error: error) }
    return process
  }
}

struct CannotRun: Error, CustomStringConvertible {
  var words: [String]
  var error: Int32
  var description: String { "\(words.joined(separator: " ")): \(String(cString: strerror(error)))" }
}

/// The strings as C wants them: an array of pointers that ends with nil.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
