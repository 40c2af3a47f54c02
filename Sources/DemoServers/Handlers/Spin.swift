/// Burns processor time before each answer, as if it computed something.
struct Spin: Handler {
  let seconds: Double

  func answer(to message: [UInt8]) -> [UInt8] {
    Clock.spin(seconds)
    return message
  }
}

extension HandlerFactory {
  static let spin = HandlerFactory(
    name: "spin", argument: "SECONDS", meaning: "keep a CPU busy before each answer"
  ) { (argument, _) throws(DemoError) in Spin(seconds: try Seconds.read(argument)) }
}
