import ProcNet

/// The busy workers of a server, grouped by what they wait for.
struct Workers {
  let host: HostObservation
  /// One for each worker.
  let blockers: [AcceptBlocker]
  /// `processes` or `threads`.
  let word: String
  /// Largest first; those that only wait for room among the others last.
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

  /// Of a process with several busy threads the one that works on a connection.
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

  /// `all 3 worker processes wait for silent clients`, or who does what.
  var headline: String {
    let all = count == 2 ? "both" : "all \(count)"
    if groups.count == 1 { return "\(all) \(word) \(groups[0].label)" }
    return "\(all) \(word) are busy: \(Phrase.list(groups.map(\.text), most: 3))"
  }

  /// The same with who they are.
  var sentence: String {
    Phrase.list(
      groups.map { group in
        let who = group.blockers.map(who)
        return "\(group.text) (\(Phrase.list(who, most: 4)))"
      }, most: 4)
  }

  private func who(_ blocker: AcceptBlocker) -> String {
    let thread = blocker.thread
    let number =
      thread.thread == thread.process.process
      ? "pid \(thread.process.process)" : "thread \(thread.thread)"
    guard let awaited = host.awaitedSocket(of: thread), let socket = blocker.socket
    else {
      return number
    }
    let age = host.age(of: awaited).map { " for \(Phrase.duration($0))" } ?? ""
    return "\(number)\(age) on fd \(awaited.descriptor) for \(Peers(host).text(of: socket))"
  }
}

/// What a worker waits for, in words that several workers share.
enum WorkerLabel {
  /// The same of a single worker.
  static func ofOne(_ label: String) -> String {
    switch label {
    case "wait for silent clients": return "waits for a silent client"
    case "send to clients that do not read": return "sends to a client that does not read"
    case "are stopped": return "is stopped"
    case let stuck where stuck.hasPrefix("are "): return "is \(stuck.dropFirst(4))"
    case let tries where tries.hasPrefix("try "): return "tries \(tries.dropFirst(4))"
    case "cannot be looked at": return label
    default:
      let verb = label.prefix { $0 != " " }
      return "\(verb)s\(label.dropFirst(verb.count))"
    }
  }

  /// A loop of short sleeps beside a locked file waits for that lock.
  private static func sleep(_ thread: ObservedThread, _ host: HostObservation) -> String {
    let call = thread.wait.call.map { " in \($0)()" } ?? ""
    guard let lock = host.polledLock(of: thread.process.process) else { return "sleep\(call)" }
    return "try again and again for \(lock.path), which \(host.name(lock.holder).text) has locked"
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
    case .lock: return "wait for a lock"
    case .fileLock:
      return "wait for a lock on \(host.lockedPath(by: blocker.thread) ?? "a file")"
    case .file: return "are stuck on \(host.place(of: blocker.thread))"
    case .disk: return "wait for a disk"
    case .child: return "wait for a child process"
    case .stopped, .traced, .frozen: return "are stopped"
    case .unknown: return "cannot be looked at"
    default: break
    }
    if blocker.isAccepted { return "wait for silent clients" }
    guard let target = path.links.first?.waitsFor else { return "wait for something hidden" }
    if let socket = target.socket, target.kind == .acceptQueue {
      return "wait in the accept queue of \(socket.text)"
    }
    if let socket = blocker.socket, !socket.netid.isUnix {
      return "wait for an answer from \(Phrase.endpoint(socket.peer))"
    }
    return "wait for \(target.text)"
  }
}

/// What helps workers that are all busy, by what keeps them.
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
      shorten keep-alive and read time-outs, put a proxy that buffers in front, or use a model in \
      which an idle connection costs no worker.
      """
    case .upstream: "give those calls time-outs, and look there first."
    case .lock: "look at who holds it first; do not hold it while waiting for anything else."
    case .processor: "give them more processor time, or less work per request."
    }
  }

  /// Of those that keep these workers; nil where none is known to help.
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
