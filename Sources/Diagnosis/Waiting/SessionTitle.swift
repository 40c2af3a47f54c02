import ProcNet

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
