import ProcNet

/// Finds the stalls of a host.
struct StallFinder {
  let host: HostObservation
  /// Processes that owe answers, ascending, by the listener whose clients wait.
  private var owing: [ShardAddress: [Owing]] = [:]

  private struct Owing {
    let process: ObservedProcess
    let requests: [OpenRequest]
  }

  /// Listeners of one process that are looked at, those with most requests; and stalls of a host.
  private static let mostListeners = 16
  private static let mostStalls = 256

  init(_ host: HostObservation) {
    self.host = host
    for process in host.processes.values.sorted(by: { $0.process < $1.process }) {
      let worst = host.openRequests(of: process).sorted {
        ($1.value.count, $0.key.local.port) < ($0.value.count, $1.key.local.port)
      }
      for (place, requests) in worst.prefix(Self.mostListeners) {
        owing[place, default: []].append(Owing(process: process, requests: requests))
      }
    }
  }

  /// Threads of one process whose chains are followed: more would end at the same places.
  private static let mostThreads = 64

  /// One for each listener and root cause; a stall that is part of a longer one is left out.
  static func stalls(of host: HostObservation) -> [Stall] {
    let finder = StallFinder(host)
    var found = host.listeners.filter { $0.socket.netid == .tcp && $0.listener.shard == 0 }
      .flatMap(finder.stalls)
    if found.count > mostStalls { found = Array(ordered(found).prefix(mostStalls)) }
    return ordered(finder.outermost(found))
  }

  private static func ordered(_ stalls: [Stall]) -> [Stall] {
    stalls.sorted { ($1.requests.count, $1.oldest) < ($0.requests.count, $0.oldest) }
  }

  private func stalls(at listener: ObservedListener) -> [Stall] {
    var groups: [String: Stall] = [:]
    for owing in owing[ShardAddress(of: listener.socket)] ?? [] {
      let process = owing.process
      let stall = stall(listener, process, owing.requests)
      let key = RootKey.text(stall.path)
      guard var known = groups[key] else {
        groups[key] = stall
        continue
      }
      known.processes.append(process.name)
      known.requests = (known.requests + stall.requests).sorted { $0.since > $1.since }
      known.engaged += stall.engaged
      known.beside += stall.beside
      known.apart += stall.apart
      // The root's own request has the shortest way to it; the longest tells most.
      if stall.path.links.count > known.path.links.count { known.path = stall.path }
      groups[key] = known
    }
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }

  private func stall(
    _ listener: ObservedListener, _ process: ObservedProcess, _ requests: [OpenRequest]
  ) -> Stall {
    var stall = Stall(
      listener: listener, processes: [process.name], requests: requests,
      path: WaitPath(links: [], end: .unknown), engaged: 0)
    let working = engaged(process, requests)
    let found = roots(of: process, requests, working)
    if let first = found.first { (stall.path, stall.engaged, stall.herd) = first }
    let parked = parked(process, requests, besides: working)
    (stall.beside, stall.apart) = parked.isBehind ? (parked.count, 0) : (0, parked.count)
    let engaged = found.reduce(0) { $0 + $1.engaged }
    stall.apart += looked(process, requests, working) + engaged - stall.engaged
    if case .processor(let thread) = stall.path.end {
      stall.isAnswering = host.isAnswering(thread.process.process)
    }
    stall.pool = pool(process, requests, engaged: engaged, beside: stall.beside)
    return stall
  }

  private typealias Root = (path: WaitPath, engaged: Int, herd: [ObservedThread])

  /// What its threads, or else its calls, lead to; the likeliest cause first.
  private func roots(
    of process: ObservedProcess, _ requests: [OpenRequest], _ working: [ObservedThread]
  ) -> [Root] {
    if process.isHalted, let first = process.threads.first {
      return [(WaitChain.follow(first, in: host), process.threads.count, [])]
    }
    let oldest = requests.first?.since ?? 0
    var found = grouped(
      working.prefix(Self.mostThreads).map { WaitChain.follow($0, in: host) })
    // Beside several threads with calls of their own they wait for a connection, not for a lock.
    if found.reduce(0, { $0 + $1.engaged }) < 2, let herd = LockHerd(host, process), herd.isProven,
      let first = herd.threads.first
    {
      found.append((WaitChain.follow(first, in: host), herd.threads.count, herd.threads))
    }
    if found.isEmpty {
      for group in host.callGroups(of: process.process, since: oldest) {
        guard let call = group.first else { continue }
        found.append((WaitChain.follow(call, in: host), group.count, []))
      }
    }
    return found.sorted { rank($0) > rank($1) }
  }

  private func rank(_ root: Root) -> Int {
    (root.path.isTrouble ? 2_000_000 : root.path.end.isKnown ? 1_000_000 : 0) + root.engaged
  }

  private func grouped(_ paths: [WaitPath]) -> [Root] {
    Dictionary(grouping: paths, by: RootKey.text).sorted { $0.key < $1.key }.map { _, paths in
      // Several chains may begin at the one thread that computes while the others wait.
      let first = Set(paths.map { $0.links.first?.thread })
      // One thread may wait on its own for what keeps a lock from the others.
      return (paths.first(where: \.isTrouble) ?? paths[0], first.count, [])
    }
  }

  /// The threads that may be at work on these requests.
  private func engaged(
    _ process: ObservedProcess, _ requests: [OpenRequest]
  ) -> [ObservedThread] {
    let finder = AnsweringThread(host)
    if process.threads.count == 1 {
      guard let only = process.threads.first else { return [] }
      return host.isIdle(only) && !WaitChain.follow(only, in: host).end.isKnown ? [] : [only]
    }
    var found: [Int32: ObservedThread] = [:]
    for request in requests.prefix(Self.mostThreads) {
      for thread in finder.candidates(
        in: process, for: request.socket.inode, since: request.since)
      { found[thread.thread] = thread }
    }
    return found.values.sorted { $0.thread < $1.thread }
  }

  // --- pools -------------------------------------------------------------------------------------

  private func pool(
    _ process: ObservedProcess, _ requests: [OpenRequest], engaged: Int, beside: Int
  ) -> ConnectionPool? {
    let idle = idleTransactions(of: process)
    let short = requests.count - engaged
    if engaged > 0, short > 0, beside >= short {
      let calls = host.callGroups(of: process.process, since: requests.first?.since).first ?? []
      let connections = idle.isEmpty ? calls.map(\.socket) : idle.map(\.socket)
      // One connection that others wait for is no pool but a lock.
      guard connections.count > 1 || !idle.isEmpty else { return nil }
      return ConnectionPool(
        connections: connections, waiting: beside, idleInTransaction: idle.map(\.session))
    }
    guard !idle.isEmpty, engaged == 0 else { return nil }
    return ConnectionPool(
      connections: idle.map(\.socket), waiting: 0, idleInTransaction: idle.map(\.session),
      suspects: silentClients(of: process, besides: requests))
  }

  /// Requests whose own thread is in a wait for a lock, with or without a time-out. Idle threads of a
  /// runtime are, too, some since about when a request came on which another thread works.
  private func parked(
    _ process: ObservedProcess, _ requests: [OpenRequest], besides working: [ObservedThread]
  ) -> (count: Int, isBehind: Bool) {
    let asleep = process.threads.filter { $0.stays(.lock) && !$0.wait.isMutex }
      .compactMap(\.asleep)
    let calls = working.filter { !$0.stays(.lock) }.compactMap(\.asleep)
    let order = RequestOrder(requests.map(\.since), parkedFor: asleep, inCallsFor: calls)
    // Where each of them is parked, what keeps them works on none, as a garbage collector does.
    return (order.others.count, order.isBehind ?? leavesUnread(process))
  }

  /// Requests of an event loop that is in its wait: how many of them have nothing to do with those
  /// on which a helper or a call of it works.
  private func looked(
    _ process: ObservedProcess, _ requests: [OpenRequest], _ threads: [ObservedThread]
  ) -> Int {
    let looked = requests.filter { host.isWatched($0.socket.inode, by: process) }
    // Since when a thread computes does not show.
    if threads.contains(where: { $0.wait.kind == .running }) { return looked.count }
    let oldest = requests.first?.since ?? 0
    let calls = host.callGroups(of: process.process, since: oldest).joined()
    let waits = threads.isEmpty ? calls.map(\.since) : threads.map(\.asleep)
    guard !waits.contains(nil),
      let order = RequestOrder(looked.map(\.since), workedOnFor: waits.compactMap(\.self))
    else { return 0 }
    return order.isBehind == false ? order.others.count : 0
  }

  /// A request of another client has been waiting to be read for a while.
  private func leavesUnread(_ process: ObservedProcess) -> Bool {
    process.sockets.keys.contains { inode in
      guard let talk = host.conversation(inode), talk.turn == .unread,
        let row = host.table.socket(inode: inode), host.table.listener(of: row) != nil
      else { return false }
      return talk.received >= Sample.patience
    }
  }

  /// Own connections at whose other end a session says that it is idle in a transaction.
  private func idleTransactions(
    of process: ObservedProcess
  ) -> [(socket: Socket, session: ProcessName)] {
    process.sockets.keys.sorted().compactMap { inode in
      guard let row = host.table.socket(inode: inode), host.isOutgoing(row),
        let other = host.table.opposite(of: row), other.inode != 0,
        let holder = host.answerer(of: other.inode),
        let session = host.processes[holder],
        SessionTitle(session.snapshot.commandLine) == .idleInTransaction
      else { return nil }
      return (row, session.name)
    }
  }

  /// Clients whose turn it is: one to which a proxy has lent a connection sends nothing.
  private func silentClients(
    of process: ObservedProcess, besides requests: [OpenRequest]
  ) -> [Socket] {
    let open = Set(requests.map(\.socket.inode))
    return process.sockets.keys.sorted().compactMap { inode in
      guard !open.contains(inode), let row = host.table.socket(inode: inode),
        row.state == .established, host.table.listener(of: row) != nil,
        let talk = host.conversation(inode), talk.turn == .theirs || talk.turn == .either
      else { return nil }
      return row
    }
  }

  // --- one stall per root ------------------------------------------------------------------------

  /// Without those whose processes another stall's chain passes: that one includes them.
  private func outermost(_ stalls: [Stall]) -> [Stall] {
    var told: [Stall] = []
    for stall in stalls {
      let isPart = stalls.contains { other in
        // Of two that pass each other, as in a ring, the first tells it.
        passes(other, stall) && (!passes(stall, other) || told.contains { isSame($0, other) })
      }
      if !isPart { told.append(stall) }
    }
    return told
  }

  private func isSame(_ one: Stall, _ other: Stall) -> Bool {
    one.listener.socket.inode == other.listener.socket.inode && one.processes == other.processes
  }

  /// Its chain leads through a process that owes what the other stall waits for, and it says no less
  /// of the cause.
  private func passes(_ stall: Stall, _ other: Stall) -> Bool {
    guard stall.listener.socket.inode != other.listener.socket.inode,
      stall.isProven || !other.isProven
    else { return false }
    let passed = Set(stall.path.links.dropFirst().map(\.process.process))
      .union(stall.path.links.compactMap { $0.waitsFor?.process?.process })
    return !passed.isDisjoint(with: other.processes.map(\.process))
  }
}

/// What identifies the root cause at the end of a chain.
enum RootKey {
  static func text(_ path: WaitPath) -> String {
    let last = path.links.last
    let place = last?.waitsFor?.socket?.text ?? ""
    switch path.end {
    case .silent(let row, _), .notReading(let row, _): return "client \(SocketName(row).text)"
    case .remote(let row, _), .unacknowledged(let row), .connecting(let row):
      return "remote \(SocketName.endpoint(row.peer))"
    case .upstream(_, let process): return "process \(process.process)"
    case .accepting(_, let thread): return "process \(thread.process.process)"
    case .lock(nil) where last?.waitsFor?.text == SessionTitle.unknownHolder: return "session lock"
    case .lock(nil) where last?.waitsFor?.semaphoreSet != nil:
      return "semaphore set \(last?.waitsFor?.semaphoreSet ?? 0)"
    case .lock(nil) where last?.waitsFor?.sharedAddress != nil:
      return "shared lock \(last?.waitsFor?.sharedAddress ?? 0)"
    case .lock(let holder): return "lock \(holder?.process ?? last?.process.process ?? 0)"
    case .standby: return "standby"
    case .idle, .unknown: return "rest"
    case .fileSystem(let thread): return "file system \(thread.wait.path ?? [])"
    case .fifo(let thread): return "FIFO \(thread.wait.path ?? [])"
    case .input(let thread): return "input \(thread.process.process)"
    case .output(let thread): return "output \(thread.process.process)"
    case .processor(let thread): return "processor \(thread.process.process)"
    case .timer(let thread): return "timer \(thread.process.process)"
    case .halted(let thread), .disk(let thread), .memory(let thread):
      return "process \(thread.process.process)"
    default: return "\(last?.process.process ?? 0) \(place)"
    }
  }
}
