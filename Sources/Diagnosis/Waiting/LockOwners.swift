import ProcNet

/// Finds the thread that probably has a lock for which other threads of its process wait.
///
/// The kernel does not know: taking a free lock makes no system call. What is left is elimination.
struct LockOwners {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// The thread that the lock itself names; else the one thread of the process that waits for
  /// something else than locks; nil when no thread or several do.
  func holder(of waiter: ObservedThread) -> ObservedThread? {
    guard let process = host.processes[waiter.process.process] else { return nil }
    if let named = waiter.wait.likelyHolder, named != waiter.thread,
      let thread = process.threads.first(where: { $0.thread == named })
    {
      return thread
    }
    let others = process.threads.filter { thread in
      thread.thread != waiter.thread
        && (thread.wait.kind == .timer || host.isAtWork(thread) || asks(thread, process))
    }
    return others.count == 1 ? others[0] : nil
  }

  /// It waits for input at a terminal since a request came. A console of the server waits longer.
  private func asks(_ thread: ObservedThread, _ process: ObservedProcess) -> Bool {
    guard thread.wait.input != nil, let asleep = thread.asleep else { return false }
    return LockHerd.matches(host.owedAges(by: process), [asleep]) == 1
  }
}

extension HostObservation {
  /// The thread that computes while others of its process pass one lock around: each of them wakes
  /// again and again, gets nowhere, and waits for that thread rather than for the lock. So do threads
  /// that a garbage collector stops, or that an interpreter lets run in turns. nil where there is
  /// none, and where the lock stands still.
  func runner(before waiter: ObservedThread) -> ObservedThread? {
    guard waiter.hasWoken == true, waiter.stays(.lock),
      let process = processes[waiter.process.process]
    else { return nil }
    return process.threads.filter { $0.thread != waiter.thread && $0.burns(over: interval) }
      .max { ($0.ticks ?? 0, $1.thread) < ($1.ticks ?? 0, $0.thread) }
  }

  /// The process that has the lock on a file for which another one waits.
  func lockHolder(inTheWayOf process: Int32) -> Int32? {
    locks.holders(inTheWayOf: process).compactMap(\.process).first { $0 != process }
  }

  /// The file that a thread waits to lock, by its path.
  func lockedPath(by thread: ObservedThread) -> String? {
    thread.wait.others.first.map { name(of: $0) }
  }

  /// The lock on a file that a process seems to wait for in short sleeps: it has the file open, and
  /// another process has it locked for writing.
  func polledLock(of process: Int32) -> (path: String, holder: Int32)? {
    let found = lockedFiles[process]?.first { file in
      file.lock.isForWriting && file.isSameDevice != false && file.holder != nil
        && file.holder != process
    }
    guard let found, let holder = found.holder else { return nil }
    return (String(rawBytes: found.path), holder)
  }

  /// What a call of the file system is stuck on: the path, and the mount that it is on.
  func place(of thread: ObservedThread) -> String {
    guard let path = thread.wait.path else { return "a file" }
    let text = String(rawBytes: path)
    guard let mount = mounts[thread.process.process]?.mount(of: path) else { return text }
    let folder = String(rawBytes: mount.folder)
    let type = String(rawBytes: mount.type)
    let source = String(rawBytes: mount.source)
    return "\(text) (mount \(folder), type \(type), from \(source))"
  }

  /// `the FIFO /srv/jobs`.
  func fifo(of thread: ObservedThread) -> String {
    "the FIFO \(thread.wait.path.map { String(rawBytes: $0) } ?? "")"
  }

  /// A descriptor other than a socket, in words: `the terminal /dev/pts/3`, `/var/log/x`, `a pipe`.
  func name(of other: AwaitedOther) -> String {
    switch other.target {
    case .pipe: "a pipe"
    case .eventPoll: "an epoll instance"
    case .terminal: "the terminal \(other.target.name)"
    default: other.target.name
    }
  }
}

/// A process whose threads all sleep at locks without a time-out.
///
/// By its number and arguments an idle thread's futex looks like one that waits for a lock. But
/// where not one thread of a server waits for a socket, a pipe, a signal or time, nothing from
/// outside can wake any of them: they wait for each other.
enum Deadlock {
  /// Those of the threads that share an address with another; all where none does. None when the
  /// process is not in a deadlock.
  static func threads(of process: ObservedProcess) -> [ObservedThread] {
    guard process.threads.count > 1, process.threads.allSatisfy(waitsForGood) else { return [] }
    let counts = process.threads.reduce(into: [UInt64: Int]()) { counts, thread in
      counts[thread.wait.address ?? 0, default: 0] += 1
    }
    let shared = process.threads.filter { (counts[$0.wait.address ?? 0] ?? 0) > 1 }
    return shared.isEmpty ? process.threads : shared
  }

  private static func waitsForGood(_ thread: ObservedThread) -> Bool {
    thread.stays(.lock) && thread.wait.timeout == .never && thread.isSteady != false
  }
}

/// What a database session says of itself in its command line, as PostgreSQL's do.
///
/// `postgres: user base 127.0.0.1(5555) UPDATE waiting`. Such words settle what a fact means; a
/// process without them is judged by its calls alone.
enum SessionTitle: Sendable, Hashable {
  /// `… waiting`: for a lock of another session.
  case waitsForLock
  /// `… waiting for 0/1516798`: for a standby to confirm that position of the log.
  case waitsForStandby
  /// `… idle in transaction`: its locks stay.
  case idleInTransaction
  /// `… idle`: outside a transaction it has no row lock.
  case idle
  /// `parallel worker for PID 7`: work goes on.
  case parallelWorker
  case other

  init(_ line: [UInt8]?) {
    guard let line, line.contains(UInt8(ascii: ":")) else {
      self = .other
      return
    }
    let text = String(rawBytes: line.suffix(Self.longest))
    if text.hasSuffix(" waiting") {
      self = .waitsForLock
    } else if Self.isLogPosition(text) {
      self = .waitsForStandby
    } else if text.hasSuffix(" idle in transaction")
      || text.hasSuffix(" idle in transaction (aborted)")
    {
      self = .idleInTransaction
    } else if text.hasSuffix(" idle") {
      self = .idle
    } else {
      self = text.contains("parallel worker for PID ") ? .parallelWorker : .other
    }
  }

  private static let longest = 200
  /// What a session waits for, as far as its title says.
  static let unknownHolder = "a lock of another session"

  /// Ends in `waiting for X/Y`, both hexadecimal.
  private static func isLogPosition(_ text: String) -> Bool {
    guard let last = text.split(separator: " ").last, text.hasSuffix(" waiting for \(last)") else {
      return false
    }
    let parts = last.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && UInt64($0, radix: 16) != nil }
  }
}

extension HostObservation {
  /// The one connection on which a session serves its client, and that client's row.
  func sessionConnection(of session: ObservedProcess) -> (awaited: AwaitedSocket, row: Socket)? {
    let accepted = session.sockets.compactMap { inode, descriptor -> (AwaitedSocket, Socket)? in
      guard let row = table.socket(inode: inode), row.state == .established,
        isServing(row)
      else { return nil }
      let awaited = AwaitedSocket(
        inode: inode, descriptor: descriptor, forReading: true, forWriting: false)
      return (awaited, row)
    }
    return accepted.count == 1 ? accepted.first : nil
  }

  /// Sessions of the same server that may have what this one waits for, the likeliest first: those
  /// in a transaction whose client is silent, then those that wait for something else than a lock.
  func sessionsInTheWay(of session: ObservedProcess) -> [ObservedProcess] {
    let siblings = processes.values.filter {
      $0.process != session.process && $0.snapshot.parent == session.snapshot.parent
    }
    func titled(_ title: SessionTitle) -> [ObservedProcess] {
      siblings.filter { SessionTitle($0.snapshot.commandLine) == title }.sorted {
        silence(of: $0) > silence(of: $1)
      }
    }
    let known = titled(.idleInTransaction) + titled(.waitsForStandby)
    return known.isEmpty ? atWork(siblings, before: session) : known
  }

  /// The one session that has been at work since before this one began to wait; none when several
  /// could be it.
  private func atWork(
    _ siblings: [ObservedProcess], before session: ObservedProcess
  ) -> [ObservedProcess] {
    guard let since = owing(session) else { return [] }
    let older = siblings.filter { sibling in
      SessionTitle(sibling.snapshot.commandLine) == .other
        && owing(sibling).map { $0 >= since } ?? false
    }
    return older.count == 1 ? older : []
  }

  private func owing(_ session: ObservedProcess) -> UInt64? {
    sessionConnection(of: session).flatMap { conversation($0.row.inode)?.owing }
  }

  private func silence(of session: ObservedProcess) -> UInt64 {
    sessionConnection(of: session).flatMap { conversation($0.row.inode)?.received } ?? 0
  }
}
