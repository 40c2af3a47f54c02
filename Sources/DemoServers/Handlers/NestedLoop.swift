import CLinux

/// Asks another server for each answer and waits for it in an event loop of its own, as a handler
/// does that calls `asyncio.run` or the loop of a broker's client: the server's loop stands still.
struct NestedLoop: Handler {
  let address: SocketAddress

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    let upstream = try Connection.open(to: address)
    try upstream.send(message)
    let poll = try Poll()
    try poll.watch(upstream.descriptor, SOCKINSPECT_EPOLLIN)
    while poll.wait().isEmpty {}
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = try upstream.receive(into: &buffer, .now)
    return Array(buffer[..<count])
  }
}

extension HandlerFactory {
  static let nestedLoop = HandlerFactory(
    name: "nested-loop", argument: "HOST:PORT",
    meaning: "get each answer from another server, waiting in an event loop within the handler"
  ) { (argument, _) throws(DemoError) in NestedLoop(address: try SocketAddress(argument)) }
}
