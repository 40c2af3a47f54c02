import CLinux
import Glibc

/// Starts a child process for each answer and reads what it prints to its end, as servers do that
/// call a command.
struct WaitForChild: Handler {
  /// The scenario that plays the child, in the role `child`.
  let scenario: String

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    var ends: [Int32] = [-1, -1]
    _ = try SystemCall.retrying("make a pipe") { unsafe pipe2(&ends, O_CLOEXEC) }
    defer { Glibc.close(ends[0]) }
    try start(output: ends[1])
    let answer = try read(ends[0])
    _ = Shutdown.reap(waiting: true)
    return answer
  }

  /// The pipe ends with the child: we keep no end to write into.
  private func start(output: Int32) throws(DemoError) {
    defer { Glibc.close(output) }
    try Signals.heldBack { () throws(DemoError) in
      Shutdown.endsFirst(
        try SelfSpawner.start(["demo", "@\(scenario)", "child"], output: output))
    }
  }

  private func read(_ descriptor: Int32) throws(DemoError) -> [UInt8] {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = try SystemCall.retrying("read from a child") {
        unsafe Glibc.read(descriptor, &buffer, buffer.count)
      }
      if count == 0 { return answer }
      answer += buffer[..<count]
    }
  }
}

extension HandlerFactory {
  static let waitForChild = HandlerFactory(
    name: "child", argument: "SCENARIO", meaning: "get each answer from a child process"
  ) { scenario, _ in WaitForChild(scenario: scenario) }
}
