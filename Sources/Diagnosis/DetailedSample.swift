import ProcNet

/// The second, costlier part: all sockets, their owners, and in two samples the threads of all
/// processes that have to do with what looks suspicious.
struct DetailedSample {
  let scope: SamplingScope
  let suspects: Suspicion
  let focus: DiagnosisFocus?

  /// Processes that are read; more would say the same.
  static let mostProcesses = 512
  /// How many steps a chain of waiting is followed across processes.
  static let mostSteps = 12

  func complete(_ host: inout HostObservation, gaps: inout [Gap]) throws(KernelError) {
    let moments = scope.moments
    host.table = try table(about: host.last, moments.second, &gaps)
    host.owners = OwnerIndex.build(through: moments.second, gaps: &gaps)
    let asked = asked(host)
    findThreadOwners(of: asked, &host)
    noteOwners(of: asked, &host, &gaps)
    var probes = ProcessSamples(first: moments.first, second: moments.second)
    follow(&probes, from: firstProcesses(of: asked, host, gaps), &host)
    if moments.isLive { moments.wait() }
    if moments.interval == nil { probes.lookOnce() } else { probes.lookAgain() }
    host.processes = probes.cases
    findMounts(&host)
    host.interval = moments.interval
    try lookAgain(&host, &gaps)
    try measure(&host)
    // Right after the ages of connections, which those of processes are compared with: what it adds
    // makes a worker older, never younger.
    host.uptime = (try? moments.second.contents(of: "/proc/uptime"))
      .flatMap { ProcUptime.decode($0.span) }
    noteDenied(host, &gaps)
  }

  /// The sockets that the diagnosis is about: what looks suspicious, and what the target names.
  private func asked(_ host: HostObservation) -> Set<UInt32> {
    suspects.listeners.union(suspects.sockets).union(suspects.unanswered).union(meant(host))
  }

  /// A thread may hold what no process holds.
  private func findThreadOwners(of asked: Set<UInt32>, _ host: inout HostObservation) {
    let known = host.last.listeners.map(\.socket.inode) + asked
    guard known.contains(where: { $0 != 0 && host.owners.owners(of: $0).isEmpty }) else { return }
    host.owners.readThreads(through: scope.moments.second)
  }

  /// Where each socket that matters has an owner, the processes that could not be looked into
  /// change nothing; where one has none although all were looked into, that needs a reason.
  private func noteOwners(
    of asked: Set<UInt32>, _ host: inout HostObservation, _ gaps: inout [Gap]
  ) {
    let ownerless = asked.filter { $0 != 0 && host.owners.owners(of: $0).isEmpty }
    guard !ownerless.isEmpty else { return gaps.setMoot(.owners) }
    if !gaps.contains(where: { $0.kind == .owners }) {
      let search = MissingOwners(through: scope.moments.second)
      let missing = search.confirmed(ownerless)
      if !missing.isEmpty { gaps.append(search.gap(missing.count)) }
    }
    host.wayToOwners = gaps.lazy.compactMap { $0.kind == .owners ? $0.remedy : nil }.first
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }
  }

  /// Probes processes, then those that they wait for, and so on.
  private func follow(
    _ probes: inout ProcessSamples, from first: [Int32], _ host: inout HostObservation
  ) {
    let kernel = scope.moments.second
    if let text = try? kernel.contents(of: "/proc/locks") { host.locks = ProcLocks(text) }
    let lockedFiles = LockedFiles(host.locks, through: kernel)
    var wave = first
    var pipes: Set<UInt64> = []
    var walks = 0
    for _ in 0..<Self.mostSteps where !wave.isEmpty && probes.count < Self.mostProcesses {
      let fresh = wave.filter { probes.take($0) }
      let snapshots = probes.snapshots(fresh)
      // All descriptors are searched for pipes only when a thread waits at a new one.
      let found = NextProcesses.pipes(snapshots)
      if !found.isSubset(of: pipes), walks < Self.mostWalks {
        walks += 1
        pipes.formUnion(found)
        host.pipes = PipeHolders.find(pipes, through: kernel)
      }
      for process in snapshots where Self.sleepsShortly(process) {
        host.lockedFiles[process.process] = lockedFiles.files(of: process)
      }
      wave = NextProcesses(host).beyond(snapshots).sorted()
    }
  }

  /// Walks over all descriptors of the host in search of pipes: each costs 4 µs a descriptor.
  private static let mostWalks = 3

  /// One of its threads sleeps for a moment, as those do that try to take a lock again and again.
  private static func sleepsShortly(_ process: ProcessSnapshot) -> Bool {
    process.threads.contains { thread in
      let wait = WaitReading.wait(of: thread, in: process)
      guard wait.kind == .timer, !wait.isSignalWait else { return false }
      if case .after(let time) = wait.timeout { return time <= longestRetry }
      return true
    }
  }

  /// Milliseconds between two attempts to take a lock.
  private static let longestRetry: UInt64 = 2000

  /// The mounts, as the processes see them that are stuck in a file system.
  private func findMounts(_ host: inout HostObservation) {
    for process in host.processes.values
    where process.threads.contains(where: { $0.wait.kind == .file }) {
      host.mounts[process.process] = ProcMountInfo(
        of: process.process, through: scope.moments.second)
    }
  }

  private func table(
    about sample: Sample, _ kernel: any Kernel, _ gaps: inout [Gap]
  ) throws(KernelError) -> SocketTable {
    var table = SocketTable(count: sample.census.sockets + sample.listeners.count)
    for place in scope.places {
      var found: [Gap] = []
      let listening = SocketQuery(
        netids: [.tcp, .udp, .unix], states: .listening, details: .attributes, namespace: place)
      try scope.source.list(listening, through: kernel, gaps: &found) {
        (socket) throws(KernelError) in
        table.insert(socket)
      }
      let query = SocketQuery(
        netids: [.tcp, .udp, .unix],
        states: StateSet.connected.subtracting(StateSet(.timeWait)), details: .tcp,
        namespace: place)
      try scope.source.list(query, through: kernel, gaps: &found) {
        (socket) throws(KernelError) in
        table.insert(socket)
      }
      for gap in found where !gaps.contains(gap) { gaps.append(gap) }
    }
    return table
  }

  /// The owners of what looks suspicious, and of what the target names.
  private func firstProcesses(
    of asked: Set<UInt32>, _ host: HostObservation, _ gaps: [Gap]
  ) -> [Int32] {
    var wanted: Set<Int32> = Set(focus?.process.map { [$0] } ?? [])
    for inode in asked {
      for owner in host.holders(of: inode).prefix(Self.mostProcesses) {
        wanted.insert(owner.process)
      }
    }
    for inode in sessions(host) {
      for owner in host.holders(of: inode).prefix(2) { wanted.insert(owner.process) }
    }
    // Where processes cannot be seen, relatives of the owners may share their listeners.
    if gaps.contains(where: { $0.kind == .owners }) {
      let listeners = suspects.listeners.filter { !host.holders(of: $0).isEmpty }
      let holders = Set(listeners.flatMap { host.holders(of: $0).map(\.process) })
      wanted.formUnion(Relatives(processList: host.processList).of(holders))
    }
    for stopped in suspects.halted where holdsListener(stopped.process, host) {
      wanted.insert(stopped.process)
    }
    return wanted.sorted()
  }

  /// Where requests go unanswered, all connections of that listener: one session may wait for
  /// another one.
  private func sessions(_ host: HostObservation) -> Set<UInt32> {
    var listeners: Set<UInt32> = []
    for inode in suspects.unanswered {
      guard let row = host.table.socket(inode: inode) else { continue }
      if let listener = host.table.listener(of: row) { listeners.insert(listener.inode) }
    }
    guard !listeners.isEmpty else { return [] }
    var found: Set<UInt32> = []
    for socket in host.table.sockets where socket.inode != 0 && socket.state == .established {
      guard found.count < Self.mostProcesses, let listener = host.table.listener(of: socket),
        listeners.contains(listener.inode)
      else { continue }
      found.insert(socket.inode)
    }
    return found
  }

  private func meant(_ host: HostObservation) -> Set<UInt32> {
    guard let focus else { return [] }
    var inodes: Set<UInt32> = []
    for socket in host.table.sockets where socket.inode != 0 && focus.includes(socket) {
      inodes.insert(socket.inode)
      if inodes.count >= Self.mostProcesses { break }
    }
    return inodes
  }

  private func holdsListener(_ process: Int32, _ host: HostObservation) -> Bool {
    host.last.listeners.contains { listener in
      host.owners.owners(of: listener.socket.inode).contains { $0.process == process }
    }
  }

  /// The queues once more, with the connections that wait in them.
  private func lookAgain(_ host: inout HostObservation, _ gaps: inout [Gap]) throws(KernelError) {
    let kernel = scope.moments.second
    if scope.moments.isLive {
      host.samples += 1
      host.last = try Sample.take(scope, through: kernel, settings: host.settings)
    }
    let crowded = Set(
      host.last.listeners.filter { ($0.acceptQueue?.length ?? 0) > 0 }.map(\.socket.inode))
    guard !crowded.isEmpty else { return }
    let survey = ListenerSurvey.Scope(
      [.tcp, .unixStream, .unixSeqpacket], in: scope.places, from: scope.source, through: kernel)
    let detailed = try ListenerSurvey.survey(survey, listsWaiting: true, gaps: &gaps) {
      crowded.contains($0.inode)
    }
    let byInode = Dictionary(
      detailed.map { ($0.socket.inode, $0) }, uniquingKeysWith: { one, _ in one })
    for number in host.last.listeners.indices {
      if let better = byInode[host.last.listeners[number].socket.inode] {
        host.last.listeners[number] = better
      }
    }
  }

  /// What TCP measured on the connections that matter, and whose turn it is there: one more dump
  /// of the host's connections.
  private func measure(_ host: inout HostObservation) throws(KernelError) {
    var wanted = suspects.sockets
    for process in host.processes.values { wanted.formUnion(process.sockets.keys) }
    for place in scope.places {
      let query = SocketQuery(
        netids: .tcp, states: StateSet.connected.subtracting(StateSet(.timeWait)), details: .tcp,
        namespace: place)
      var (metrics, talks) = (host.metrics, host.conversations)
      try scope.source.list(query, through: scope.moments.second) {
        (socket) throws(KernelError) in
        guard socket.inode != 0, wanted.contains(socket.inode), let tcp = socket.details?.tcp
        else { return }
        metrics[socket.inode] = tcp
        talks[socket.inode] = Conversation(socket)
      }
      (host.metrics, host.conversations) = (metrics, talks)
    }
  }

  private func noteDenied(_ host: HostObservation, _ gaps: inout [Gap]) {
    let opaque = host.processes.values.filter(\.isOpaque).count
    guard opaque > 0 else { return }
    gaps.append(
      Gap(
        missing: "what the threads of \(Phrase.count(opaque, "process", "processes")) do",
        reason: "permission denied", remedy: scope.moments.second.remedyForDenial))
  }
}

/// The processes under suspicion at both samples.
struct ProcessSamples {
  private let first: ProcessProbe
  private let second: ProcessProbe
  private var before: [Int32: ProcessSnapshot] = [:]
  private var now: [Int32: ProcessSnapshot] = [:]

  init(first: any Kernel, second: any Kernel) {
    self.first = ProcessProbe(through: first)
    self.second = ProcessProbe(through: second)
  }

  var count: Int { before.count }

  /// Reads a process unless that has been done; answers whether it did.
  mutating func take(_ process: Int32) -> Bool {
    guard before[process] == nil, let snapshot = first.probe(process) else { return false }
    before[process] = snapshot
    return true
  }

  func snapshots(_ processes: [Int32]) -> [ProcessSnapshot] { processes.compactMap { before[$0] } }

  /// Always in one order: a recording gives the answers to a question that was asked again, what
  /// time it is, in the order in which they came.
  mutating func lookAgain() {
    for process in before.keys.sorted() { now[process] = second.probe(process) }
  }

  /// There is only one sample: what moved is not known.
  mutating func lookOnce() { (now, before) = (before, [:]) }

  /// Those that still live.
  var cases: [Int32: ObservedProcess] {
    now.reduce(into: [:]) { cases, found in
      cases[found.key] = ObservedProcess(found.value, before: before[found.key])
    }
  }
}

/// What two samples of a host have in common that should have gone away between them.
struct Suspicion {
  /// Listeners whose queue does not drain, or that are full; by inode.
  var listeners: Set<UInt32> = []
  /// Connections that have an owner and did not move.
  var sockets: Set<UInt32> = []
  /// Processes that are stopped and may own a listener.
  var halted: [ProcStat] = []

  /// Accepted connections on which a request has not been answered for a while.
  var unanswered: Set<UInt32> = []

  var isEmpty: Bool { listeners.isEmpty && sockets.isEmpty && halted.isEmpty && unanswered.isEmpty }

  init(_ first: Sample, _ second: Sample, _ host: HostProcesses) {
    halted = host.stopped
    unanswered = second.unanswered
    let before = first.listenersByInode
    for listener in second.listeners {
      guard let old = before[listener.socket.inode] else { continue }
      if Self.isSuspicious(old, listener) { listeners.insert(listener.socket.inode) }
    }
    for (key, now) in second.notable where now.inode != 0 {
      guard let old = first.notable[key], Self.isStill(old, now) else { continue }
      sockets.insert(now.inode)
    }
    for (inode, now) in second.notableUnix {
      guard let old = first.notableUnix[inode], Self.isStill(old, now) else { continue }
      sockets.insert(inode)
    }
  }

  private static func isSuspicious(_ before: Listener, _ now: Listener) -> Bool {
    if before.socket.netid == .udp { return before.drops != now.drops }
    if before.drops != now.drops { return true }
    return (before.acceptQueue?.length ?? 0) > 0 && (now.acceptQueue?.length ?? 0) > 0
  }

  /// The same bytes, or more of them, wait at both ends of the interval.
  private static func isStill(_ before: Socket, _ now: Socket) -> Bool {
    guard before.state == now.state, before.inode == now.inode else { return false }
    if now.state == .closeWait || now.state == .synSent { return true }
    let received = (before.unread ?? 0, now.unread ?? 0)
    let sent = (before.unacknowledged ?? 0, now.unacknowledged ?? 0)
    return (received.0 > 0 && received.1 >= received.0) || (sent.0 > 0 && sent.1 >= sent.0)
  }
}
