import ProcNet

/// The second, costlier part: all sockets, who holds them, and twice the threads of everybody who
/// has to do with what looks suspicious.
struct CloseLook {
  let scope: Investigation.Scope
  let suspects: Suspects
  let focus: Investigation.Focus?

  /// Processes that are looked at; more would say the same again.
  static let mostProcesses = 512
  /// How many steps a chain of waiting is followed across processes.
  static let mostSteps = 12

  func complete(_ file: inout CaseFile, gaps: inout [Gap]) throws(KernelError) {
    let moments = scope.moments
    file.table = try table(moments.second, &gaps)
    file.owners = OwnerIndex.build(through: moments.second, gaps: &gaps)
    var probes = ProcessProbes(first: moments.first, second: moments.second)
    follow(&probes, from: firstProcesses(file, gaps), &file)
    if moments.isLive { moments.wait() }
    if moments.interval == nil { probes.lookOnce() } else { probes.lookAgain() }
    file.processes = probes.cases
    file.interval = moments.interval
    try lookAgain(&file, &gaps)
    file.metrics = try metrics(file, &gaps)
    noteDenied(file, &gaps)
  }

  /// Probes processes, then those that they wait for, and so on.
  private func follow(
    _ probes: inout ProcessProbes, from first: [Int32], _ file: inout CaseFile
  ) {
    let kernel = scope.moments.second
    if let text = try? kernel.contents(of: "/proc/locks") { file.locks = ProcLocks(text) }
    var wave = first
    var pipes: Set<UInt64> = []
    for _ in 0..<Self.mostSteps where !wave.isEmpty && probes.count < Self.mostProcesses {
      let fresh = wave.filter { probes.take($0) }
      let snapshots = probes.snapshots(fresh)
      // Walking all descriptors for pipes is done only when somebody waits at a new one.
      let found = WaitFrontier.pipes(snapshots)
      if !found.isSubset(of: pipes) {
        pipes.formUnion(found)
        file.pipes = PipeHolders.find(pipes, through: kernel)
      }
      wave = WaitFrontier(file).beyond(snapshots)
    }
  }

  private func table(_ kernel: any Kernel, _ gaps: inout [Gap]) throws(KernelError) -> SocketTable {
    var table = SocketTable()
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
        states: StateSet.connected.subtracting(StateSet(.timeWait)), namespace: place)
      try scope.source.list(query, through: kernel, gaps: &found) {
        (socket) throws(KernelError) in
        table.insert(socket)
      }
      for gap in found where !gaps.contains(gap) { gaps.append(gap) }
    }
    return table
  }

  /// Who holds what looks suspicious, and what the question is about.
  private func firstProcesses(_ file: CaseFile, _ gaps: [Gap]) -> [Int32] {
    var wanted: Set<Int32> = Set(focus?.process.map { [$0] } ?? [])
    for inode in suspects.listeners.union(suspects.sockets).union(meant(file)) {
      for owner in file.holders(of: inode).prefix(Self.mostProcesses) {
        wanted.insert(owner.process)
      }
    }
    for inode in sessions(file) {
      for owner in file.holders(of: inode).prefix(2) { wanted.insert(owner.process) }
    }
    // Where processes may not be seen, relatives of the holders may share what they hold.
    if gaps.contains(where: { $0.kind == .owners }) {
      let listeners = suspects.listeners.filter { !file.holders(of: $0).isEmpty }
      let holders = Set(listeners.flatMap { file.holders(of: $0).map(\.process) })
      wanted.formUnion(Kin(host: file.host).of(holders))
    }
    for stopped in suspects.halted where holdsListener(stopped.process, file) {
      wanted.insert(stopped.process)
    }
    return wanted.sorted()
  }

  /// Where requests go unanswered, all connections of that listener: who answers nobody may wait
  /// for somebody else's session.
  private func sessions(_ file: CaseFile) -> Set<UInt32> {
    var listeners: Set<UInt32> = []
    for inode in suspects.unanswered {
      guard let row = file.table.socket(inode: inode) else { continue }
      if let listener = file.table.listener(of: row) { listeners.insert(listener.inode) }
    }
    guard !listeners.isEmpty else { return [] }
    var found: Set<UInt32> = []
    for socket in file.table.sockets where socket.inode != 0 && socket.state == .established {
      guard found.count < Self.mostProcesses, let listener = file.table.listener(of: socket),
        listeners.contains(listener.inode)
      else { continue }
      found.insert(socket.inode)
    }
    return found
  }

  private func meant(_ file: CaseFile) -> Set<UInt32> {
    guard let focus else { return [] }
    var inodes: Set<UInt32> = []
    for socket in file.table.sockets where socket.inode != 0 && focus.includes(socket) {
      inodes.insert(socket.inode)
      if inodes.count >= Self.mostProcesses { break }
    }
    return inodes
  }

  private func holdsListener(_ process: Int32, _ file: CaseFile) -> Bool {
    file.last.listeners.contains { listener in
      file.owners.owners(of: listener.socket.inode).contains { $0.process == process }
    }
  }

  /// The queues once more, with the names of those who wait.
  private func lookAgain(_ file: inout CaseFile, _ gaps: inout [Gap]) throws(KernelError) {
    let kernel = scope.moments.second
    if scope.moments.isLive {
      file.looks += 1
      file.last = try Look.take(scope, through: kernel, settings: file.settings)
    }
    let crowded = Set(
      file.last.listeners.filter { ($0.acceptQueue?.length ?? 0) > 0 }.map(\.socket.inode))
    guard !crowded.isEmpty else { return }
    let survey = ListenerSurvey.Scope(
      [.tcp, .unixStream, .unixSeqpacket], in: scope.places, from: scope.source, through: kernel)
    let called = try ListenerSurvey.survey(survey, callsRoll: true, gaps: &gaps) {
      crowded.contains($0.inode)
    }
    let byInode = Dictionary(
      called.map { ($0.socket.inode, $0) }, uniquingKeysWith: { one, _ in one })
    for number in file.last.listeners.indices {
      if let better = byInode[file.last.listeners[number].socket.inode] {
        file.last.listeners[number] = better
      }
    }
  }

  /// What TCP measured on the connections that matter; one more dump, of which little is kept.
  private func metrics(
    _ file: CaseFile, _ gaps: inout [Gap]
  ) throws(KernelError) -> [UInt32: TCPInfo] {
    var wanted = suspects.sockets
    for process in file.processes.values {
      for thread in process.threads {
        for socket in thread.wait.sockets.prefix(16) { wanted.insert(socket.inode) }
      }
      if process.sockets.count <= 64 { wanted.formUnion(process.sockets.keys) }
    }
    var found: [UInt32: TCPInfo] = [:]
    for place in scope.places {
      let query = SocketQuery(
        netids: .tcp, states: StateSet.connected.subtracting(StateSet(.timeWait)), details: .tcp,
        namespace: place)
      var ignored: [Gap] = []
      try scope.source.list(query, through: scope.moments.second, gaps: &ignored) {
        (socket) throws(KernelError) in
        if socket.inode != 0, wanted.contains(socket.inode), let tcp = socket.details?.tcp {
          found[socket.inode] = tcp
        }
      }
    }
    return found
  }

  private func noteDenied(_ file: CaseFile, _ gaps: inout [Gap]) {
    let opaque = file.processes.values.filter(\.isOpaque).count
    guard opaque > 0 else { return }
    gaps.append(
      Gap(
        missing: "what the threads of \(Words.count(opaque, "process", "processes")) do",
        reason: "permission denied", remedy: Ourselves.isRoot ? nil : "run as root"))
  }
}
