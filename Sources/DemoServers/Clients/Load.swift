import Glibc

/// What a running load has to tell.
public enum LoadEvent: Sendable {
  /// Every client has tried to connect, and so many have a connection or had one.
  case ready(connected: Int)
  case progress(LoadProgress)
  case ended(LoadReport)
}

/// Many clients on one thread: no call waits but the one for all of them.
///
/// Clients talk one message at a time (a closed loop), so a server that is slow slows the load
/// too: the latencies are those of the messages sent, not of those that more clients would have
/// sent meanwhile.
public final class Load {
  public let plan: LoadPlan
  /// Our process id.
  public let process = getpid()
  /// Descriptors that are left free, should the library want one.
  private static let spareFiles = 2
  /// How long after the last news of them the unfinished connects count as tried.
  private static let settling = 250 * ClientClock.millisecond

  let clients: [LoadClient]
  var events: ClientEvents
  private let signals: ClientSignals
  private static let signalKey = UInt64.max
  private static let inputKey = UInt64.max - 1

  var counts = LoadCounts()
  var latency = Histogram()
  var connectTime = Histogram()
  var apart = WorkQueue()
  var barred = WorkQueue()
  var queued = WorkQueue()
  var connectPacer: Pacer
  var messagePacer: Pacer
  var buffer = [UInt8](repeating: 0, count: 65536)

  private let start: UInt64
  var nextRetry: UInt64 = 0
  private var nextProgress: UInt64
  private var nextLateCheck: UInt64 = 0
  var triedClients = 0
  var connectedClients = 0
  var finishedClients = 0
  /// When a client last began its first connect, or finished it.
  var lastFirst: UInt64 = 0
  private var hasToldReady = false
  private var end: LoadEnd?

  /// Takes SIGINT, SIGTERM and SIGHUP for the end from here on, and raises the limit of open
  /// files; `connections` says how many clients it allows.
  public init(_ plan: LoadPlan) throws(DemoError) {
    self.plan = plan
    events = try ClientEvents()
    signals = try ClientSignals()
    let room = ClientLimits.raiseOpenFiles() - ClientLimits.openFiles - Self.spareFiles
    clients = (0..<max(0, min(plan.connections, room))).map {
      LoadClient(number: $0 + 1, remaining: plan.share(of: $0))
    }
    connectPacer = Pacer(perSecond: plan.rate)
    messagePacer = Pacer(perSecond: plan.rate)
    start = ClientClock.now
    nextProgress = start + (plan.progressInterval ?? 0)
    for client in clients { apart.append(client) }
    try watchOurselves()
  }

  /// Clients there are: fewer than were asked for when the limit of open files is too low.
  public var connections: Int { clients.count }

  private func watchOurselves() throws(DemoError) {
    try events.add(signals.descriptor, as: Self.signalKey, .read)
    if plan.endsWithInput, ClientInput.standard.canBeAwaited {
      try events.add(ClientInput.standard.descriptor, as: Self.inputKey, .read)
    }
  }

  /// Goes on until there is something to tell. After the end it tells the end again.
  public func next() throws(DemoError) -> LoadEvent {
    while true {
      let now = ClientClock.now
      if let event = news(now) { return event }
      try beginConnects(now)
      try retryBarred(now)
      try beginMessages(now)
      giveUpLate(now)
      let pause = ClientClock.milliseconds(from: now, to: wakeUp(now))
      for event in try events.wait(milliseconds: pause) { try handle(event) }
    }
  }

  private func handle(_ event: ClientEvents.Event) throws(DemoError) {
    switch event.key {
    case Self.signalKey: end = end ?? .signal
    case Self.inputKey: if ClientInput.standard.read().isEmpty { end = end ?? .input }
    default:
      guard event.key < UInt64(clients.count) else { return }
      try serve(clients[Int(event.key)], event.what)
    }
  }

  // MARK: What to tell

  private func news(_ now: UInt64) -> LoadEvent? {
    if !hasToldReady, isReady(now) {
      hasToldReady = true
      return .ready(connected: connectedClients)
    }
    if let end = reason(now) {
      self.end = end
      return .ended(report(end, now))
    }
    guard let interval = plan.progressInterval, now >= nextProgress else { return nil }
    nextProgress = now + interval
    return .progress(progress)
  }

  private func isReady(_ now: UInt64) -> Bool {
    guard triedClients == clients.count else { return false }
    return now >= lastFirst + Self.settling
      || !clients.contains { !$0.hasConnected && $0.state != .finished }
  }

  private func reason(_ now: UInt64) -> LoadEnd? {
    if let end { return end }
    if finishedClients == clients.count { return .finished }
    if let duration = plan.duration, now - start >= duration { return .time }
    return nil
  }

  private var progress: LoadProgress {
    LoadProgress(
      counts: counts,
      open: clients.count { $0.socket != nil && $0.state != .connecting },
      waiting: clients.count { $0.isWaiting })
  }

  private func report(_ end: LoadEnd, _ now: UInt64) -> LoadReport {
    LoadReport(
      plan: plan, connections: clients.count, progress: progress, end: end,
      duration: now - start, latency: latency, connectTime: connectTime,
      unconnected: clients.count { $0.state == .connecting || $0.state == .barred })
  }

  // MARK: When to wake up

  private func wakeUp(_ now: UInt64) -> UInt64? {
    let moments: [UInt64?] = [
      plan.duration.map { start + $0 },
      plan.progressInterval == nil ? nil : nextProgress,
      hasToldReady || triedClients < clients.count ? nil : lastFirst + Self.settling,
      apart.isEmpty ? nil : connectPacer.next,
      barred.isEmpty ? nil : nextRetry,
      queued.isEmpty ? nil : messagePacer.next,
      plan.patience == nil ? nil : nextLateCheck,
      finishedClients == clients.count ? now : nil,
    ]
    return moments.compactMap { $0 }.min()
  }

  private func giveUpLate(_ now: UInt64) {
    guard let patience = plan.patience, now >= nextLateCheck else { return }
    nextLateCheck = now + 20 * ClientClock.millisecond
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
