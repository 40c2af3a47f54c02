import Glibc
import ProcNet

/// Standard output behind one reused buffer.
struct Output: ~Copyable {
  var writer = ByteWriter()
  private let file: OutputFile
  /// Large enough that writing costs nothing beside listing, small enough to stay in the cache.
  private static let full = 64 * 1024

  init(_ file: OutputFile = .standardOutput) { self.file = file }

  mutating func flushWhenFull() throws(KernelError) {
    if writer.count >= Self.full { try flush() }
  }

  mutating func flush() throws(KernelError) {
    guard writer.count > 0 else { return }
    try file.write(writer.span)
    writer.clear()
  }
}

/// Lines for the person at the terminal, on standard error.
enum Notice {
  static func show(_ gaps: [Gap]) {
    for gap in gaps.telling { show("note: \(gap.message)") }
  }

  static func show(_ line: String) {
    try? OutputFile.standardError.write(
      "sockinspect: \(SafeText.string(line))\n")
  }
}

/// A program that shows a long text page by page: `$PAGER`, or less(1) where that is installed.
enum Pager {
  /// Shows the text in a pager where it has more lines than the terminal; otherwise, and where no
  /// pager can be had, the text is simply written.
  ///
  /// - Parameter isWanted: false for `--no-pager`.
  static func show(_ text: borrowing Span<UInt8>, isWanted: Bool) throws(KernelError) {
    let output = OutputFile.standardOutput
    guard isWanted, output.isTerminal, let height = output.height, lines(of: text) >= height,
      let command = command, let pager = PagerProcess(command)
    else { return try output.write(text) }
    // Ctrl-C is for the pager, which we outlive.
    let before = signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, before) }
    pager.write(text)
    if !pager.finish() { try output.write(text) }
  }

  private static func lines(of text: borrowing Span<UInt8>) -> Int {
    var count = 0
    for index in text.indices where text[index] == UInt8(ascii: "\n") { count += 1 }
    return count
  }

  /// nil where there is none: `PAGER=` or `PAGER=cat` says that none is wanted.
  ///
  /// A user who may run this program as root, but not every program, must not get a shell through a
  /// pager: then it is less(1) in its secure mode, whatever PAGER says.
  private static var command: String? {
    if isElevated { return "less" }
    let chosen = CurrentProcess.environment("PAGER")
    if let chosen { return chosen.isEmpty || chosen == "cat" ? nil : chosen }
    return CurrentProcess.environment("TERM") == "dumb" ? nil : "less"
  }

  /// Run by sudo(8), doas(1) or pkexec(1).
  fileprivate static var isElevated: Bool {
    ["SUDO_UID", "DOAS_USER", "PKEXEC_UID"].contains { CurrentProcess.environment($0) != nil }
  }
}

/// A pager that runs in the foreground and reads from us.
private struct PagerProcess {
  private let process: pid_t
  private let input: Int32

  /// Starts it through the shell, since `$PAGER` may have arguments. less leaves at once when the
  /// text fits, keeps colours, and leaves the text on the screen, unless LESS says otherwise.
  init?(_ command: String) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    if Pager.isElevated { unsafe setenv("LESSSECURE", "1", 1) }
    if CurrentProcess.environment("LESS") == nil { unsafe setenv("LESS", "FRX", 0) }
    var process: pid_t = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [
      strdup("sh"), strdup("-c"), strdup(command), nil,
    ]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    let error = unsafe posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ)
    close(ends[0])
    guard error == 0 else {
      close(ends[1])
      return nil
    }
    (self.process, input) = (process, ends[1])
  }

  /// As far as it reads: a person may leave it early.
  func write(_ text: borrowing Span<UInt8>) {
    var start = 0
    while start < text.count {
      let rest = text.extracting(start..<text.count)
      let count = unsafe rest.withUnsafeBufferPointer {
        unsafe Glibc.write(input, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      start += count
    }
    close(input)
  }

  /// Waits for its end; false where the shell could not run it, so that nothing was shown.
  func finish() -> Bool {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status >> 8 & 0xFF != 126 && status >> 8 & 0xFF != 127
  }
}
