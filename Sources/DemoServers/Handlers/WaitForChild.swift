/// Starts a child process for each answer and reads what it prints to its end, as servers do that
/// call a command.
struct WaitForChild: Handler {
  /// The scenario that plays the child, in the role `child`.
  let scenario: String

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    var pipe = try Pipe()
    try start(output: pipe.entrance)
    // The pipe ends with the child: we keep no end to write into.
    pipe.closeEntrance()
    let answer = try SystemCall.readAll(pipe.exit, "read from a child")
    _ = Shutdown.reap(waiting: true)
    return answer
  }

  private func start(output: Int32) throws(DemoError) {
    try Signals.heldBack { () throws(DemoError) in
      Shutdown.endsFirst(
        try SelfSpawner.start(["demo", "@\(scenario)", "child"], output: output))
    }
  }
}

extension HandlerFactory {
  static let waitForChild = HandlerFactory(
    name: "child", argument: "SCENARIO", meaning: "get each answer from a child process"
  ) { scenario, _ in WaitForChild(scenario: scenario) }
}
