/// Sleeps before each answer, as if it waited for something slow.
struct Sleep: Handler {
  let seconds: Double

  func answer(to message: [UInt8]) -> [UInt8] {
    Clock.sleep(seconds)
    return message
  }
}

extension HandlerFactory {
  static let sleep = HandlerFactory(
    name: "sleep", argument: "SECONDS", meaning: "sleep before each answer"
  ) { (argument, _) throws(DemoError) in Sleep(seconds: try Seconds.read(argument)) }
}
