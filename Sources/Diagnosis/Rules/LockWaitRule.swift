import ProcNet

/// Threads that should serve wait for one lock.
struct LockWaitRule: Rule {
  static let kind = FindingDescription.lockWait

  /// By itself the sleep of a thread at a lock is nothing: a server behind which work waits must be
  /// kept by it, or a chain of waiting must lead to it.
  func findings(in file: CaseFile) -> [Finding] {
    var seen: Set<Lock> = []
    var found: [Finding] = []
    for server in file.servers where Hindrance.of(server) != .none {
      for obstacle in server.obstacles {
        let path = WaitChain.follow(obstacle.thread, in: file)
        for link in path.links where link.waitsFor?.kind == .lock {
          guard let thread = thread(link, file), isKept(thread, file),
            let lock = Lock(thread, file),
            seen.insert(lock).inserted
          else { continue }
          found.append(finding(file, server, thread, lock))
        }
      }
    }
    return found
      + WaitingSessions.find(in: file).filter { !$0.holders.isEmpty }.map {
        SessionLockFinding(file: file, sessions: $0).make()
      }
  }

  /// A lock by its place.
  private struct Lock: Hashable {
    var process: Int32
    var address: UInt64

    init?(_ thread: ThreadCase, _ file: CaseFile) {
      guard let address = thread.wait.address else { return nil }
      guard thread.wait.kind == .fileLock else {
        (process, self.address) = (thread.process.process, address)
        return
      }
      // A lock on a file is one for all processes, whatever their descriptors are: told by who
      // has it.
      process = 0
      self.address = UInt64(max(file.lockHolder(inTheWayOf: thread.process.process) ?? 0, 0))
    }
  }

  /// It wants a lock, and does not merely sleep as helpers do.
  private func isKept(_ thread: ThreadCase, _ file: CaseFile) -> Bool {
    if thread.wait.kind == .fileLock || IdleSleep.isMutex(thread) { return true }
    guard let process = file.processes[thread.process.process] else { return false }
    return Deadlock.threads(of: process).contains { $0.thread == thread.thread }
  }

  private func thread(_ link: ChainLink, _ file: CaseFile) -> ThreadCase? {
    file.processes[link.process.process]?.threads.first { $0.thread == link.thread }
  }

  private func finding(
    _ file: CaseFile, _ server: ServerCase, _ thread: ThreadCase, _ lock: Lock
  ) -> Finding {
    let waiters = waiters(thread, lock, file)
    let path = WaitChain.follow(thread, in: file)
    var finding = Finding(
      Self.kind, .notice,
      """
      \(who(waiters, thread)) \(waiters.count == 1 ? "waits" : "wait") for one lock\
      \(holder(path, of: thread))
      """,
      about: .process(thread.process), confidence: .likely)
    finding.story = [
      """
      \(thread.process.text): \(who(waiters)) \(place(thread)). Sleeping there is no trouble by \
      itself; here work is queued behind it.
      """
    ]
    finding.story += [EndWords(file).elsewhere(path)].compactMap(\.self)
    finding.evidence = waiters.prefix(16).map { waiter in
      Evidence(
        "waits for a lock", WaitWords.call(waiter) ?? "futex",
        source: "/proc/\(waiter.process.process)/task/\(waiter.thread)/syscall"
      ).of(process: waiter.process.process, thread: waiter.thread)
    }
    finding.chain = path.links
    if let freeing = EndWords(file).freeing(path) { finding.beginRemedy(with: freeing) }
    finding.check = ["grep . /proc/\(thread.process.process)/task/*/syscall"]
    return finding
  }

  private func who(_ waiters: [ThreadCase]) -> String {
    let numbers = Words.list(waiters.map { "\($0.thread)" }, most: 8)
    return waiters.count == 1 ? "thread \(numbers) waits" : "threads \(numbers) wait"
  }

  private func place(_ thread: ThreadCase) -> String {
    if thread.wait.kind == .fileLock {
      return "for a lock on a file, in \(thread.wait.call ?? "flock")()"
    }
    let address = thread.wait.address.map { " at 0x\(String($0, radix: 16))" } ?? ""
    return "for a lock in \(thread.wait.call ?? "futex")()\(address)"
  }

  private func waiters(_ thread: ThreadCase, _ lock: Lock, _ file: CaseFile) -> [ThreadCase] {
    let processes =
      lock.process == 0
      ? Array(file.processes.values) : [file.processes[lock.process]].compactMap(\.self)
    return processes.flatMap(\.threads).filter { other in
      other.wait.kind == thread.wait.kind && Lock(other, file) == lock
    }.sorted { $0.thread < $1.thread }
  }

  /// `3 threads of app (pid 10)`; at a lock on a file, processes.
  private func who(_ waiters: [ThreadCase], _ thread: ThreadCase) -> String {
    let processes = Set(waiters.map(\.process.process))
    if thread.wait.kind == .fileLock, processes.count > 1 {
      let numbers = processes.sorted().map { "\($0)" }
      return "\(processes.count) processes (pids \(Words.list(numbers, most: 8)))"
    }
    return "\(Words.count(waiters.count, "thread")) of \(thread.process.text)"
  }

  private func holder(_ path: WaitChain.Path, of thread: ThreadCase) -> String {
    guard path.links.count > 1 else { return "" }
    let next = path.links[1]
    // Of a lock on a file the kernel knows who has it.
    if thread.wait.kind == .fileLock { return " on a file that \(next.process.text) holds" }
    let owner = next.process == path.links[0].process ? "its" : "\(next.process.text)'s"
    return " that \(owner) thread \(next.thread ?? next.process.process) probably holds"
  }
}
