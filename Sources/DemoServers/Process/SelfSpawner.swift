import Glibc

/// Starts this program again as a child: posix_spawn of `/proc/self/exe`.
///
/// A forked child of a process with threads may only exec, and Swift cannot promise not to have
/// threads; spawning with the sockets handed over, as socket activation does, is always safe.
public enum SelfSpawner {
  /// The child's process id.
  /// - Parameters:
  ///   - words: what follows the program's name.
  ///   - inherited: descriptors that the child gets under the same numbers.
  ///   - output: what the child's standard output is; nil is ours.
  ///   - errors: what its standard error is; nil is ours.
  public static func start(
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
    var none = sigset_t()
    unsafe sigemptyset(&none)
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
