import ProcNet

/// Threads that should serve wait for one lock.
struct LockWait: Rule {
  static let kind = FindingKind(
    id: "lock-wait", rank: .resource, severities: [.notice],
    title: "Threads wait for a lock",
    means: "Threads that should serve wait for a lock that another thread or process has.",
    condition:
      """
      Clients wait to be accepted or for an answer, and the wait chain leads to a thread that \
      waits for a lock: in flock or fcntl on a file; at a futex as a contended mutex does; in a \
      process all of whose threads sleep at futexes without a time-out; or among threads that \
      fell asleep at one address as requests came. Or it leads to a database session that says \
      that it waits for a lock. Idle threads sleep in futex as well; that alone is not reported.
      """,
    explanation:
      """
      A lock makes threads take turns. If the thread that has it waits for something slow, such \
      as a client, a disk, or another server, all others wait as long. The kernel does not say \
      which thread has a futex; for files `/proc/locks` does. If one thread of the program waits \
      for something else than the lock, it probably has it, and what it waits for is the cause.
      """,
    remedy: [
      "See what the thread that does not wait for the lock does.",
      "Do not keep a lock across reads, writes and calls to other servers.",
      """
      Locks of a database: look for sessions that are idle in a transaction, and give those a \
      time-out.
      """,
    ],
    avoid: ["add threads: they queue at the same lock."],
    check: ["grep . /proc/PID/task/*/syscall", "cat /proc/locks"],
    demo: ["pool-lock", "upstream-chain"])

  /// A thread asleep at a lock is no trouble on its own: the wait chain of a server with
  /// waiting clients must lead to it.
  func findings(in host: HostObservation) -> [Finding] {
    var seen: Set<Lock> = []
    var found: [Finding] = []
    for path in paths(host) {
      for link in path.links where link.waitsFor?.kind == .lock {
        // Of a loop of short sleeps beside a locked file the finding about the server says all.
        guard let thread = thread(link, host), thread.wait.kind != .timer, isKept(thread, host),
          let lock = Lock(thread, host),
          seen.insert(lock).inserted
        else { continue }
        found.append(finding(host, thread, lock))
      }
    }
    return found + sessionLocks(host)
  }

  /// Database sessions that say they wait for a lock, one finding for each server and holder.
  private func sessionLocks(_ host: HostObservation) -> [Finding] {
    var seen: Set<String> = []
    return paths(host).compactMap { path in
      for link in path.links where link.waitsFor?.kind == .lock {
        guard let session = host.processes[link.process.process],
          SessionTitle(session.snapshot.commandLine) == .waitsForLock,
          seen.insert("\(session.snapshot.parent) \(link.waitsFor?.process?.process ?? 0)").inserted
        else { continue }
        return SessionLock(host: host, session: session, link: link).finding
      }
      return nil
    }
  }

  /// The chains of waits that begin where clients wait.
  private func paths(_ host: HostObservation) -> [WaitPath] {
    host.servers.filter { BlockKind.of($0) != .none }.flatMap(\.blockers).map {
      WaitChain.follow($0.thread, in: host)
    } + host.stalls.filter(\.isProven).map(\.path)
  }

  /// A lock by its place.
  private struct Lock: Hashable {
    var process: Int32
    var address: UInt64

    init?(_ thread: ObservedThread, _ host: HostObservation) {
      let polled = host.polledLock(of: thread.process.process)
      // A lock on a file is one for all processes, whatever their descriptors are: its owner
      // identifies it.
      if thread.wait.kind == .fileLock || (thread.wait.kind == .timer && polled != nil) {
        let holder = polled?.holder ?? host.lockHolder(inTheWayOf: thread.process.process)
        (process, address) = (0, UInt64(max(holder ?? 0, 0)))
        return
      }
      guard let address = thread.wait.address else { return nil }
      (process, self.address) = (thread.process.process, address)
    }
  }

  /// It waits for a lock, and does not merely sleep as idle helpers do.
  private func isKept(_ thread: ObservedThread, _ host: HostObservation) -> Bool {
    if host.runner(before: thread) != nil { return false }
    if thread.wait.kind == .fileLock || thread.wait.isMutex { return true }
    guard let process = host.processes[thread.process.process] else { return false }
    return Deadlock.threads(of: process).contains { $0.thread == thread.thread }
      || LockHerd(host, process).map { herd in
        herd.isProven && herd.threads.contains { $0.thread == thread.thread }
      } == true
  }

  private func thread(_ link: ChainLink, _ host: HostObservation) -> ObservedThread? {
    host.processes[link.process.process]?.threads.first { $0.thread == link.thread }
  }

  private func finding(
    _ host: HostObservation, _ thread: ObservedThread, _ lock: Lock
  ) -> Finding {
    let waiters = waiters(thread, lock, host)
    let path = WaitChain.follow(thread, in: host)
    var finding = Finding(
      Self.kind, .notice,
      """
      \(who(waiters, thread)) \(waiters.count == 1 ? "waits" : "wait") for one lock\
      \(holder(path, of: thread, host))
      """,
      about: .process(thread.process), confidence: .likely)
    finding.story = [
      """
      \(thread.process.text): \(who(waiters)) \(place(thread, host)), and clients wait behind it.
      """
    ]
    finding.story += [EndDescription(host).elsewhere(path)].compactMap(\.self)
    finding.evidence = waiters.prefix(16).map { waiter in
      Evidence(
        "waits for a lock", waiter.callName ?? "futex",
        source: "/proc/\(waiter.process.process)/task/\(waiter.thread)/syscall"
      ).of(process: waiter.process.process, thread: waiter.thread)
    }
    finding.chain = path.links
    finding.check = ["grep . /proc/\(thread.process.process)/task/*/syscall"]
    Advice(host, path).apply(to: &finding)
    return finding
  }

  private func who(_ waiters: [ObservedThread]) -> String {
    let numbers = Phrase.list(waiters.map { "\($0.thread)" }, most: 8)
    return waiters.count == 1 ? "thread \(numbers) waits" : "threads \(numbers) wait"
  }

  private func place(_ thread: ObservedThread, _ host: HostObservation) -> String {
    if isOnFile(thread) {
      return "for a lock on \(file(thread, host)), in \(thread.wait.call ?? "flock")()"
    }
    let address = thread.wait.address.map { " at 0x\(String($0, radix: 16))" } ?? ""
    return "for a lock in \(thread.wait.call ?? "futex")()\(address)"
  }

  private func waiters(_ thread: ObservedThread, _ lock: Lock, _ host: HostObservation)
    -> [ObservedThread]
  {
    let processes =
      lock.process == 0
      ? Array(host.processes.values) : [host.processes[lock.process]].compactMap(\.self)
    return processes.flatMap(\.threads).filter { other in
      other.wait.kind == thread.wait.kind && Lock(other, host) == lock
    }.sorted { $0.thread < $1.thread }
  }

  /// `3 threads of app (pid 10)`; at a lock on a file, processes.
  private func who(_ waiters: [ObservedThread], _ thread: ObservedThread) -> String {
    let processes = Set(waiters.map(\.process.process))
    if isOnFile(thread), processes.count > 1 {
      let numbers = processes.sorted().map { "\($0)" }
      return "\(processes.count) processes (pids \(Phrase.list(numbers, most: 8)))"
    }
    return "\(Phrase.count(waiters.count, "thread")) of \(thread.process.text)"
  }

  private func isOnFile(_ thread: ObservedThread) -> Bool {
    thread.wait.kind == .fileLock || thread.wait.kind == .timer
  }

  private func file(_ thread: ObservedThread, _ host: HostObservation) -> String {
    host.polledLock(of: thread.process.process)?.path ?? host.lockedPath(by: thread) ?? "a file"
  }

  private func holder(
    _ path: WaitPath, of thread: ObservedThread, _ host: HostObservation
  ) -> String {
    guard path.links.count > 1 else { return "" }
    let next = path.links[1]
    // The kernel knows which process has a lock on a file.
    if isOnFile(thread) { return " on \(file(thread, host)) that \(next.process.text) has" }
    let owner = next.process == path.links[0].process ? "its" : "\(next.process.text)'s"
    let thread = " that \(owner) thread \(next.thread ?? next.process.process) probably has"
    guard let target = next.waitsFor, target.kind != .lock, target.kind != .unknown else {
      return thread
    }
    if path.links.count == 2 { return thread + ", which \(EndDescription(host).clause(path.end))" }
    return thread + ", which waits for \(target.text)"
  }
}

/// The form of `lock-wait` in which sessions of a database wait for another session.
private struct SessionLock {
  let host: HostObservation
  let session: ObservedProcess
  let link: ChainLink

  /// All sessions of this server that wait for a lock.
  private var waiting: [ObservedProcess] {
    host.processes.values.filter {
      $0.snapshot.parent == session.snapshot.parent
        && SessionTitle($0.snapshot.commandLine) == .waitsForLock
    }.sorted { $0.process < $1.process }
  }

  private var holder: ObservedProcess? {
    link.waitsFor?.process.flatMap { host.processes[$0.process] }
  }

  var finding: Finding {
    let waiting = waiting
    var finding = Finding(
      LockWait.kind, .notice,
      """
      \(Phrase.count(waiting.count, "session")) of \(server) \(waiting.count == 1 ? "waits" : "wait") \
      for a lock\(holding)
      """,
      about: .process(session.name), confidence: holder == nil ? .possible : .likely)
    finding.story = [
      waiting.prefix(4).map { "\($0.name.text)\(title($0))." }.joined(separator: " "),
      holder.map { "It probably has the lock: \($0.name.text)\(title($0))\(client($0))." },
    ].compactMap(\.self)
    finding.evidence = (waiting.prefix(8) + [holder].compactMap(\.self)).map { process in
      Evidence(
        "session", String(rawBytes: process.snapshot.commandLine ?? []),
        source: "/proc/\(process.process)/cmdline"
      ).of(process: process.process)
    }
    if let thread = session.threads.first {
      let path = WaitChain.follow(thread, in: host)
      finding.chain = path.links
      Advice(host, path).apply(to: &finding)
    }
    if let holder {
      finding.remedy.insert(
        "End the transaction of \(holder.name.text): commit, roll back, or end that session.", at: 0
      )
    }
    let numbers = (waiting + [holder].compactMap(\.self)).prefix(8).map { "\($0.process)" }
    finding.check = ["ps -o pid,args \(numbers.joined(separator: " "))"]
    return finding
  }

  private var server: String {
    guard let row = host.sessionConnection(of: session)?.row,
      let listener = host.table.listener(of: row)
    else { return session.name.name }
    return "\(SocketName(listener).text) (\(session.name.name))"
  }

  private var holding: String {
    guard let holder else { return " of another session" }
    return " that \(holder.name.text) probably has\(client(holder))"
  }

  private func client(_ holder: ObservedProcess) -> String {
    guard SessionTitle(holder.snapshot.commandLine) == .idleInTransaction,
      let row = host.sessionConnection(of: holder)?.row
    else { return "" }
    return ", while its client \(Peers(host).text(of: row)) says nothing"
  }

  private func title(_ process: ObservedProcess) -> String {
    guard let line = process.snapshot.commandLine, !line.isEmpty else { return "" }
    let client = host.sessionConnection(of: process).map { " for \(Peers(host).text(of: $0.row))" }
    return " (\"\(String(rawBytes: line.prefix(120)))\")\(client ?? "")"
  }
}
