/// Asks another server for each answer and waits for it in an event loop of its own, as a handler
/// does that calls `asyncio.run` or the loop of a broker's client: the server's loop stands still.
struct NestedLoop: Handler {
  let address: SocketAddress

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    let upstream = try Socket.open(to: address)
    try upstream.send(message)
    let epoll = try Epoll()
    try epoll.add(upstream.descriptor, .read)
    while try epoll.wait().isEmpty {}
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = try upstream.receive(into: &buffer)
    return Array(buffer[..<count])
  }
}

extension HandlerFactory {
  static let nestedLoop = HandlerFactory(
    name: "nested-loop", argument: "HOST:PORT",
    meaning: "get each answer from another server, waiting in an event loop within the handler"
  ) { (argument, _) throws(DemoError) in NestedLoop(address: try SocketAddress(argument)) }
}
