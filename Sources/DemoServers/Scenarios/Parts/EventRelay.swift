import CLinux
import Glibc

/// A small reverse proxy: an event loop that passes each request on to an upstream, over a
/// connection of its own, and each answer back. It never waits for anything but events.
final class EventRelay {
  private let listener: ListeningSocket
  private let upstream: SocketAddress
  private let poll: Poll
  /// Each connection with its other side, by descriptor.
  private var pairs: [Int32: Pair] = [:]
  private var buffer = [UInt8](repeating: 0, count: 16 << 10)

  private struct Pair {
    var from, to: Connection
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
    var options = ListenOptions(.ip4(host: "127.0.0.1", port: 0))
    options.reusesAddress = true
    listener = try ListeningSocket(options)
    listener.stopWaiting()
    self.upstream = upstream
    poll = try Poll()
    try poll.watch(listener.descriptor, SOCKINSPECT_EPOLLIN)
  }

  private func step() throws(DemoError) {
    for descriptor in poll.wait() {
      if descriptor == listener.descriptor {
        try accept()
      } else if let pair = pairs[descriptor] {
        pass(pair)
      }
    }
  }

  private func accept() throws(DemoError) {
    let client: Connection
    do {
      client = try listener.accept(isBlocking: false)
    } catch {
      guard error.wouldWait else { throw error }
      return
    }
    // On one host the kernel answers at once.
    let server = try Connection.open(to: upstream)
    pairs[client.descriptor] = Pair(from: client, to: server)
    pairs[server.descriptor] = Pair(from: server, to: client)
    try poll.watch(client.descriptor, SOCKINSPECT_EPOLLIN)
    try poll.watch(server.descriptor, SOCKINSPECT_EPOLLIN)
  }

  /// Passes on what has come; the end of one side is the end of both.
  private func pass(_ pair: Pair) {
    let count = (try? pair.from.receive(into: &buffer, .now)) ?? 0
    if count > 0, (try? pair.to.send(some: buffer[..<count], .now)) != nil { return }
    for side in [pair.from, pair.to] {
      poll.forget(side.descriptor)
      pairs[side.descriptor] = nil
    }
  }
}
