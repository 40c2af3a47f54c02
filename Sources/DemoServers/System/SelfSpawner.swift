import CLinux
import Glibc

/// Starts this program again as a child: posix_spawn of `/proc/self/exe`.
///
/// A forked child of a process with threads may only exec, and Swift cannot promise not to have
/// threads; spawning with the sockets handed over, as socket activation does, is always safe.
enum SelfSpawner {
  /// The child's process id.
  /// - Parameters:
  ///   - words: what follows the program's name.
  ///   - inherited: descriptors that the child gets under the same numbers.
  ///   - output: what the child's standard output is; nil is ours.
  ///   - errors: what its standard error is; nil is ours.
  static func start(
    _ words: [String], inherited: [Int32] = [], input: Int32? = nil, output: Int32? = nil,
    errors: Int32? = nil
  ) throws(DemoError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    if let input { unsafe posix_spawn_file_actions_adddup2(&actions, input, 0) }
    if let output { unsafe posix_spawn_file_actions_adddup2(&actions, output, 1) }
    if let errors { unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2) }
    // To the same number: the C library (2.29) then only takes close-on-exec away, in the child.
    for descriptor in inherited {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor)
    }
    return try unsafe spawn(["sockinspect"] + words, &actions)
  }

  private static func spawn(
    _ words: [String], _ actions: inout posix_spawn_file_actions_t
  ) throws(DemoError) -> pid_t {
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // A signal that we hold back while starting it must not be held back in the child for good.
    var none = Signals.set([])
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    let failure = unsafe withCStrings(words) { arguments in
      unsafe withCStrings(environment) { variables in
        unsafe posix_spawn(
          &process, "/proc/self/exe", &actions, &attributes, arguments, variables)
      }
    }
    if failure == ENOENT {
      throw DemoError("cannot start a child process: /proc is not mounted here", status: 3)
    }
    guard failure == 0 else { throw SystemCall.failure("start a child process", failure) }
    return process
  }

  /// Ours, and who we are.
  private static var environment: [String] {
    let name = ParentDeath.variable + "="
    var variables: [String] = []
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      unsafe variables.append(String(cString: entry))
      unsafe next += 1
    }
    return variables.filter { !$0.hasPrefix(name) } + ["\(name)\(getpid())"]
  }

  /// The words as C wants them: pointers, the last of them nil.
  private static func withCStrings<Result>(
    _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = unsafe words.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe body(copies + [nil])
  }
}

/// Ties a process to its parent, so that nothing stays behind even after SIGKILL.
public enum ParentDeath {
  /// From now on SIGKILL, or another signal, comes when the parent ends (`PR_SET_PDEATHSIG`;
  /// precisely: when the thread ends that started us). Ends at once when the parent has gone
  /// already: its number is in our environment when it was one of us. Without it that shows only
  /// while we ask.
  ///
  /// - Parameter signal: one that can be handled, for those who have something to clean up.
  public static func endsUs(expecting parent: Int32? = nil, with signal: Int32 = SIGKILL) {
    let expected = parent ?? announced ?? getppid()
    _ = sockinspect_prctl_parent_death(signal)
    if getppid() != expected { _exit(1) }
  }

  /// The variable by which `SelfSpawner` tells a child who started it.
  static let variable = "SOCKINSPECT_PARENT"

  private static var announced: Int32? {
    guard let value = unsafe getenv(variable) else { return nil }
    return unsafe Int32(String(cString: value))
  }
}

/// A pipe whose ends children do not inherit unasked; it is closed at its end.
struct Pipe: ~Copyable {
  /// Where bytes come out; -1 once it was taken.
  private(set) var exit: Int32
  /// Where bytes go in; -1 once it was closed or taken.
  private(set) var entrance: Int32

  init() throws(DemoError) {
    var ends: [Int32] = [-1, -1]
    _ = try SystemCall.retrying("make a pipe") { unsafe pipe2(&ends, O_CLOEXEC) }
    (exit, entrance) = (ends[0], ends[1])
  }

  deinit {
    for end in [exit, entrance] where end >= 0 { close(end) }
  }

  /// The caller closes it from now on.
  mutating func takeExit() -> Int32 {
    defer { exit = -1 }
    return exit
  }

  /// The caller closes it from now on.
  mutating func takeEntrance() -> Int32 {
    defer { entrance = -1 }
    return entrance
  }

  /// Without it the pipe ends with the last of those who have inherited it.
  mutating func closeEntrance() {
    if entrance >= 0 { close(entrance) }
    entrance = -1
  }
}
