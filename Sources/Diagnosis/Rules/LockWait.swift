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
    return found
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
    if let freeing = EndDescription(host).freeing(path) { finding.beginRemedy(with: freeing) }
    finding.check = ["grep . /proc/\(thread.process.process)/task/*/syscall"]
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
    return " that \(owner) thread \(next.thread ?? next.process.process) probably has"
  }
}
