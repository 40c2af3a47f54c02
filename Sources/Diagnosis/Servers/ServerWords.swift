import ProcNet

/// What there is to say of a server that does not keep up, whatever keeps it.
struct ServerWords {
  let file: CaseFile
  let server: ServerCase
  var listener: ListenerCase { server.listener }
  private var queue: AcceptQueue? { listener.listener.acceptQueue }

  init(_ file: CaseFile, _ server: ServerCase) {
    self.file = file
    self.server = server
  }

  /// `Meanwhile 6 connections wait in the accept queue (limit 5, full; the oldest for 61 s; 2 of
  /// them have given up), and 15 attempts were dropped at this listener.`
  var waiting: String {
    var facts: [String] = []
    if let limit = listener.limit {
      facts.append("limit \(limit)\(listener.isFullNow ? ", full" : "")")
    }
    if let oldest = queue?.oldest { facts.append("the oldest for \(Words.duration(oldest))") }
    if let gone = queue?.abandoned, gone > 0 {
      let who = gone == listener.length && gone > 1 ? "all" : "\(gone)"
      facts.append("\(who) of them \(gone == 1 ? "has" : "have") given up")
    }
    let number = Words.count(listener.length, "connection")
    let aside = facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))"
    return
      """
      Meanwhile \(number) \(listener.length == 1 ? "waits" : "wait") in the accept \
      queue\(aside)\(drops).
      """
  }

  private var drops: String {
    guard let all = listener.listener.drops, all > 0 else { return "" }
    let fresh = listener.newDrops ?? 0
    let recent =
      fresh > 0 && file.span != nil
      ? ", \(fresh) of them in the last \(Words.duration(file.span ?? 0))" : ""
    return
      """
      , and \(Words.count(all, "attempt")) to connect \(all == 1 ? "was" : "were") dropped at this \
      listener\(recent)
      """
  }

  /// `python3 (pid 3040) is a serial server: one thread accepts and serves.`
  var shape: String {
    "\(processNames) \(server.shape.isMany ? "are" : "is") \(server.shape.text)."
  }

  /// One process by name, several by their common name and numbers.
  var processNames: String {
    let members = server.members.map(\.process.name)
    if members.count == 1 { return members[0].text }
    let name = Words.commonName(members.map(\.name)) ?? "processes"
    return "\(name) (pids \(Words.list(members.map { "\($0.process)" }, most: 8)))"
  }

  /// The facts about the queue that every finding about a server rests on.
  var evidence: [Evidence] {
    let socket = listener.socket
    var facts: [Evidence] = [
      Evidence(
        "accept queue", listener.length, unit: "connections",
        source: QueueTelling.lengthSource(socket))
    ]
    if let limit = listener.limit {
      facts.append(
        Evidence(
          "accept queue limit", limit, unit: "connections",
          source: socket.netid.isUnix ? "sock_diag udiag_wqueue" : "sock_diag idiag_wqueue"))
    }
    if let oldest = queue?.oldest {
      facts.append(
        Evidence("oldest connection waits", oldest, unit: "ms", source: "tcpi_last_data_sent"))
    }
    if let drops = listener.listener.drops {
      facts.append(
        Evidence("drops at this listener", drops, unit: "packets", source: "SK_MEMINFO_DROPS"))
    }
    return facts.map { $0.on(socket) }
  }

  /// What a thread was seen in, with process, thread, descriptor and connection.
  func evidence(of obstacle: Obstacle) -> [Evidence] {
    let thread = obstacle.thread
    let process = thread.process.process
    let path = "/proc/\(process)/task/\(thread.thread)"
    let awaited = AwaitedTarget(file).socket(of: thread)
    var facts = [
      Evidence(
        "thread \(thread.process.name)", WaitWords.call(thread) ?? "unknown",
        source: thread.wait.isHalted ? "\(path)/stat" : "\(path)/syscall"
      ).of(process: process, thread: thread.thread, descriptor: awaited?.descriptor)
    ]
    if let row = awaited.flatMap({ file.table.socket(inode: $0.inode) }) {
      facts[0] = facts[0].on(row)
      facts += peer(of: row, process, awaited?.descriptor)
    }
    if thread.isSteady == true, let interval = file.interval {
      facts.append(
        Evidence(
          "did not move for", interval, unit: "ms", source: "\(path)/status ctxt_switches"
        ).of(process: process, thread: thread.thread))
    }
    if let ticks = thread.ticks, thread.wait.kind == .running {
      facts.append(
        Evidence("processor time", ticks * 10, unit: "ms", source: "\(path)/stat utime+stime")
          .of(process: process, thread: thread.thread))
    }
    return facts
  }

  private func peer(of row: Socket, _ process: Int32, _ descriptor: Int32?) -> [Evidence] {
    var facts: [Evidence] = []
    if let name = Peers(file).process(of: row) {
      facts.append(
        Evidence("process at the other end", name.text, source: "/proc/\(name.process)/fd")
          .of(process: name.process).on(row))
    }
    if let silent = file.metrics[row.inode]?[.lastDataRecv] {
      facts.append(
        Evidence("last data received", silent, unit: "ms ago", source: "tcpi_last_data_recv")
          .of(process: process, descriptor: descriptor).on(row))
    }
    return facts
  }
}
