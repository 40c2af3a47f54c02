import Glibc
import ProcNet

/// Runs the commands of a lesson: those in the foreground, and those that keep on running.
///
/// Nothing that it has started outlives it: what runs in the background is ended on every way out,
/// and has asked the kernel to be ended should we be killed.
final class LessonProcesses {
  private struct Running {
    let command: String
    let child: Child
    let output: PrivateFile
    /// How much of its output has been shown.
    var shown = 0
  }

  private var running: [Running] = []
  private let ourselves = LessonProcesses.ourselves

  deinit { endAll() }

  /// Starts a command of ours in the background and answers what it says until it is ready.
  func start(_ command: String) throws(TourError) -> String {
    let words = ShellLine(command).words
    let file = try PrivateFile()
    let child = try Child(
      program: ourselves, words + ["--die-with-parent"], output: .file(file))
    running.append(Running(command: command, child: child, output: file))
    return try waitUntilReady(command)
  }

  private func waitUntilReady(_ command: String) throws(TourError) -> String {
    let place = running.count - 1
    var left = 30_000
    while true {
      let hasEnded = running[place].child.reap() != nil
      let text = running[place].output.text()
      if hasEnded { running.remove(at: place) }
      if hasEnded || left <= 0 { throw .notReady(Self.complaint(command, text, hasEnded)) }
      if text.split(whereSeparator: \.isNewline).contains(where: { $0.hasPrefix("ready ") }) {
        running[place].shown = text.utf8.count
        return text
      }
      try EndingSignals.pause(milliseconds: 5)
      left -= 5
    }
  }

  private static func complaint(_ command: String, _ said: String, _ hasEnded: Bool) -> String {
    let what = hasEnded ? "ended" : "was not ready in 30 s"
    let said = said.split(whereSeparator: \.isNewline).joined(separator: "; ")
    return said.isEmpty ? "'\(command)' \(what)" : "'\(command)' \(what); it said: \(said)"
  }

  /// Ends the command that has this text in its command line; answers what else it has said.
  func stop(_ label: String) throws(TourError) -> String {
    guard let place = running.lastIndex(where: { $0.command.contains(label) }) else { return "" }
    let ended = running.remove(at: place)
    ended.child.end(patience: 3000)
    try EndingSignals.check()
    return ended.output.text(from: ended.shown)
  }

  func endAll() {
    for part in running.reversed() { part.child.end(patience: 3000) }
    running = []
  }

  /// Runs a command line as a shell does and lets it write where we write.
  func show(_ command: String) throws(TourError) {
    try shell(command, output: .shared).finish()
  }

  /// Runs a command line and answers what it writes.
  func read(_ command: String) throws(TourError) -> String {
    let file = try PrivateFile()
    try shell(command, output: .file(file)).finish()
    return file.text()
  }

  /// Administrators' tools are often outside of an ordinary user's PATH.
  private static let moreFolders = ":/usr/sbin:/sbin"

  static func isInstalled(_ program: String) -> Bool {
    let path = (CurrentProcess.environment("PATH") ?? "") + moreFolders
    return path.split(separator: ":").contains { unsafe access("\($0)/\(program)", X_OK) == 0 }
  }

  /// The file that we were started from, so that a demo shows the build that it is part of.
  private static var ourselves: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink("/proc/self/exe", &path, path.count)
    guard length > 0 else { return "/proc/self/exe" }
    return String(decoding: path[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The name `sockinspect` means us, wherever we are installed.
  private func shell(_ command: String, output: Child.Output) throws(TourError) -> Child {
    let quoted = ourselves.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    let script =
      "PATH=$PATH\(Self.moreFolders); sockinspect() { '\(quoted)' \"$@\"; }; \(command)"
    return try Child(
      program: "/bin/sh", ["sh", "-c", script], output: output)
  }
}

/// A process that the tour has started.
private struct Child {
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
  init(program: String, _ words: [String], output: Output) throws(TourError) {
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
  ) throws(TourError) -> Int32 {
    var copies = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let error = unsafe posix_spawn(&pid, program, &actions, &attributes, &copies, environ)
    guard error == 0 else { throw .failed(KernelError("start", program, .system(error))) }
    return pid
  }

  /// Reaps it if it has ended; a status of nil means that it goes on.
  func reap() -> Int32? {
    var status: Int32 = 0
    return unsafe waitpid(pid, &status, WNOHANG) == 0 ? nil : status
  }

  /// Waits for its end. When a signal asks us to end meanwhile, it is ended too.
  func finish() throws(TourError) {
    while reap() == nil {
      do throws(TourError) {
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

/// A file without a name that a child writes to and we read. Unlike a pipe it never fills up, so
/// that no process has to be there to empty it.
private final class PrivateFile {
  let descriptor: Int32

  init() throws(TourError) {
    let folder = CurrentProcess.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var name = Array("\(folder)/sockinspect.XXXXXX".utf8CString)
    // No signal comes while the file has a name.
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { throw .failed(KernelError("write to", folder, .system(errno))) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unsafe unlink(name)
  }

  deinit { close(descriptor) }

  /// What has been written from a place on, as far as it goes.
  func text(from start: Int = 0) -> String {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe pread(descriptor, &piece, piece.count, start + bytes.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }
}
