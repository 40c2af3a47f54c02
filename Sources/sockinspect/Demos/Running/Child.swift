import Glibc
import ProcNet

/// A process that the tour has started.
struct Child {
  let pid: Int32

  /// Where a child writes to.
  enum Output {
    /// Where we write to ourselves: what it shows, it shows as if it had been typed.
    case shared
    case file(PrivateFile)
  }

  /// Starts a program with these words, its own name first. It reads nothing.
  ///
  /// It gets a process group of its own: Ctrl-C reaches only us, and ending it ends what it has
  /// started as well.
  init(program: String, _ words: [String], output: Output) throws(KernelError) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if case .file(let file) = output {
      unsafe posix_spawn_file_actions_adddup2(&actions, file.descriptor, 1)
      unsafe posix_spawn_file_actions_adddup2(&actions, file.descriptor, 2)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    Self.setSignals(&attributes)
    pid = try unsafe Self.spawn(program, words, &actions, &attributes)
  }

  /// All signals at their defaults, none blocked: ours are no business of the child's.
  private static func setSignals(_ attributes: inout posix_spawnattr_t) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe posix_spawnattr_setsigmask(&attributes, &set)
    unsafe sigfillset(&set)
    unsafe posix_spawnattr_setsigdefault(&attributes, &set)
    unsafe posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
  }

  private static func spawn(
    _ program: String, _ words: [String], _ actions: inout posix_spawn_file_actions_t,
    _ attributes: inout posix_spawnattr_t
  ) throws(KernelError) -> Int32 {
    var copies = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let error = unsafe posix_spawn(&pid, program, &actions, &attributes, &copies, environ)
    guard error == 0 else { throw KernelError("start", program, .system(error)) }
    return pid
  }

  /// Reaps it if it has ended; a status of nil means that it goes on.
  func reap() -> Int32? {
    var status: Int32 = 0
    return unsafe waitpid(pid, &status, WNOHANG) == 0 ? nil : status
  }

  /// Waits for its end. When somebody asks us to end meanwhile, it is ended too.
  func finish() throws(TourEnded) {
    while reap() == nil {
      do {
        try EndingSignals.pause(milliseconds: 2)
      } catch {
        end(patience: 1000)
        throw error
      }
    }
  }

  /// SIGTERM to its group, and SIGKILL for one that does not listen.
  func end(patience milliseconds: Int) {
    kill(-pid, SIGTERM)
    var left = milliseconds
    while reap() == nil {
      if left <= 0 { kill(-pid, SIGKILL) }
      usleep(2000)
      left -= 2
    }
  }
}
