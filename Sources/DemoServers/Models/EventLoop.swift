import CLinux

/// One thread and any number of connections: it waits in epoll for whichever has something.
///
/// What blocks in a handler (sleep, spin, lock, the connection of upstream) blocks everybody, on
/// purpose. Events are level-triggered: without descriptors, accept fails, the listener stays
/// readable, and the loop burns its processor, as many real ones do.
final class EventLoop {
  private let server: Server
  private let poll: Poll
  /// By descriptor.
  private var clients: [EventClient?] = []
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)
  private var memory = ConnectionMemory()

  init(server: Server) throws(DemoError) {
    self.server = server
    poll = try Poll()
  }

  func run() throws(DemoError) -> Never {
    server.listener.stopWaiting()
    try poll.watch(server.listener.descriptor, SOCKINSPECT_EPOLLIN)
    server.announce()
    memory.begin()
    while true {
      for descriptor in poll.wait() {
        if descriptor == server.listener.descriptor {
          try acceptAll()
        } else if let client = client(descriptor) {
          react(client)
        }
      }
      memory.look()
    }
  }

  private func client(_ descriptor: Int32) -> EventClient? {
    let index = Int(descriptor)
    return clients.indices.contains(index) ? clients[index] : nil
  }

  /// Not endlessly, so that those who are connected get their turn.
  private func acceptAll() throws(DemoError) {
    for _ in 0..<256 {
      do {
        begin(try server.listener.accept(isBlocking: false))
      } catch {
        if error.wouldWait { return }
        guard error.isOutOfDescriptors else { throw error }
        return server.journal.trouble(error.message)
      }
    }
  }

  private func begin(_ connection: Connection) {
    server.journal.accepted(connection)
    let opening: Opening
    do {
      opening = try server.handler.open()
    } catch {
      server.journal.trouble(error.message)
      return server.journal.closed(connection)
    }
    begin(EventClient(connection), opening)
  }

  private func begin(_ client: EventClient, _ opening: Opening) {
    remember(client)
    let descriptor = client.connection.descriptor
    do {
      switch opening {
      case .converse: try poll.watch(descriptor, client.events)
      // Not even watched: a client that hangs up would keep the loop busy.
      case .ignore: break
      case .flood(let bytes):
        client.flood = bytes
        client.events = SOCKINSPECT_EPOLLRDHUP
        try poll.watch(descriptor, client.events)
        try advance(client)
      }
    } catch {
      end(client, error)
    }
  }

  private func react(_ client: EventClient) {
    do {
      if client.events == SOCKINSPECT_EPOLLIN { try client.read(&buffer) }
      if client.events == SOCKINSPECT_EPOLLRDHUP { return end(client, nil) }
      try advance(client)
    } catch {
      end(client, error)
    }
  }

  /// Answers what can be answered, then waits for the right thing.
  private func advance(_ client: EventClient) throws(DemoError) {
    let isFlood = client.flood > 0
    while true {
      guard try client.flush() else { return try wait(client, SOCKINSPECT_EPOLLOUT) }
      guard let message = client.nextMessage() else { break }
      client.output = try server.handler.answer(to: message)[...]
    }
    if client.isAtEnd { return end(client, nil) }
    try wait(client, isFlood ? SOCKINSPECT_EPOLLRDHUP : SOCKINSPECT_EPOLLIN)
  }

  private func wait(_ client: EventClient, _ events: UInt32) throws(DemoError) {
    guard client.events != events else { return }
    client.events = events
    try poll.change(client.connection.descriptor, events)
  }

  private func remember(_ client: EventClient) {
    let index = Int(client.connection.descriptor)
    while clients.count <= index { clients.append(nil) }
    clients[index] = client
    memory.connections += 1
  }

  private func end(_ client: EventClient, _ error: DemoError?) {
    if let error, !error.isPeerGone { server.journal.trouble(error.message) }
    poll.forget(client.connection.descriptor)
    clients[Int(client.connection.descriptor)] = nil
    memory.connections -= 1
    server.handler.close(client.connection)
    if !server.handler.keepsConnections { server.journal.closed(client.connection) }
  }
}
