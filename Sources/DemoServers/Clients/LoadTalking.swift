/// What the clients of a load do with their connections.
extension Load {
  /// What a client watches while it has nothing to send.
  var listening: ClientEvents.Interest {
    switch plan.kind {
    case .talk, .silent, .half: .read
    case .hangUp, .neverRead: .hangUp
    }
  }

  /// Something happened to a client's connection.
  func serve(
    _ client: LoadClient, _ what: ClientEvents.Interest
  ) throws(DemoError) {
    guard let socket = client.socket else { return }
    if client.state == .connecting { return try finishConnect(client) }
    if listening == .read {
      if !what.isDisjoint(with: [.read, .end]) { try receive(client, from: socket) }
    } else if !what.isDisjoint(with: [.hangUp, .end]) {
      let number = socket.error
      return try lose(client, because: number == 0 ? nil : number)
    }
    if client.state == .sending, what.contains(.write) { try send(client) }
  }

  func watch(
    _ client: LoadClient, _ interest: ClientEvents.Interest
  ) throws(DemoError) {
    guard client.interest != interest, let socket = client.socket else { return }
    client.interest = interest
    try events.change(socket.descriptor, as: UInt64(client.number - 1), interest)
  }

  func hold(_ client: LoadClient) throws(DemoError) {
    client.state = .holding
    try watch(client, listening)
  }

  /// The client sends its next message when it is its turn, if it has one.
  func queue(_ client: LoadClient) throws(DemoError) {
    if client.remaining == 0 {
      return plan.kind == .neverRead ? try hold(client) : finish(client)
    }
    client.state = .queued
    try watch(client, listening)
    queued.append(client)
  }

  func beginMessages(_ now: UInt64) throws(DemoError) {
    for _ in 0..<queued.count {
      // Some may have lost their connection meanwhile.
      queued.skip { $0.state != .queued }
      guard !queued.isEmpty, messagePacer.begin(now), let client = queued.next() else { return }
      client.begin(
        size: plan.messageSize, isWhole: plan.kind != .half, at: ClientClock.now)
      try send(client)
    }
  }

  private func send(_ client: LoadClient) throws(DemoError) {
    while let socket = client.socket, !client.rest.isEmpty {
      switch socket.send(client.rest) {
      case .moved(let count):
        client.sentBytes += count
        counts.bytesSent += UInt64(count)
      case .mustWait: return try watch(client, listening.union(.write))
      case .failed(let number): return try lose(client, because: number)
      }
    }
    try hasSent(client)
  }

  private func hasSent(_ client: LoadClient) throws(DemoError) {
    if plan.kind != .half { counts.sent += 1 }
    switch plan.kind {
    case .talk where client.isAnswered, .neverRead: try queue(client)
    case .talk:
      client.state = .awaiting
      try watch(client, listening)
    case .hangUp: client.remaining == 0 ? finish(client) : reconnect(client)
    case .silent, .half: try hold(client)
    }
  }

  private func receive(
    _ client: LoadClient, from socket: ClientSocket
  ) throws(DemoError) {
    switch socket.receive(into: &buffer) {
    case .moved(0): try lose(client, because: nil)
    case .moved(let count):
      counts.bytesReceived += UInt64(count)
      for byte in buffer[..<count] where client.takeAnswer(byte) { try hasAnswer(client) }
    case .mustWait: return
    case .failed(let number): try lose(client, because: number)
    }
  }

  private func hasAnswer(_ client: LoadClient) throws(DemoError) {
    counts.answered += 1
    if client.isWrong { counts.wrong += 1 }
    latency.record(ClientClock.now - client.since)
    client.answersHere += 1
    if client.state == .awaiting { try queue(client) }
  }

  /// The connection has ended: the server closed it, or the error says why.
  private func lose(_ client: LoadClient, because number: Int32?) throws(DemoError) {
    let isBetween = client.state == .queued || client.answerBytes == 0
    if plan.kind == .talk, client.answersHere > 0, isBetween { return goOnElsewhere(client) }
    if let number { counts.count(failure: number) } else { counts.closedByServer += 1 }
    let isUseful = plan.kind == .talk && client.answersHere > 0
    isUseful && client.remaining != 0 ? reconnect(client) : finish(client)
  }

  /// A server may close between two messages; some do so after each. A message that was under way
  /// just then, and of whose answer no byte has come, was not read: it is sent again.
  private func goOnElsewhere(_ client: LoadClient) {
    counts.closedByServer += 1
    if client.state != .queued {
      if client.state == .awaiting { counts.sent -= 1 }
      counts.repeated += 1
      client.takeBack()
    }
    reconnect(client)
  }
}
