import ProcNet

/// Examines a host: two samples, then a detailed one of whatever looks suspicious.
public struct Diagnoser {
  public typealias Scope = SamplingScope
  public typealias Focus = DiagnosisFocus

  let scope: Scope
  let focus: Focus?
  var gaps: [Gap] = []

  /// Takes a sample, waits, takes another one, and says what it found.
  public static func run(_ scope: Scope, focus: Focus? = nil) throws(KernelError) -> Diagnosis {
    var investigation = Diagnoser(scope: scope, focus: focus)
    let host = try investigation.collect()
    let engine = RuleEngine(host)
    let findings = NamespacedFindings(host.namespaces).named(engine.findings)
    let chosen = focus.map { TargetFilter(host, $0).choose(findings) } ?? findings
    if engine.left > 0 {
      investigation.note([
        Gap(
          missing: Phrase.count(engine.left, "more finding"),
          reason: "only the worst \(RuleEngine.mostFindings) are shown",
          remedy: "see to these first")
      ])
    }
    return Diagnosis(findings: chosen, gaps: investigation.gaps, scope: investigation.covered(host))
  }

  /// Everything that rules judge; cheap where nothing looks suspicious.
  mutating func collect() throws(KernelError) -> HostObservation {
    let moments = scope.moments
    let settings = NetworkSettings.all(scope.places, through: moments.first)
    let first = try Sample.take(
      scope, through: moments.first, settings: settings, measuring: moments.interval == nil)
    moments.wait()
    let second =
      moments.interval == nil
      ? first
      : try Sample.take(
        scope, through: moments.second, settings: settings, measuring: true)
    note(first.gaps + second.gaps + (moments.interval == nil ? [SingleSample.gap] : []))
    let processList = scan(moments.second)
    var host = HostObservation(first: first, last: second)
    host.settings = settings
    host.namespaces = NamespaceNames(scope.places, through: moments.second)
    host.processList = processList
    let suspects = Suspicion(first, second, processList)
    if !suspects.isEmpty || focus != nil {
      try DetailedSample(scope: scope, suspects: suspects, focus: focus).complete(
        &host, gaps: &gaps)
    }
    host.descriptors = DescriptorUse(processList, host.processes, through: moments.second)
    host.span = span(host)
    host.listeners = ListenerObserver(host, middle: second).read()
    findHolders(&host)
    findServers(&host)
    host.stalls = StallFinder.stalls(of: host)
    host.hiddenRequests = second.unanswered.count { host.owners.owners(of: $0).isEmpty }
    host.oldestHidden = second.oldestUnanswered
    if let place = focus?.place {
      host.portUse = PortUseObserver(host: host, scope: scope).read(place)
    }
    return host
  }

  /// The possible owners of listeners in trouble whose owner cannot be seen.
  private func findHolders(_ host: inout HostObservation) {
    let orphans = host.listeners.indices.filter {
      host.listeners[$0].needsExplaining && host.listeners[$0].owners.isEmpty
    }
    guard !orphans.isEmpty else { return }
    let search = HiddenOwnerSearch(host.processList, through: scope.moments.second)
    for place in orphans {
      host.listeners[place].hiddenOwner = search.holder(
        of: host.listeners[place].socket, hidesProcesses: !host.processList.gaps.isEmpty)
    }
  }

  /// Servers whose queue does not drain, and those that owe their clients a read; and the thread
  /// that should serve where connections wait.
  private mutating func findServers(_ host: inout HostObservation) {
    let owing = UnreadRequests(host).listeners
    var (left, unread) = (Self.mostReading, 0)
    for listener in host.listeners {
      let inode = listener.socket.inode
      let isTrouble = listener.needsExplaining || owing.contains(inode)
      guard isTrouble || listener.length > 0 else { continue }
      left -= effort(host, listener)
      guard left > 0 || focus?.includes(listener.socket) == true else {
        unread += 1
        continue
      }
      var server = ServerObserver(host, listener).read()
      if listener.length > 0 || listener.needsExplaining {
        host.blockers[inode] = server.blockers.first?.thread
      }
      guard isTrouble else { continue }
      server.owesReads = owing.contains(inode)
      host.servers.append(server)
    }
    guard unread > 0 else { return }
    note([
      Gap(
        missing: "what keeps the owners of \(Phrase.count(unread, "more listener")) busy",
        reason: "there are too many to look at each", remedy: "name one of them")
    ])
  }

  /// Sockets and threads of owners that are looked at, each as often as a listener of theirs is in
  /// trouble: some million on a host, so that it takes seconds and not hours.
  private static let mostReading = 1_000_000

  private func effort(_ host: HostObservation, _ listener: ObservedListener) -> Int {
    listener.owners.reduce(16) { sum, owner in
      guard let process = host.processes[owner.process] else { return sum + 1 }
      return sum + process.sockets.count + 4 * process.threads.count
    }
  }

  private func span(_ host: HostObservation) -> UInt64? {
    guard let interval = scope.moments.interval else { return nil }
    return scope.moments.isLive ? host.last.time &- host.first.time : interval
  }

  /// The processes; an empty list where it cannot be read: the sockets still say something.
  private mutating func scan(_ kernel: any Kernel) -> HostProcesses {
    do throws(KernelError) {
      let host = try HostProcesses.scan(through: kernel)
      note(host.gaps)
      return host
    } catch {
      note([Gap(missing: "processes", reason: error.reason)])
      return HostProcesses()
    }
  }

  private mutating func note(_ found: [Gap]) {
    for gap in found where !gaps.contains(gap) { gaps.append(gap) }
  }

  private func covered(_ host: HostObservation) -> Diagnosis.Scope {
    var covered = Diagnosis.Scope()
    covered.namespaces = scope.places.count
    covered.listeners = host.last.listeners.filter { $0.socket.state == .listen }.count
    covered.sockets = host.last.census.sockets
    covered.processes = host.processList.processes.count
    covered.interval = host.span
    let polls = host.stalls.filter { !$0.isProven && $0.oldest >= RequestUnanswered.patience }
    covered.openRequests = polls.reduce(0) { $0 + $1.requests.count }
    covered.oldestRequest = polls.map(\.oldest).max() ?? 0
    covered.hiddenRequests = host.hiddenRequests
    if host.hiddenRequests > 0 {
      covered.oldestRequest = max(covered.oldestRequest, host.oldestHidden)
    }
    covered.queued = host.listeners.reduce(0) { $0 + Int($1.length) }
    covered.unclear = host.listeners.filter(\.isUnclear).reduce(0) { $0 + Int($1.length) }
    covered.samples = host.span == nil ? 1 : host.samples
    return covered
  }
}

/// What was found on a host, and what could not be read.
public struct Diagnosis: Sendable {
  /// Worst first, causes before what follows from them.
  public var findings: [Finding]
  /// What was not evaluated, and why.
  public var gaps: [Gap]
  /// How much was read.
  public var scope: Scope

  /// What the answer covers.
  public struct Scope: Sendable {
    /// How many network namespaces were read.
    public var namespaces = 1
    public var listeners = 0
    public var sockets = 0
    public var processes = 0
    /// The number of samples: two, and a third where something looked suspicious.
    public var samples = 1
    /// Requests that wait for an answer as long polls do, and milliseconds since the oldest came.
    public var openRequests = 0
    public var oldestRequest: UInt64 = 0
    /// Requests that wait at servers whose processes may not be seen.
    public var hiddenRequests = 0
    /// Connections that waited in accept queues at the last sample.
    public var queued = 0
    /// Of these, those of which no sample tells whether they are always the same ones, at
    /// listeners where some waited each time.
    public var unclear = 0
    /// Milliseconds from the first sample to the last; nil when there was but one.
    public var interval: UInt64?

    public init() {}
  }

  public init(findings: [Finding], gaps: [Gap], scope: Scope) {
    self.findings = findings
    self.gaps = gaps
    self.scope = scope
  }

  /// The worst of the findings; nil when there are none.
  public var severity: Severity? { findings.map(\.severity).max() }
  /// The finding that the answer begins with.
  public var headline: Finding? { findings.first }
}
