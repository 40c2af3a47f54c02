import ProcNet

/// Which thread of a server owes the answer on one of its connections.
struct AnsweringThread {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// nil when its threads could not be seen, or none stands out.
  ///
  /// - Parameter since: Milliseconds since the request came, where that is known: a thread that has
  ///   slept for longer has nothing to do with it.
  func thread(of server: ObservedProcess, for inode: UInt32, since: UInt64?) -> ObservedThread? {
    let threads = server.threads
    if threads.count == 1 || server.isHalted { return threads.first }
    if let direct = threads.first(where: { host.awaitedSocket(of: $0)?.inode == inode }) {
      return direct
    }
    let candidates = candidates(in: server, for: inode, since: since)
    if let found = candidates.max(by: { rank($0) < rank($1) }) { return found }
    if let herd = LockHerd(host, server), herd.isProven { return herd.threads.first }
    return threads.first { $0.wait.reads(inode) }
  }

  /// Threads that may be at work on a request.
  func candidates(
    in server: ObservedProcess, for inode: UInt32, since: UInt64?
  ) -> [ObservedThread] {
    let isWatched = host.isWatched(inode, by: server)
    let found = server.threads.filter { isCandidate($0, inode, since, isWatched) }
    return found.isEmpty ? [away(from: inode, server, since)].compactMap(\.self) : found
  }

  /// The thread of an event loop that is at a lock instead of in its wait: no thread waits in the epoll
  /// that watches the connection, and this thread fell asleep when the request came. Idle helpers
  /// sleep at locks as well, since other times.
  private func away(
    from inode: UInt32, _ server: ObservedProcess, _ since: UInt64?
  ) -> ObservedThread? {
    guard let since, server.watched[inode] != nil, !host.isLookedAfter(inode, by: server) else {
      return nil
    }
    let found = server.threads.filter { thread in
      thread.stays(.lock) && thread.isSteady != false && fellAsleep(thread, as: since)
    }
    return found.count == 1 ? found[0] : found.first { $0.thread == server.process }
  }

  /// It waits for something, serves no other client, and began to wait after the request came.
  private func isCandidate(
    _ thread: ObservedThread, _ inode: UInt32, _ since: UInt64?, _ isWatched: Bool
  ) -> Bool {
    if isOlder(thread, since) { return false }
    // The console of a server waits for its next line, since whenever the last one came.
    if thread.wait.input != nil { return fellAsleep(thread, as: since) }
    if host.isIdle(thread) { return false }
    switch thread.wait.kind {
    case .running: return thread.burns(over: host.interval)
    // Helpers sleep as well: it counts only where the connection is out of every set.
    case .timer:
      return host.polledLock(of: thread.process.process) != nil
        || (!isWatched && thread.isSteady != false)
    case .receive, .send, .connect, .any: return isCallFor(inode, thread, since)
    // A wait for a lock that has only just begun does not count.
    case .lock: return thread.stays(.lock) && thread.isSteady != false
    default: return true
    }
  }

  private func isCallFor(_ inode: UInt32, _ thread: ObservedThread, _ since: UInt64?) -> Bool {
    guard let awaited = host.awaitedSocket(of: thread),
      let row = host.table.socket(inode: awaited.inode)
    else { return true }
    guard host.isOutgoing(row) else { return row.inode == inode }
    guard host.isAsked(row) else { return false }
    guard let since, let age = host.age(of: awaited) else { return true }
    return age <= since +| HostObservation.slack
  }

  /// It fell asleep soon after the request came.
  private func fellAsleep(_ thread: ObservedThread, as since: UInt64?) -> Bool {
    guard let since, let asleep = thread.asleep else { return false }
    return LockHerd.matches([since], [asleep]) == 1
  }

  private func isOlder(_ thread: ObservedThread, _ since: UInt64?) -> Bool {
    guard let since, let asleep = thread.asleep else { return false }
    return asleep > since +| HostObservation.slack
  }

  private func rank(_ thread: ObservedThread) -> Int {
    switch thread.wait.kind {
    case .stopped, .traced, .frozen: 8
    case .disk, .memory, .file: 7
    case .send where thread.wait.output != nil: 7
    case .lock, .fileLock: 6
    case .receive, .send, .connect, .any: 5
    case .running: 4
    case .child, .fifo: 3
    default: 1
    }
  }
}

/// Threads of one process that all sleep at one lock, each since its own request came.
///
/// Idle threads of a pool sleep at one address too. What tells them apart is when they fell asleep:
/// right after the requests that the process owes.
struct LockHerd: Sendable {
  let threads: [ObservedThread]
  /// The times at which they fell asleep are those at which requests came.
  let isProven: Bool

  /// Milliseconds that a thread may work on a request before it meets the lock.
  fileprivate static let work: UInt64 = 400
  private static let slack: UInt64 = 60

  /// nil when no two threads share an address.
  init?(_ host: HostObservation, _ process: ObservedProcess) {
    let waiting = process.threads.filter { thread in
      thread.stays(.lock) && thread.wait.timeout == .never && thread.isSteady != false
        && thread.wait.address != nil && host.runner(before: thread) == nil
        && thread.earlier.map { $0.address == thread.wait.address } != false
    }
    let groups = Dictionary(grouping: waiting) { $0.wait.address ?? 0 }
    guard let largest = groups.values.max(by: { ($0.count, $1.thread) < ($1.count, $0.thread) }),
      largest.count > 1
    else { return nil }
    threads = largest.sorted { $0.thread < $1.thread }
    let requests = host.owedAges(by: process)
    let matched = Self.matches(requests, threads.compactMap(\.asleep))
    isProven = matched > 1 && matched * 10 >= min(requests.count, threads.count) * 7
  }

  /// How many requests have a thread of their own that fell asleep soon after they came.
  static func matches(_ requests: [UInt64], _ sleeps: [UInt64]) -> Int {
    matched(requests, sleeps).filter(\.self).count
  }

  /// For each request, the youngest first, whether a thread of its own fell asleep soon after it
  /// came.
  fileprivate static func matched(_ requests: [UInt64], _ sleeps: [UInt64]) -> [Bool] {
    var sleeps = sleeps.sorted()
    return requests.sorted().map { since in
      let earliest = since -| work
      guard let place = sleeps.firstIndex(where: { $0 >= earliest && $0 <= since +| slack }) else {
        return false
      }
      sleeps.remove(at: place)
      return true
    }
  }
}

/// The order of requests that are worked on and of others that wait beside them.
///
/// The others wait for what the first have, or each for its own news: a long poll looks the same.
/// What tells them apart is their order. Who waits for the first came after them, and soon: had they
/// not been in the way, it would have its answer.
struct RequestOrder {
  /// Milliseconds since each came.
  let worked: [UInt64]
  let others: [UInt64]

  /// The others seem to wait behind those that are worked on; nil when there are none to compare.
  var isBehind: Bool? {
    guard let first = others.max(), let oldest = worked.max() else { return nil }
    let earlier = others.count { $0 > oldest +| LockHerd.work }
    return earlier * Self.mostEarlier <= others.count && first *| 2 >= oldest
  }

  /// One in five may have come earlier: locks and pools are not always fair.
  private static let mostEarlier = 5

  /// Requests whose own thread has been in a wait for a lock since they came are the others, but for
  /// those since which a thread has been in a call of its own.
  init(_ requests: [UInt64], parkedFor sleeps: [UInt64], inCallsFor calls: [UInt64] = []) {
    let called = zip(requests.sorted(), LockHerd.matched(requests, calls))
    let rest = called.filter { !$0.1 }.map(\.0)
    let matched = zip(rest, LockHerd.matched(rest, sleeps))
    worked = (called.filter(\.1) + matched.filter { !$0.1 }).map(\.0)
    others = matched.filter(\.1).map(\.0)
  }

  /// Requests for which a thread or a call of their own has been waiting since they came are those
  /// that are worked on; nil where not each of these waits began with a request.
  init?(_ requests: [UInt64], workedOnFor waits: [UInt64]) {
    let matched = zip(requests.sorted(), LockHerd.matched(requests, waits))
    (worked, others) = (matched.filter(\.1).map(\.0), matched.filter { !$0.1 }.map(\.0))
    guard worked.count == waits.count else { return nil }
  }
}

extension [ObservedThread] {
  fileprivate var thread: Int32 { first?.thread ?? 0 }
}

extension HostObservation {
  /// Milliseconds since each request came that a process has read and not answered.
  func owedAges(by process: ObservedProcess) -> [UInt64] {
    process.sockets.keys.compactMap { inode in
      guard let row = table.socket(inode: inode), table.listener(of: row) != nil,
        let talk = conversation(inode), !isWatched(inode, by: process)
      else { return nil }
      return talk.owing
    }
  }
}
