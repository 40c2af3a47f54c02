/// A small reverse proxy: an event loop that passes each request on to an upstream, over a
/// connection of its own, and each answer back. It never waits for anything but events.
final class EventRelay {
  private let listener: ListeningSocket
  private let upstream: SocketAddress
  private let epoll: Epoll
  /// Each connection with its other side, by descriptor.
  private var pairs: [Int32: Pair] = [:]
  private var buffer = [UInt8](repeating: 0, count: 16 << 10)

  private struct Pair {
    var from, to: Socket
  }

  /// Serves on a port of 127.0.0.1 that the kernel chooses.
  /// - Parameter words: the upstream's `HOST:PORT`.
  static func run(_ words: [String]) throws(DemoError) -> Never {
    HarnessPart.setName("demo-front")
    let relay = try EventRelay(to: try SocketAddress(words.first ?? ""))
    HarnessPart.sayReady("address=127.0.0.1 port=\(relay.listener.address.port ?? 0)")
    while true { try relay.step() }
  }

  private init(to upstream: SocketAddress) throws(DemoError) {
    var options = ListenOptions(.loopback())
    options.reusesAddress = true
    listener = try ListeningSocket(options)
    listener.stopWaiting()
    self.upstream = upstream
    epoll = try Epoll()
    try epoll.add(listener.descriptor, .read)
  }

  private func step() throws(DemoError) {
    for event in try epoll.wait() {
      if event.descriptor == listener.descriptor {
        try accept()
      } else if let pair = pairs[event.descriptor] {
        pass(pair)
      }
    }
  }

  private func accept() throws(DemoError) {
    let client: Socket
    do {
      client = try listener.accept(isBlocking: false)
    } catch {
      guard error.wouldWait else { throw error }
      return
    }
    // On one host the kernel answers at once.
    let server = try Socket.open(to: upstream)
    pairs[client.descriptor] = Pair(from: client, to: server)
    pairs[server.descriptor] = Pair(from: server, to: client)
    try epoll.add(client.descriptor, .read)
    try epoll.add(server.descriptor, .read)
  }

  /// Passes on what has come; the end of one side is the end of both.
  private func pass(_ pair: Pair) {
    if case .moved(let count) = pair.from.receiveNow(into: &buffer), count > 0,
      case .moved = pair.to.sendNow(buffer[..<count])
    {
      return
    }
    for side in [pair.from, pair.to] {
      epoll.remove(side.descriptor)
      pairs[side.descriptor] = nil
    }
  }
}
