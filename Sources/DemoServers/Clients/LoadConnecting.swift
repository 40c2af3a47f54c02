/// How the clients of a load get their connections.
extension Load {
  /// Connects begun before it is looked again what has happened: the server's queue drains while
  /// it fills.
  private static let batch = 64
  /// Between two attempts of those that were barred.
  private static let retryInterval = 10 * ClientClock.millisecond

  func beginConnects(_ now: UInt64) throws(DemoError) {
    for _ in 0..<Self.batch {
      guard !apart.isEmpty, connectPacer.begin(now), let client = apart.next() else { return }
      counts.begun += 1
      client.since = ClientClock.now
      try connect(client)
      if !client.hasTried {
        client.hasTried = true
        triedClients += 1
        lastFirst = client.since
      }
    }
  }

  func retryBarred(_ now: UInt64) throws(DemoError) {
    guard !barred.isEmpty, now >= nextRetry else { return }
    nextRetry = now + Self.retryInterval
    for _ in 0..<min(Self.batch, barred.count) {
      if let client = barred.next(), client.state == .barred { try connect(client) }
    }
  }

  private func connect(_ client: LoadClient) throws(DemoError) {
    guard let socket = open(client) else { return }
    switch socket.connect(to: plan.address) {
    case .done:
      try keep(socket, for: client, interest: listening)
      try connected(client)
    case .underway:
      try keep(socket, for: client, interest: .write)
      client.state = .connecting
    case .failed(let number): failed(client, number)
    }
  }

  private func open(_ client: LoadClient) -> ClientSocket? {
    do throws(DemoError) {
      let socket = try ClientSocket(for: plan.address)
      if plan.kind == .neverRead { socket.keepBuffersSmall() }
      return socket
    } catch {
      fail(client, error)
      return nil
    }
  }

  private func fail(_ client: LoadClient, _ error: DemoError) {
    if let number = error.number {
      counts.count(failure: number)
    } else {
      counts.otherFailures[error.message, default: 0] += 1
    }
    finish(client)
  }

  private func keep(
    _ socket: ClientSocket, for client: LoadClient, interest: ClientEvents.Interest
  ) throws(DemoError) {
    client.socket = socket
    client.interest = interest
    try events.add(socket.descriptor, as: UInt64(client.number - 1), interest)
  }

  /// The socket can say how `connect` has ended.
  func finishConnect(_ client: LoadClient) throws(DemoError) {
    guard let number = client.socket?.error else { return }
    if number == 0 { try connected(client) } else { failed(client, number) }
  }

  private func failed(_ client: LoadClient, _ number: Int32) {
    guard ClientFailure.mayPass(number) else {
      counts.count(failure: number)
      return finish(client)
    }
    if client.state != .barred, ClientFailure.isOurs(number) { counts.count(failure: number) }
    client.socket = nil
    client.state = .barred
    barred.append(client)
  }

  private func connected(_ client: LoadClient) throws(DemoError) {
    counts.connected += 1
    connectTime.record(ClientClock.now - client.since)
    client.answersHere = 0
    if !client.hasConnected {
      client.hasConnected = true
      connectedClients += 1
      lastFirst = ClientClock.now
    }
    if plan.kind == .silent { try hold(client) } else { try queue(client) }
  }

  /// Gives the client another connection, when it is its turn.
  func reconnect(_ client: LoadClient) {
    client.socket = nil
    client.state = .apart
    apart.append(client)
  }

  func finish(_ client: LoadClient) {
    client.socket = nil
    client.state = .finished
    finishedClients += 1
  }
}
