/// Asks another server for each answer, over a new connection, and waits for it without end.
struct Upstream: Handler {
  let address: SocketAddress

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    let upstream = try Socket.open(to: address)
    try upstream.send(message)
    var inbox = Inbox(capacity: 4096)
    guard let answer = try inbox.message(from: upstream) else {
      throw DemoError("\(address) hung up without an answer")
    }
    return answer
  }
}

extension HandlerFactory {
  static let upstream = HandlerFactory(
    name: "upstream", argument: "HOST:PORT", meaning: "get each answer from another server"
  ) { (argument, _) throws(DemoError) in Upstream(address: try SocketAddress(argument)) }
}
