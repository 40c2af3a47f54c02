import ProcNet

/// A server that does not keep up, in sentences and as evidence, whatever the cause.
struct ServerDescription {
  let host: HostObservation
  let server: Server
  var listener: ObservedListener { server.listener }
  private var queue: AcceptQueue? { listener.listener.acceptQueue }

  init(_ host: HostObservation, _ server: Server) {
    self.host = host
    self.server = server
  }

  /// `Meanwhile 6 connections wait in the accept queue (limit 5, full; the oldest for 61 s; 2 of
  /// them have hung up), and 15 attempts to connect were dropped at this listener.`
  var waiting: String {
    var facts: [String] = []
    if let limit = listener.limit {
      facts.append("limit \(limit)\(listener.isFullNow ? ", full" : "")")
    }
    if let oldest = queue?.oldest { facts.append("the oldest for \(Phrase.duration(oldest))") }
    if let gone = queue?.abandoned, gone > 0 {
      let who = gone == listener.length && gone > 1 ? "all" : "\(gone)"
      facts.append("\(who) of them \(gone == 1 ? "has" : "have") hung up")
    }
    let number = Phrase.count(listener.length, "connection")
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
      fresh > 0 && host.span != nil
      ? ", \(fresh) of them in the last \(Phrase.duration(host.span ?? 0))" : ""
    return
      """
      , and \(Phrase.count(all, "attempt")) to connect \(all == 1 ? "was" : "were") dropped at \
      this listener\(recent)
      """
  }

  /// `python3 (pid 3040) is a serial server: one thread accepts and serves.`
  var model: String {
    "\(processNames) \(server.model.isMany ? "are" : "is") \(server.model.text)."
  }

  /// One process by name, several by their common name and numbers.
  var processNames: String {
    let members = server.members.map(\.process.name)
    if members.count == 1 { return members[0].text }
    let name = Phrase.commonName(members.map(\.name)) ?? "processes"
    return "\(name) (pids \(Phrase.list(members.map { "\($0.process)" }, most: 8)))"
  }

  /// The facts about the queue that every finding about a server has.
  var evidence: [Evidence] {
    let socket = listener.socket
    var facts: [Evidence] = [
      Evidence(
        "accept queue", listener.length, unit: "connections",
        source: QueueDescription.lengthSource(socket))
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

  /// The call of a thread, with process, thread, descriptor and connection.
  func evidence(of blocker: AcceptBlocker) -> [Evidence] {
    let thread = blocker.thread
    let process = thread.process.process
    let path = "/proc/\(process)/task/\(thread.thread)"
    let awaited = host.awaitedSocket(of: thread)
    var facts = [
      Evidence(
        "thread \(thread.process.name)", thread.callName ?? "unknown",
        source: thread.wait.isHalted ? "\(path)/stat" : "\(path)/syscall"
      ).of(process: process, thread: thread.thread, descriptor: awaited?.descriptor)
    ]
    if let row = awaited.flatMap({ host.table.socket(inode: $0.inode) }) {
      facts[0] = facts[0].on(row)
      facts += peer(of: row, process, awaited?.descriptor)
    }
    if thread.isSteady == true, let interval = host.interval {
      facts.append(
        Evidence(
          "did not move for", interval, unit: "ms", source: "\(path)/status ctxt_switches"
        ).of(process: process, thread: thread.thread))
    }
    if let time = thread.processorTime, thread.wait.kind == .running {
      facts.append(
        Evidence("processor time", time, unit: "ms", source: "\(path)/stat utime+stime")
          .of(process: process, thread: thread.thread))
    }
    return facts
  }

  private func peer(of row: Socket, _ process: Int32, _ descriptor: Int32?) -> [Evidence] {
    var facts: [Evidence] = []
    if let name = Peers(host).process(of: row) {
      facts.append(
        Evidence("process at the other end", name.text, source: "/proc/\(name.process)/fd")
          .of(process: name.process).on(row))
    }
    if let silent = host.metrics[row.inode]?[.lastDataRecv] {
      facts.append(
        Evidence("last data received", silent, unit: "ms ago", source: "tcpi_last_data_recv")
          .of(process: process, descriptor: descriptor).on(row))
    }
    return facts
  }
}

/// Commands to see by hand what a finding about a server says.
struct ServerChecks {
  let server: Server

  /// The queue as ss shows it.
  var queue: String {
    let socket = server.listener.socket
    if socket.netid.isUnix {
      return "ss -lx | grep -F '\(Phrase.path(socket.path, socket.inode))'"
    }
    return "ss -ltn 'sport = :\(socket.local.port)'"
  }

  func commands(_ blockers: [AcceptBlocker]) -> [String] {
    guard let thread = blockers.first?.thread else { return [queue] }
    let process = thread.process.process
    let folder =
      thread.thread == process ? "/proc/\(process)" : "/proc/\(process)/task/\(thread.thread)"
    if thread.wait.isHalted { return [queue, "grep -E 'State|TracerPid' \(folder)/status"] }
    var commands = [queue]
    if thread.wait.kind == .running {
      commands.append("top -H -p \(process)")
    } else {
      commands.append("cat \(folder)/syscall\(meaning(thread))")
    }
    if let descriptor = thread.wait.sockets.first?.descriptor, thread.wait.epoll == nil {
      commands.append("ls -l /proc/\(process)/fd/\(descriptor)")
    }
    return commands
  }

  /// `  # 45 = recvfrom, 0x4`: the shell takes it for a comment.
  private func meaning(_ thread: ObservedThread) -> String {
    guard let call = thread.snapshot.call, let name = call.name else { return "" }
    let first = call.arguments.first.map { ", 0x\(String($0, radix: 16))" } ?? ""
    return "  # \(call.number) = \(name.rawValue)\(first)"
  }
}
