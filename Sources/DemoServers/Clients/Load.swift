import Glibc

/// Many clients on one thread: only one call waits, and it waits for all of them.
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

  private let clients: LoadClients
  private let signals: SignalDescriptor
  private static let signalKey = UInt64.max
  private static let inputKey = UInt64.max - 1

  private let start: UInt64
  private var nextProgress: UInt64
  private var hasReportedReady = false
  private var end: LoadEnd?

  /// Takes SIGINT, SIGTERM and SIGHUP for the end from here on, and raises the limit of open
  /// files; `connections` says how many clients it allows.
  public init(_ plan: LoadPlan) throws(DemoError) {
    self.plan = plan
    signals = try SignalDescriptor()
    // One for the clients' epoll instance.
    let room = OpenFileLimit.raise() - OpenFileLimit.inUse - 1 - Self.spareFiles
    clients = try LoadClients(plan, count: max(0, min(plan.connections, room)))
    start = Clock.now
    nextProgress = start + (plan.progressInterval ?? 0)
    try clients.epoll.add(signals.descriptor, as: Self.signalKey, .read)
    if plan.endsWithInput, ClientInput.standard.canBeAwaited {
      try clients.epoll.add(ClientInput.standard.descriptor, as: Self.inputKey, .read)
    }
  }

  /// Clients there are: fewer than were asked for when the limit of open files is too low.
  public var connections: Int { clients.count }

  /// Goes on until there is something to report. After the end it reports the end again.
  public func next() throws(DemoError) -> LoadEvent {
    while true {
      let now = Clock.now
      if let event = news(now) { return event }
      try clients.proceed(now)
      let pause = Clock.milliseconds(from: now, to: wakeUp(now))
      for event in try clients.epoll.wait(milliseconds: pause) { try handle(event) }
    }
  }

  private func handle(_ event: Epoll.Event) throws(DemoError) {
    switch event.key {
    case Self.signalKey: end = end ?? .signal
    case Self.inputKey: if ClientInput.standard.read().isEmpty { end = end ?? .input }
    default: try clients.handle(event)
    }
  }

  private func news(_ now: UInt64) -> LoadEvent? {
    if !hasReportedReady, clients.haveTried(now) {
      hasReportedReady = true
      return .ready(connected: clients.connectedClients)
    }
    if let end = reason(now) {
      self.end = end
      return .ended(report(end, now))
    }
    guard let interval = plan.progressInterval, now >= nextProgress else { return nil }
    nextProgress = now + interval
    return .progress(progress)
  }

  private func reason(_ now: UInt64) -> LoadEnd? {
    if let end { return end }
    if clients.haveFinished { return .finished }
    if let duration = plan.duration, now - start >= duration { return .time }
    return nil
  }

  private var progress: LoadProgress {
    LoadProgress(counts: clients.counts, open: clients.open, waiting: clients.waiting)
  }

  private func report(_ end: LoadEnd, _ now: UInt64) -> LoadReport {
    LoadReport(
      plan: plan, connections: clients.count, progress: progress, end: end,
      duration: now - start, latency: clients.latency, connectTime: clients.connectTime,
      unconnected: clients.unconnected)
  }

  private func wakeUp(_ now: UInt64) -> UInt64? {
    let moments: [UInt64?] = [
      plan.duration.map { start + $0 },
      plan.progressInterval == nil ? nil : nextProgress,
      hasReportedReady ? nil : clients.settled,
      clients.wakeUp(now),
    ]
    return moments.compactMap { $0 }.min()
  }
}

/// What a running load reports.
public enum LoadEvent: Sendable {
  /// Every client has tried to connect; the number of those that have a connection or had one.
  case ready(connected: Int)
  case progress(LoadProgress)
  case ended(LoadReport)
}

/// What a load is asked to do.
public struct LoadPlan: Sendable {
  public var address: SocketAddress
  public var kind: LoadKind
  public var connections: Int
  /// The most connections, and the most messages, that begin in a second.
  public var rate: Int?
  /// Messages in all, divided evenly among the connections; nil for no end.
  public var requests: Int?
  /// Nanoseconds.
  public var duration: UInt64?
  /// Nanoseconds until an unfinished connect or a missing answer is given up; nil leaves that to
  /// the kernel.
  public var patience: UInt64?
  /// Bytes of a message with its newline.
  public var messageSize: Int
  /// Nanoseconds between two reports of progress; nil for none.
  public var progressInterval: UInt64?
  /// Ends at the end of standard input.
  public var endsWithInput = false

  public init(to address: SocketAddress, kind: LoadKind = .talk, connections: Int = 10) {
    self.address = address
    self.kind = kind
    self.connections = connections
    messageSize = kind == .neverRead ? 1024 : 32
  }

  /// A client's part of the messages; the first ones take what does not divide evenly.
  func share(of client: Int) -> Int? {
    guard let requests else { return nil }
    let even = requests / max(connections, 1)
    return even + (client < requests % max(connections, 1) ? 1 : 0)
  }
}

/// How the clients of a load behave.
public enum LoadKind: String, Sendable, CaseIterable {
  case talk
  case silent
  case half
  case hangUp = "hang-up"
  case neverRead = "never-read"

  /// One line for the help.
  public var meaning: String {
    switch self {
    case .talk: "send a message, wait for its echo, send the next (the default)"
    case .silent: "connect and send nothing"
    case .half: "send a message that lacks its end, and no more"
    case .hangUp: "connect, send a message, close at once without reading; again and again"
    case .neverRead: "send messages as fast as they are taken, never read an answer"
    }
  }

  /// Sends whole messages, so that a number of them can be asked for.
  public var sendsMessages: Bool { self == .talk || self == .hangUp || self == .neverRead }
}
