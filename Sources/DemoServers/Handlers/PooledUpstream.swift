import Synchronization

/// Gets each answer from another server over one of a few connections that all threads share, and
/// waits for a free one: a connection pool.
final class PooledUpstream: Handler {
  private let address: SocketAddress
  private let size: Int
  /// Connections that no request uses just now.
  private let free: ConnectionQueue
  private let opened = Mutex(0)

  init(address: SocketAddress, size: Int) {
    (self.address, self.size) = (address, size)
    free = ConnectionQueue(limit: size)
  }

  /// A connection that fails is not given back.
  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    let connection = try borrow()
    do {
      let answer = try ask(connection, message)
      free.put(connection)
      return answer
    } catch {
      opened.withLock { $0 -= 1 }
      throw error
    }
  }

  /// Opens as many as there may be, one with each request; then waits for one to be given back.
  private func borrow() throws(DemoError) -> Socket {
    let mayOpen = opened.withLock { opened in
      guard opened < size else { return false }
      opened += 1
      return true
    }
    guard mayOpen else { return free.take() }
    do {
      return try Socket.open(to: address)
    } catch {
      opened.withLock { $0 -= 1 }
      throw error
    }
  }

  private func ask(_ connection: Socket, _ message: [UInt8]) throws(DemoError) -> [UInt8] {
    try connection.send(message)
    var inbox = Inbox(capacity: 4096)
    guard let answer = try inbox.message(from: connection) else {
      throw DemoError("\(address) hung up without an answer")
    }
    return answer
  }
}

extension HandlerFactory {
  static let pooledUpstream = HandlerFactory(
    name: "pooled-upstream", argument: "SIZE@HOST:PORT",
    meaning: "get each answer from another server over a pool of connections"
  ) { (argument, _) throws(DemoError) in
    let parts = argument.split(separator: "@", maxSplits: 1).map(String.init)
    guard parts.count == 2, let size = Int(parts[0]), size > 0 else {
      throw .usage("'\(argument)' is not a pool; write SIZE@HOST:PORT")
    }
    return PooledUpstream(address: try SocketAddress(parts[1]), size: size)
  }
}
