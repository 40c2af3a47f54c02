import Glibc

/// The clients of a load, all on one thread, with what has happened to them so far.
final class LoadClients {
  /// Connects begun before the events are read again: the server's queue drains while it fills.
  private static let batch = 64
  /// Between two attempts of those that were barred.
  private static let retryInterval = 10 * Clock.millisecond
  /// How long after the last news of them the unfinished connects count as tried.
  private static let settling = 250 * Clock.millisecond

  let epoll: Epoll
  private(set) var counts = LoadCounts()
  /// From the message's first byte to its answer's last.
  private(set) var latency = Histogram()
  /// From the call to the end of the handshake.
  private(set) var connectTime = Histogram()
  /// Clients that have a connection or had one.
  private(set) var connectedClients = 0

  private let plan: LoadPlan
  private let clients: [LoadClient]
  private var apart = WorkQueue()
  private var barred = WorkQueue()
  private var queued = WorkQueue()
  private var connectPacer: Pacer
  private var messagePacer: Pacer
  private var buffer = [UInt8](repeating: 0, count: 65536)
  private var nextRetry: UInt64 = 0
  private var nextLateCheck: UInt64 = 0
  private var triedClients = 0
  private var finishedClients = 0
  /// When a client last began its first connect, or finished it.
  private var lastFirst: UInt64 = 0

  init(_ plan: LoadPlan, count: Int) throws(DemoError) {
    self.plan = plan
    epoll = try Epoll()
    clients = (0..<count).map { LoadClient(number: $0 + 1, remaining: plan.share(of: $0)) }
    connectPacer = Pacer(perSecond: plan.rate)
    messagePacer = Pacer(perSecond: plan.rate)
    for client in clients { apart.append(client) }
  }

  var count: Int { clients.count }
  var haveFinished: Bool { finishedClients == clients.count }

  /// Clients that have a connection now.
  var open: Int { clients.count { $0.socket != nil && $0.state != .connecting } }
  /// Clients whose connect has not finished or whose answer has not come.
  var waiting: Int { clients.count { $0.isWaiting } }
  /// Connects that have neither succeeded nor failed.
  var unconnected: Int { clients.count { $0.state == .connecting || $0.state == .barred } }

  /// Every client has tried to connect, and what has not come of it will take longer.
  func haveTried(_ now: UInt64) -> Bool {
    guard triedClients == clients.count else { return false }
    return now >= lastFirst + Self.settling
      || !clients.contains { !$0.hasConnected && $0.state != .finished }
  }

  /// When they count as tried; nil while some have not begun.
  var settled: UInt64? { triedClients < clients.count ? nil : lastFirst + Self.settling }

  /// When there is something to do although nothing happens.
  func wakeUp(_ now: UInt64) -> UInt64? {
    let moments: [UInt64?] = [
      apart.isEmpty ? nil : connectPacer.next,
      barred.isEmpty ? nil : nextRetry,
      queued.isEmpty ? nil : messagePacer.next,
      plan.patience == nil ? nil : nextLateCheck,
      haveFinished ? now : nil,
    ]
    return moments.compactMap { $0 }.min()
  }

  /// Does what it is time for.
  func proceed(_ now: UInt64) throws(DemoError) {
    try beginConnects(now)
    try retryBarred(now)
    try beginMessages(now)
    giveUpLate(now)
  }

  /// Something happened to a client's connection.
  func handle(_ event: Epoll.Event) throws(DemoError) {
    guard event.key < UInt64(clients.count) else { return }
    try serve(clients[Int(event.key)], event.what)
  }

  private func beginConnects(_ now: UInt64) throws(DemoError) {
    for _ in 0..<Self.batch {
      guard !apart.isEmpty, connectPacer.begin(now), let client = apart.next() else { return }
      counts.begun += 1
      client.since = Clock.now
      try connect(client)
      if !client.hasTried {
        client.hasTried = true
        triedClients += 1
        lastFirst = client.since
      }
    }
  }

  private func retryBarred(_ now: UInt64) throws(DemoError) {
    guard !barred.isEmpty, now >= nextRetry else { return }
    nextRetry = now + Self.retryInterval
    for _ in 0..<min(Self.batch, barred.count) {
      if let client = barred.next(), client.state == .barred { try connect(client) }
    }
  }

  private func connect(_ client: LoadClient) throws(DemoError) {
    guard let socket = open(client) else { return }
    switch socket.beginConnecting(to: plan.address) {
    case .done:
      try keep(socket, for: client, interest: listening)
      try connected(client)
    case .underway:
      try keep(socket, for: client, interest: .write)
      client.state = .connecting
    case .failed(let number): failed(client, number)
    }
  }

  private func open(_ client: LoadClient) -> Socket? {
    do throws(DemoError) {
      let address = plan.address
      let socket = try Socket(
        SOCK_STREAM, family: address.family, waits: false, "open a socket for \(address)")
      if plan.kind == .neverRead { keepBuffersSmall(socket) }
      return socket
    } catch {
      fail(client, error)
      return nil
    }
  }

  /// They fill soon, and thousands of them fit.
  private func keepBuffersSmall(_ socket: Socket) {
    for buffer in [SO_RCVBUF, SO_SNDBUF] { try? socket.set(buffer, to: 32 * 1024) }
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
    _ socket: Socket, for client: LoadClient, interest: Epoll.Interest
  ) throws(DemoError) {
    client.socket = socket
    client.interest = interest
    try epoll.add(socket.descriptor, as: UInt64(client.number - 1), interest)
  }

  /// The socket can say how `connect` has ended.
  private func finishConnect(_ client: LoadClient) throws(DemoError) {
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
    connectTime.record(Clock.now - client.since)
    client.answersHere = 0
    if !client.hasConnected {
      client.hasConnected = true
      connectedClients += 1
      lastFirst = Clock.now
    }
    if plan.kind == .silent { try hold(client) } else { try queue(client) }
  }

  /// Gives the client another connection, when it is its turn.
  private func reconnect(_ client: LoadClient) {
    client.socket = nil
    client.state = .apart
    apart.append(client)
  }

  private func finish(_ client: LoadClient) {
    client.socket = nil
    client.state = .finished
    finishedClients += 1
  }

  /// What a client watches while it has nothing to send.
  private var listening: Epoll.Interest {
    switch plan.kind {
    case .talk, .silent, .half: .read
    case .hangUp, .neverRead: .hangUp
    }
  }

  private func serve(_ client: LoadClient, _ what: Epoll.Interest) throws(DemoError) {
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

  private func watch(
    _ client: LoadClient, _ interest: Epoll.Interest
  ) throws(DemoError) {
    guard client.interest != interest, let socket = client.socket else { return }
    client.interest = interest
    try epoll.change(socket.descriptor, as: UInt64(client.number - 1), interest)
  }

  private func hold(_ client: LoadClient) throws(DemoError) {
    client.state = .holding
    try watch(client, listening)
  }

  /// The client sends its next message when it is its turn, if it has one.
  private func queue(_ client: LoadClient) throws(DemoError) {
    if client.remaining == 0 {
      return plan.kind == .neverRead ? try hold(client) : finish(client)
    }
    client.state = .queued
    try watch(client, listening)
    queued.append(client)
  }

  private func beginMessages(_ now: UInt64) throws(DemoError) {
    for _ in 0..<queued.count {
      // Some may have lost their connection meanwhile.
      queued.skip { $0.state != .queued }
      guard !queued.isEmpty, messagePacer.begin(now), let client = queued.next() else { return }
      client.begin(
        size: plan.messageSize, isWhole: plan.kind != .half, at: Clock.now)
      try send(client)
    }
  }

  private func send(_ client: LoadClient) throws(DemoError) {
    while let socket = client.socket, !client.rest.isEmpty {
      switch socket.sendNow(client.rest) {
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
    _ client: LoadClient, from socket: Socket
  ) throws(DemoError) {
    switch socket.receiveNow(into: &buffer) {
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
    latency.record(Clock.now - client.since)
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

  private func giveUpLate(_ now: UInt64) {
    guard let patience = plan.patience, now >= nextLateCheck else { return }
    nextLateCheck = now + 20 * Clock.millisecond
    for client in clients where isLate(client, now, patience) {
      counts.count(failure: ClientFailure.timeOut)
      finish(client)
    }
  }

  private func isLate(_ client: LoadClient, _ now: UInt64, _ patience: UInt64) -> Bool {
    switch client.state {
    case .connecting, .barred: now >= client.since + patience
    case .sending, .awaiting: plan.kind == .talk && now >= client.since + patience
    default: false
    }
  }
}
