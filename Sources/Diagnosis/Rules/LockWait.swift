import ProcNet

/// Threads that should serve wait for one lock.
struct LockWait: Rule {
  static let kind = FindingKind(
    id: "lock-wait", rank: .resource, severities: [.notice],
    title: "Threads wait for a lock",
    means: "Threads that should serve wait for a lock that somebody holds.",
    condition:
      """
      While work is queued, threads that ought to serve slept in futex on one and the same \
      address, in flock or fcntl on one file, or in semop, in both samples. Sleeping in futex alone \
      is normal for idle threads and is never reported.
      """,
    explanation:
      """
      A lock makes threads take turns. If its holder waits for something slow while it holds it, \
      such as a client, a disk, or another server, all others wait as long. The kernel does not \
      say who holds a futex; for files `/proc/locks` does. A thread of the same program that is \
      not waiting for the lock, but for something else, is the likely holder, and what it waits \
      for is the cause.
      """,
    remedy: [
      "Sample at the thread that does not wait for the lock.",
      "Do not hold a lock across reads, writes and calls to other servers.",
      """
      Locks of a database: look for sessions that are idle in a transaction, and give those a \
      time-out.
      """,
    ],
    avoid: ["add threads: they queue at the same lock."],
    check: ["grep . /proc/PID/task/*/syscall", "cat /proc/locks"],
    demo: ["pool-lock", "upstream-chain"])

  /// By itself the sleep of a thread at a lock is nothing: a server behind which work waits must be
  /// kept by it, or a chain of waiting must lead to it.
  func findings(in host: HostObservation) -> [Finding] {
    var seen: Set<Lock> = []
    var found: [Finding] = []
    for server in host.servers where BlockKind.of(server) != .none {
      for blocker in server.blockers {
        let path = WaitChain.follow(blocker.thread, in: host)
        for link in path.links where link.waitsFor?.kind == .lock {
          guard let thread = thread(link, host), isKept(thread, host),
            let lock = Lock(thread, host),
            seen.insert(lock).inserted
          else { continue }
          found.append(finding(host, server, thread, lock))
        }
      }
    }
    return found
      + Sessions.find(in: host).filter { !$0.holders.isEmpty }.map {
        SessionLock(host: host, sessions: $0).make()
      }
  }

  /// A lock by its place.
  private struct Lock: Hashable {
    var process: Int32
    var address: UInt64

    init?(_ thread: ObservedThread, _ host: HostObservation) {
      guard let address = thread.wait.address else { return nil }
      guard thread.wait.kind == .fileLock else {
        (process, self.address) = (thread.process.process, address)
        return
      }
      // A lock on a file is one for all processes, whatever their descriptors are: told by who
      // has it.
      process = 0
      self.address = UInt64(max(host.lockHolder(inTheWayOf: thread.process.process) ?? 0, 0))
    }
  }

  /// It wants a lock, and does not merely sleep as helpers do.
  private func isKept(_ thread: ObservedThread, _ host: HostObservation) -> Bool {
    if thread.wait.kind == .fileLock || IdleSleep.isMutex(thread) { return true }
    guard let process = host.processes[thread.process.process] else { return false }
    return Deadlock.threads(of: process).contains { $0.thread == thread.thread }
  }

  private func thread(_ link: ChainLink, _ host: HostObservation) -> ObservedThread? {
    host.processes[link.process.process]?.threads.first { $0.thread == link.thread }
  }

  private func finding(
    _ host: HostObservation, _ server: Server, _ thread: ObservedThread, _ lock: Lock
  ) -> Finding {
    let waiters = waiters(thread, lock, host)
    let path = WaitChain.follow(thread, in: host)
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
    finding.story += [EndDescription(host).elsewhere(path)].compactMap(\.self)
    finding.evidence = waiters.prefix(16).map { waiter in
      Evidence(
        "waits for a lock", WaitDescription.call(waiter) ?? "futex",
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

  private func place(_ thread: ObservedThread) -> String {
    if thread.wait.kind == .fileLock {
      return "for a lock on a file, in \(thread.wait.call ?? "flock")()"
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
    if thread.wait.kind == .fileLock, processes.count > 1 {
      let numbers = processes.sorted().map { "\($0)" }
      return "\(processes.count) processes (pids \(Phrase.list(numbers, most: 8)))"
    }
    return "\(Phrase.count(waiters.count, "thread")) of \(thread.process.text)"
  }

  private func holder(_ path: WaitChain.Path, of thread: ObservedThread) -> String {
    guard path.links.count > 1 else { return "" }
    let next = path.links[1]
    // Of a lock on a file the kernel knows who has it.
    if thread.wait.kind == .fileLock { return " on a file that \(next.process.text) holds" }
    let owner = next.process == path.links[0].process ? "its" : "\(next.process.text)'s"
    return " that \(owner) thread \(next.thread ?? next.process.process) probably holds"
  }
}

/// The form of `lock-wait` in which sessions of a server wait for another session.
struct SessionLock {
  let host: HostObservation
  let sessions: Sessions

  private typealias Session = Sessions.Session
  private var listener: ObservedListener { sessions.listener }

  func make() -> Finding {
    let longest = sessions.waiting.map(\.silent).max() ?? 0
    let number = Phrase.count(sessions.waiting.count, "session")
    var finding = Finding(
      LockWait.kind, .notice,
      """
      \(number) behind \(listener.name.text) \(sessions.waiting.count == 1 ? "has" : "have") not \
      answered for \(Phrase.duration(longest)), probably for a lock\(holderTitle)
      """,
      about: .listener(listener.name), confidence: .possible)
    finding.story = [waiterStory, holderStory]
    finding.evidence = sessions.waiting.prefix(8).flatMap(waiterEvidence)
    finding.evidence += sessions.holders.prefix(8).flatMap(holderEvidence)
    finding.chain = chain
    let numbers = (sessions.waiting + sessions.holders).prefix(8).map {
      "\($0.process.process)"
    }
    finding.check =
      sessions.waiting.prefix(1).map { "cat /proc/\($0.process.process)/syscall" }
      + ["ps -o pid,args \(numbers.joined(separator: " "))"]
    return finding
  }

  private var holderTitle: String {
    guard let holder = sessions.holders.first, sessions.holders.count == 1 else {
      return " that one of \(sessions.holders.count) idle sessions holds"
    }
    return
      """
       that \(holder.process.name.text) holds while it waits for its client \
      \(Peers(host).text(of: holder.socket))
      """
  }

  private var waiterStory: String {
    let who = sessions.waiting.map { session in
      """
      \(session.process.name.text)\(title(session)) for \(client(session)), since \
      \(Phrase.duration(session.silent))
      """
    }
    return
      """
      Each has read a request and sleeps since, without looking at its client and without moving: \
      \(Phrase.list(who, most: 4)). What it waits for is in the server's own memory and does not \
      show; sessions of one server that wait like this mostly wait for a lock.
      """
  }

  private var holderStory: String {
    let who = sessions.holders.map { session in
      """
      \(session.process.name.text)\(title(session)), whose client \(client(session)) has said \
      nothing for \(Phrase.duration(session.silent))
      """
    }
    return
      """
      Silent for longer, and so the possible \
      \(sessions.holders.count == 1 ? "holder" : "holders"): \(Phrase.list(who, most: 4)).
      """
  }

  private func client(_ session: Session) -> String { Peers(host).text(of: session.socket) }

  /// Servers often write into their command line what a session does.
  private func title(_ session: Session) -> String {
    guard let line = session.process.snapshot.commandLine, !line.isEmpty else { return "" }
    return " (\"\(String(decoding: line.prefix(120), as: UTF8.self))\")"
  }

  private func waiterEvidence(_ session: Session) -> [Evidence] {
    let process = session.process.process
    return [
      Evidence(
        "request not answered for", session.silent, unit: "ms",
        source: "tcpi_last_data_recv < tcpi_last_data_sent"
      ).of(process: process, descriptor: session.descriptor).on(session.socket),
      Evidence(
        "sleeps in", WaitDescription.call(session.thread) ?? "unknown",
        source: "/proc/\(process)/syscall, without its client's descriptor"
      ).of(process: process, thread: session.thread.thread),
    ]
  }

  private func holderEvidence(_ session: Session) -> [Evidence] {
    let process = session.process.process
    return [
      Evidence(
        "its client is silent for", session.silent, unit: "ms", source: "tcpi_last_data_recv"
      ).of(process: process, descriptor: session.descriptor).on(session.socket)
    ]
      + (Peers(host).process(of: session.socket).map {
        [
          Evidence("client", $0.text, source: "/proc/\($0.process)/fd").of(process: $0.process)
            .on(session.socket)
        ]
      } ?? [])
  }

  private var chain: [ChainLink] {
    guard let waiter = sessions.waiting.first, let holder = sessions.holders.first else {
      return []
    }
    return [
      ChainLink(
        process: waiter.process.name, thread: waiter.thread.thread,
        call: WaitDescription.call(waiter.thread), descriptor: nil, since: waiter.silent,
        waitsFor: ChainLink.Target(
          .lock, "a lock, possibly of \(holder.process.name.text)", process: holder.process.name)),
      ChainLink(
        process: holder.process.name, thread: holder.thread.thread,
        call: WaitDescription.call(holder.thread), descriptor: holder.descriptor,
        since: holder.silent,
        waitsFor: ChainLink.Target(
          .connection, Peers(host).text(of: holder.socket), socket: SocketName(holder.socket),
          process: Peers(host).process(of: holder.socket))),
    ]
  }
}
