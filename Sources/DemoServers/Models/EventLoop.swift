import Glibc

/// One thread and any number of connections: it waits in epoll for whichever has something.
///
/// What blocks in a handler (sleep, spin, lock, the connection of upstream) blocks every client,
/// on purpose. Events are level-triggered: without descriptors, accept fails, the listener stays
/// readable, and the loop burns its processor, as many real ones do.
final class EventLoop: Model {
  private let server: Server
  private let epoll: Epoll
  /// By descriptor.
  private var clients: [EventClient?] = []
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)
  private var memory = ConnectionMemory()

  init(server: Server) throws(DemoError) {
    self.server = server
    epoll = try Epoll()
  }

  func run() throws(DemoError) -> Never {
    server.listener.stopWaiting()
    try epoll.add(server.listener.descriptor, .read)
    server.announce()
    memory.begin()
    while true {
      for event in try epoll.wait() {
        if event.descriptor == server.listener.descriptor {
          try acceptAll()
        } else if let client = client(event.descriptor) {
          react(client)
        }
      }
      memory.measure()
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

  private func begin(_ connection: Socket) {
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
      case .converse: try epoll.add(descriptor, client.interest)
      // Not even watched: a client that hangs up would keep the loop busy.
      case .ignore: break
      case .flood(let bytes):
        client.flood = bytes
        client.interest = .hangUp
        try epoll.add(descriptor, client.interest)
        try advance(client)
      }
    } catch {
      end(client, error)
    }
  }

  private func react(_ client: EventClient) {
    do {
      if client.interest == .read { try client.read(&buffer) }
      if client.interest == .hangUp { return end(client, nil) }
      try advance(client)
    } catch {
      end(client, error)
    }
  }

  /// Answers what can be answered, then waits for the right thing.
  private func advance(_ client: EventClient) throws(DemoError) {
    let isFlood = client.flood > 0
    while true {
      guard try client.flush() else { return try wait(client, .write) }
      guard let message = client.nextMessage() else { break }
      client.output = try server.handler.answer(to: message)[...]
    }
    if client.isAtEnd { return end(client, nil) }
    try wait(client, isFlood ? .hangUp : .read)
  }

  private func wait(_ client: EventClient, _ interest: Epoll.Interest) throws(DemoError) {
    guard client.interest != interest else { return }
    client.interest = interest
    try epoll.change(client.connection.descriptor, interest)
  }

  private func remember(_ client: EventClient) {
    let index = Int(client.connection.descriptor)
    while clients.count <= index { clients.append(nil) }
    clients[index] = client
    memory.connections += 1
  }

  private func end(_ client: EventClient, _ error: DemoError?) {
    if let error, !error.isPeerGone { server.journal.trouble(error.message) }
    epoll.remove(client.connection.descriptor)
    clients[Int(client.connection.descriptor)] = nil
    memory.connections -= 1
    server.handler.close(client.connection)
    if !server.handler.keepsConnections { server.journal.closed(client.connection) }
  }
}

extension ServerModel {
  public static let event = ServerModel(
    "event", meaning: "one thread, epoll, any number of connections", needsShards: true,
    EventLoop.self)
}

/// A connection of the event loop, with all that is to be remembered between two events.
private final class EventClient {
  let connection: Socket
  var reader = MessageReader()
  /// An answer that the client has not taken yet.
  var output: ArraySlice<UInt8> = []
  /// Bytes of a flood that are still to be sent.
  var flood = 0
  /// Nothing more will come from the client.
  var isAtEnd = false
  /// What epoll has been asked for.
  var interest = Epoll.Interest.read

  init(_ connection: Socket) { self.connection = connection }

  /// Sends what there is to send; false when the client must read first.
  func flush() throws(DemoError) -> Bool {
    while !output.isEmpty {
      guard let count = try connection.sendNow(output).count("send") else { return false }
      output = output.dropFirst(count)
    }
    while flood > 0 {
      let piece = Flood.piece.prefix(flood)
      guard let count = try connection.sendNow(piece).count("send") else { return false }
      flood -= count
      if flood == 0 { connection.finishSending() }
    }
    // An idle client holds no buffer.
    output = []
    return true
  }

  /// Reads once into the loop's buffer.
  func read(_ buffer: inout [UInt8]) throws(DemoError) {
    if let count = try connection.receiveNow(into: &buffer).count("receive") {
      isAtEnd = count == 0
      reader.append(buffer[..<count])
    }
    if reader.isTooLong { throw DemoError("a message was too long") }
  }

  /// The next message to be answered.
  func nextMessage() -> [UInt8]? {
    reader.next() ?? (isAtEnd ? reader.rest() : nil)
  }
}

/// What one connection costs a process, from its resident memory before and at the most.
private struct ConnectionMemory {
  var connections = 0
  private var most = 0
  private var before = 0

  /// Just before the first connection.
  mutating func begin() {
    before = Self.resident
    Shutdown.reports(memory: 0, connections: 0)
  }

  /// Measures at each hundredth more connections than ever: often enough, and not often.
  mutating func measure() {
    guard connections > most, (connections - most) * 100 >= most else { return }
    most = connections
    let grown = max(0, Self.resident - before)
    Shutdown.reports(memory: grown / connections, connections: connections)
  }

  /// Bytes of physical memory that the process uses; the second number of `/proc/self/statm`.
  private static var resident: Int {
    let words = SmallFile.text("/proc/self/statm")?.split(separator: " ") ?? []
    let pages = words.count > 1 ? Int(words[1]) ?? 0 : 0
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }
}
