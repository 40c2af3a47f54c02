import ProcNet

/// The busy workers of a server, grouped by what they wait for.
struct Workers {
  let host: HostObservation
  /// One for each worker.
  let blockers: [AcceptBlocker]
  /// `processes` or `threads`.
  let word: String
  /// Largest first.
  let groups: [Group]

  struct Group {
    var label: String
    var blockers: [AcceptBlocker]
    var path: WaitPath

    /// `3 wait for silent clients`, `1 waits for a silent client`.
    var text: String {
      let count = blockers.count
      return "\(count) \(count == 1 ? WorkerLabel.ofOne(label) : label)"
    }
  }

  init(_ host: HostObservation, _ server: Server) {
    self.host = host
    let members = server.members.filter { !$0.process.isHalted && !$0.blockers.isEmpty }
    if members.count > 1 {
      word = "worker processes"
      blockers = members.compactMap { Self.main($0) }
    } else {
      word = "worker threads"
      blockers = members.first?.blockers ?? []
    }
    groups = Self.grouped(blockers, host)
  }

  var count: Int { blockers.count }
  var isCertain: Bool { blockers.allSatisfy { $0.thread.isSteady == true } }

  /// The thread of a process that works on an accepted connection, or else its first busy one.
  private static func main(_ member: ServerProcess) -> AcceptBlocker? {
    member.blockers.first { $0.isAccepted } ?? member.blockers.first
  }

  private static func grouped(_ blockers: [AcceptBlocker], _ host: HostObservation) -> [Group] {
    var groups: [Group] = []
    for blocker in blockers {
      let path = WaitChain.follow(blocker.thread, in: host)
      let label = WorkerLabel.label(blocker, path, host)
      if let place = groups.firstIndex(where: { $0.label == label }) {
        groups[place].blockers.append(blocker)
      } else {
        groups.append(Group(label: label, blockers: [blocker], path: path))
      }
    }
    return groups.sorted { $0.blockers.count > $1.blockers.count }
  }

  /// `all 3 worker processes wait for silent clients`, or what each group waits for.
  var headline: String {
    let all = count == 2 ? "both" : "all \(count)"
    if count == 1, let group = groups.first {
      return "its only worker \(WorkerLabel.ofOne(group.label))"
    }
    if groups.count == 1 { return "\(all) \(word) \(groups[0].label)" }
    return "\(all) \(word) are busy: \(Phrase.list(groups.map(\.text), most: 3))"
  }

  /// What they wait for, group by group: `2 wait for silent clients and 1 computes`.
  var sentence: String { Phrase.list(groups.map(\.text)) }

  /// Each worker, those of the largest group first.
  var rows: [BusyWorker] {
    groups.flatMap { group in group.blockers.map { row($0, WorkerLabel.ofOne(group.label)) } }
  }

  private func row(_ blocker: AcceptBlocker, _ doing: String) -> BusyWorker {
    let thread = blocker.thread
    let own = host.processes[thread.process.process]?.threads
      .first { $0.thread == thread.thread }?.ownName
    var worker = BusyWorker(process: thread.process, thread: thread.thread, doing: doing)
    worker.threadName = own.flatMap { $0.isEmpty || $0 == thread.process.name ? nil : $0 }
    worker.call = thread.wait.call
    guard let awaited = host.awaitedSocket(of: thread), let socket = blocker.socket else {
      return worker
    }
    worker.since = host.age(of: awaited)
    worker.descriptor = awaited.descriptor
    worker.peer = Peers(host).text(of: socket)
    return worker
  }
}

/// A worker of a server that is not free, and why.
public struct BusyWorker: Sendable, Hashable {
  public var process: ProcessName
  public var thread: Int32
  /// The thread's own name, where it has one that is not its process's.
  public var threadName: String?
  /// The system call that it is in: `recvfrom`; nil when it computes, or cannot be seen.
  public var call: String?
  public var descriptor: Int32?
  /// `waits for a silent client`.
  public var doing: String
  /// The other end of the connection that it works on: `127.0.0.1:35628 (curl, pid 3135)`.
  public var peer: String?
  /// Milliseconds for which it has waited; nil where that is not known.
  public var since: UInt64?

  public init(process: ProcessName, thread: Int32, doing: String) {
    (self.process, self.thread, self.doing) = (process, thread, doing)
  }
}

/// What a worker waits for, in words that group workers.
enum WorkerLabel {
  /// The same of a single worker.
  static func ofOne(_ label: String) -> String {
    switch label {
    case "wait for silent clients": return "waits for a silent client"
    case "send to clients that do not read": return "sends to a client that does not read"
    case "are stopped": return "is stopped"
    case let stuck where stuck.hasPrefix("are "): return "is \(stuck.dropFirst(4))"
    case let tries where tries.hasPrefix("try "): return "tries \(tries.dropFirst(4))"
    case "do something that cannot be seen": return "does something that cannot be seen"
    default:
      let verb = label.prefix { $0 != " " }
      return "\(verb)s\(label.dropFirst(verb.count))"
    }
  }

  /// A loop of short sleeps of a process that has a locked file open waits for that lock.
  private static func sleep(_ thread: ObservedThread, _ host: HostObservation) -> String {
    let call = thread.wait.call.map { " in \($0)()" } ?? ""
    guard let lock = host.polledLock(of: thread.process.process) else { return "sleep\(call)" }
    let owner = host.name(lock.holder).text
    return "try again and again to lock \(lock.path), which \(owner) has locked"
  }

  static func label(_ blocker: AcceptBlocker, _ path: WaitPath, _ host: HostObservation)
    -> String
  {
    let wait = blocker.thread.wait
    switch wait.kind {
    case .send:
      return wait.output.map { "write to \(host.name(of: $0)), which takes nothing" }
        ?? "send to clients that do not read"
    case .running: return "compute"
    case .timer: return sleep(blocker.thread, host)
    case .lock: return wait.semaphoreSet == nil ? "wait for a lock" : "wait for \(wait.lockName)"
    case .fileLock:
      return "wait for a lock on \(host.lockedPath(by: blocker.thread) ?? "a file")"
    case .file: return "are stuck on \(host.place(of: blocker.thread))"
    case .fifo: return "wait for the other end of \(host.fifo(of: blocker.thread))"
    case .disk: return "wait for a disk"
    case .memory: return "wait for memory, at the limit of their control group"
    case .child: return "wait for a child process"
    case .stopped, .traced, .frozen: return "are stopped"
    case .unknown: return "do something that cannot be seen"
    default: break
    }
    if let input = wait.input { return "wait for input at \(host.name(of: input))" }
    if blocker.isAccepted { return "wait for silent clients" }
    guard let target = path.links.first?.waitsFor else {
      return "wait for something that cannot be seen"
    }
    if let socket = target.socket, target.kind == .acceptQueue {
      return "wait in the accept queue of \(socket.text)"
    }
    if let socket = blocker.socket, socket.state == .synSent {
      return "wait to be connected to \(Phrase.endpoint(socket.peer))"
    }
    if let socket = blocker.socket, !socket.netid.isUnix {
      return "wait for an answer from \(Phrase.endpoint(socket.peer))"
    }
    return "wait for \(target.text)"
  }
}

/// What helps workers that are all busy, by what they wait for.
enum WorkersRemedy: CaseIterable {
  case clients, upstream, lock, processor

  /// Completes `If they …`.
  var condition: String {
    switch self {
    case .clients: "wait for clients"
    case .upstream: "wait for another server"
    case .lock: "wait for a lock"
    case .processor: "compute"
    }
  }

  var text: String {
    switch self {
    case .clients:
      """
      shorten keep-alive and read time-outs, put a proxy that buffers in front, or use a server \
      model in which an idle connection takes no worker.
      """
    case .upstream: "give those calls time-outs, and look at that server first."
    case .lock: "find the thread that has it; do not keep it while waiting for anything else."
    case .processor: "give them more CPU time, or less work per request."
    }
  }

  /// Those for these workers; nil where one of the groups has none.
  static func text(for groups: [Workers.Group]) -> [String]? {
    let kinds = groups.map(kind)
    guard !kinds.contains(nil) else { return nil }
    return allCases.filter(kinds.contains).map { remedy in
      groups.count == 1
        ? remedy.text.prefix(1).uppercased() + remedy.text.dropFirst()
        : "Those that \(remedy.condition): \(remedy.text)"
    }
  }

  private static func kind(_ group: Workers.Group) -> WorkersRemedy? {
    guard let blocker = group.blockers.first else { return nil }
    switch blocker.thread.wait.kind {
    case .running: return .processor
    case .lock, .fileLock: return .lock
    case .receive, .send, .any: return blocker.isAccepted ? .clients : .upstream
    case .connect: return .upstream
    default: return nil
    }
  }
}
