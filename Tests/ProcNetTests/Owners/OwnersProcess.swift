import Foundation
import Glibc

/// A child process that ends with the test, whatever happens.
final class OwnersProcess {
  let process: Int32

  /// Starts a program; `inheriting` are descriptors of ours that it gets under other numbers.
  init?(_ arguments: [String], inheriting: [Int32: Int32] = [:]) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (ours, theirs) in inheriting {
      posix_spawn_file_actions_adddup2(&actions, ours, theirs)
    }
    var process: pid_t = 0
    let words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    guard posix_spawnp(&process, arguments[0], &actions, nil, words, environ) == 0 else {
      return nil
    }
    self.process = process
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
  }

  /// Standard output of a program that ran well; nil when it is not installed or failed.
  static func output(_ program: String, _ arguments: String...) -> String? {
    let run = Process()
    run.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    run.arguments = [program] + arguments
    let pipe = Pipe()
    run.standardOutput = pipe
    run.standardError = FileHandle.nullDevice
    guard (try? run.run()) != nil else { return nil }
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    run.waitUntilExit()
    return run.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// Waits up to ten seconds for something to become true.
  static func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<1000 {
      if condition() { return true }
      usleep(10_000)
    }
    return false
  }

  static var hasSS: Bool { output("ss", "-V") != nil }
  static var isRoot: Bool { geteuid() == 0 }
}
