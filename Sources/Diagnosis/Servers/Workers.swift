import ProcNet

/// The busy workers of a server, grouped by what they wait for.
struct Workers {
  let file: CaseFile
  /// One for each worker.
  let obstacles: [Obstacle]
  /// `processes` or `threads`.
  let word: String
  /// Largest first; those that only wait for room among the others last.
  let groups: [Group]

  struct Group {
    var label: String
    var obstacles: [Obstacle]
    var path: WaitChain.Path

    /// `3 wait for silent clients`, `1 waits for a silent client`.
    var text: String {
      let count = obstacles.count
      return "\(count) \(count == 1 ? WorkerWords.ofOne(label) : label)"
    }
  }

  init(_ file: CaseFile, _ server: ServerCase) {
    self.file = file
    let members = server.members.filter { !$0.process.isHalted && !$0.obstacles.isEmpty }
    if members.count > 1 {
      word = "worker processes"
      obstacles = members.compactMap { Self.main($0) }
    } else {
      word = "worker threads"
      obstacles = members.first?.obstacles ?? []
    }
    groups = Self.grouped(obstacles, file)
  }

  var count: Int { obstacles.count }
  var isCertain: Bool { obstacles.allSatisfy { $0.thread.isSteady == true } }

  /// Of a process with several busy threads the one that works on a connection.
  private static func main(_ member: ServerMember) -> Obstacle? {
    member.obstacles.first { $0.isAccepted } ?? member.obstacles.first
  }

  private static func grouped(_ obstacles: [Obstacle], _ file: CaseFile) -> [Group] {
    var groups: [Group] = []
    for obstacle in obstacles {
      let path = WaitChain.follow(obstacle.thread, in: file)
      let label = WorkerWords.label(obstacle, path, file)
      if let place = groups.firstIndex(where: { $0.label == label }) {
        groups[place].obstacles.append(obstacle)
      } else {
        groups.append(Group(label: label, obstacles: [obstacle], path: path))
      }
    }
    return groups.sorted { $0.obstacles.count > $1.obstacles.count }
  }

  /// `all 3 worker processes wait for silent clients`, or who does what.
  var headline: String {
    let all = count == 2 ? "both" : "all \(count)"
    if groups.count == 1 { return "\(all) \(word) \(groups[0].label)" }
    return "\(all) \(word) are busy: \(Words.list(groups.map(\.text), most: 3))"
  }

  /// The same with who they are.
  var sentence: String {
    Words.list(
      groups.map { group in
        let who = group.obstacles.map(who)
        return "\(group.text) (\(Words.list(who, most: 4)))"
      }, most: 4)
  }

  private func who(_ obstacle: Obstacle) -> String {
    let thread = obstacle.thread
    let number =
      thread.thread == thread.process.process
      ? "pid \(thread.process.process)" : "thread \(thread.thread)"
    guard let awaited = AwaitedTarget(file).socket(of: thread), let socket = obstacle.socket else {
      return number
    }
    let age = WaitAge.of(awaited, file).map { " for \(Words.duration($0))" } ?? ""
    return "\(number)\(age) on fd \(awaited.descriptor) for \(Peers(file).text(of: socket))"
  }
}

/// What a worker waits for, in words that several workers share.
enum WorkerWords {
  /// The same of a single worker.
  static func ofOne(_ label: String) -> String {
    switch label {
    case "wait for silent clients": return "waits for a silent client"
    case "send to clients that do not read": return "sends to a client that does not read"
    case "are stopped": return "is stopped"
    case "cannot be looked at": return label
    default:
      let verb = label.prefix { $0 != " " }
      return "\(verb)s\(label.dropFirst(verb.count))"
    }
  }

  static func label(_ obstacle: Obstacle, _ path: WaitChain.Path, _ file: CaseFile) -> String {
    let wait = obstacle.thread.wait
    switch wait.kind {
    case .send: return "send to clients that do not read"
    case .running: return "compute"
    case .timer: return "sleep\(wait.call.map { " in \($0)()" } ?? "")"
    case .lock: return "wait for a lock"
    case .fileLock: return "wait for a lock on a file"
    case .disk: return "wait for a disk"
    case .child: return "wait for a child process"
    case .stopped, .traced, .frozen: return "are stopped"
    case .unknown: return "cannot be looked at"
    default: break
    }
    if obstacle.isAccepted { return "wait for silent clients" }
    guard let target = path.links.first?.waitsFor else { return "wait for something unseen" }
    if let socket = target.socket, target.kind == .acceptQueue {
      return "wait in the accept queue of \(socket.text)"
    }
    if let socket = obstacle.socket, !socket.netid.isUnix {
      return "wait for an answer from \(Words.endpoint(socket.peer))"
    }
    return "wait for \(target.text)"
  }
}
