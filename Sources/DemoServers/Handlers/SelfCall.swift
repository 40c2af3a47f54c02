/// Gets each answer from its own server, as a web page does that asks its own host for a part.
///
/// With a worker to spare that works; without one the worker waits for itself.
struct SelfCall: Handler {
  let server: SocketAddress
  /// Marks the inner call, which is echoed: otherwise each call would make another one.
  private static let mark = Array("self-call ".utf8)

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    if message.starts(with: Self.mark) { return message }
    let answer = try Upstream(address: server).answer(to: Self.mark + message)
    return Array(answer.dropFirst(Self.mark.count))
  }
}

extension HandlerFactory {
  static let selfCall = HandlerFactory(
    name: "self", argument: nil, meaning: "get each answer from this server itself"
  ) { _, context in SelfCall(server: context.server) }
}
