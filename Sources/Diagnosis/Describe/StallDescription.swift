import ProcNet

/// Requests that are not answered, in sentences: who waits, for whom, since when.
struct StallDescription {
  let host: HostObservation
  let stall: Stall

  init(_ host: HostObservation, _ stall: Stall) { (self.host, self.stall) = (host, stall) }

  private var path: WaitPath { stall.path }

  /// `31 requests to 127.0.0.1:8080 have not been answered for up to 4.6 s`.
  var waiting: String {
    Phrase.unanswered(stall.requests.count, to: stall.listener.name, for: stall.oldest)
  }

  /// `gateway (pid 12) waits for python3 (pid 34) at 127.0.0.1:9000, which waits for a lock`; nil
  /// where no cause can be seen.
  var cause: String? {
    guard let first = path.links.first else { return nil }
    if !stall.herd.isEmpty { return herd }
    guard path.links.count > 1 || waitsForOther(first) else {
      return "\(doer(first)) \(EndDescription(host).clause(path.end))"
    }
    var text = "\(first.process.text) "
    text += "waits for \(target(first))"
    for link in path.links.dropFirst().dropLast() { text += ", which waits for \(target(link))" }
    return text + ending
  }

  /// The process, or the thread where that has a name of its own.
  private func doer(_ link: ChainLink) -> String {
    guard let thread = link.thread, thread != link.process.process else { return link.process.text }
    let name = WaitDescription(host).name(thread, of: link.process)
    return name.hasSuffix(")") ? "\(name) of \(link.process.text)" : link.process.text
  }

  private var herd: String {
    let name = stall.herd.first?.process.text ?? "a process"
    return "\(Phrase.count(stall.herd.count, "thread")) of \(name) wait for one lock"
  }

  private func waitsForOther(_ link: ChainLink) -> Bool {
    link.waitsFor?.process.map { $0.process != link.process.process } ?? false
  }

  /// The last step: what the root cause does.
  private var ending: String {
    guard path.links.count > 1, let last = path.links.last else {
      return path.links.count == 1 && path.end.isKnown ? tail(of: path.end) : ""
    }
    switch path.end {
    // The last step is that of a thread at rest: it says nothing of the request.
    case .upstream(_, let process) where last.process == process: return tail(of: path.end)
    case .accepting: return tail(of: path.end)
    case .upstream, .remote, .silent, .queue, .pipe, .lock(.some), .cycle, .ownQueue:
      return ", which waits for \(target(last))\(tail(of: path.end))"
    default: return ", which \(EndDescription(host).clause(path.end))"
    }
  }

  private func tail(of end: WaitEnd) -> String {
    switch end {
    case .silent: ", which sends nothing"
    case .unacknowledged: ", which acknowledges nothing"
    case .upstream: ", which does not answer"
    case .accepting: ", which waits for a new connection instead of answering"
    default: ""
    }
  }

  private func target(_ link: ChainLink) -> String {
    guard let target = link.waitsFor else { return "something that cannot be seen" }
    return target.text
  }

  /// Who owes the answers.
  var owing: String {
    let names = Phrase.list(stall.processes.map(\.text), most: 6)
    let one = stall.processes.count == 1
    return "\(names) \(one ? "has" : "have") read \(stall.requests.count == 1 ? "it" : "them")"
  }

  /// The path to the root cause, one sentence a step.
  var steps: [String] {
    path.links.map { link in
      let thread =
        link.thread.map { thread in
          thread == link.process.process
            ? "" : ", \(WaitDescription(host).name(thread, of: link.process)),"
        } ?? ""
      return "\(link.process.text)\(title(link.process))\(thread) \(link.waiting)."
    }
  }

  /// What a session does; many servers write it into its command line.
  private func title(_ process: ProcessName) -> String {
    guard let line = host.processes[process.process]?.snapshot.commandLine,
      SessionTitle(line) != .other
    else { return "" }
    return " (\"\(String(rawBytes: line.prefix(120)))\")"
  }

  /// Threads that wait for a lock beside those that the chain begins with; nil when there are none.
  var beside: String? {
    let count = min(stall.beside, stall.requests.count - stall.engaged)
    guard count > 0, stall.engaged > 0, stall.pool == nil, stall.herd.isEmpty else { return nil }
    // What stops the others then is that it computes, not what it has.
    if case .processor = path.end { return nil }
    return
      """
      \(Phrase.count(count, "more thread")) \(count == 1 ? "has" : "have") been waiting for a lock \
      since a request came, probably for one that \(stall.engaged == 1 ? "the first" : "one of these") \
      holds.
      """
  }

  /// Clients that gave up meanwhile; nil when none has.
  var abandoned: String? {
    let count = stall.abandoned
    guard count > 0 else { return nil }
    return
      """
      \(Phrase.count(count, "client")) \(count == 1 ? "has" : "have") hung up without an answer: \
      \(count == 1 ? "that connection stays" : "those connections stay") in CLOSE-WAIT until the \
      server closes \(count == 1 ? "it" : "them").
      """
  }

  /// `both connections to 127.0.0.1:5432 are in use, and 10 threads wait for one`; nil without one.
  var poolTitle: String? {
    stall.pool.map { pool in
      let use = poolUse(pool)
      let idle = pool.idleInTransaction.isEmpty ? "" : ", idle in transaction"
      guard pool.waiting > 0 else { return use + idle }
      return "\(use)\(idle), and \(Phrase.count(pool.waiting, "thread")) "
        + "\(pool.waiting == 1 ? "waits" : "wait") for one"
    }
  }

  /// The same as sentences, with the sessions and clients at its ends.
  var pool: String? {
    guard let pool = stall.pool, let title = poolTitle else { return nil }
    var text = title.prefix(1).uppercased() + title.dropFirst() + "."
    if !pool.idleInTransaction.isEmpty {
      let names = Phrase.list(pool.idleInTransaction.map(\.text), most: 4)
      text += " At the other end \(names) \(pool.idleInTransaction.count == 1 ? "is" : "are") idle "
      text += "in transaction."
    }
    if !pool.suspects.isEmpty {
      let names = Phrase.list(pool.suspects.map { Peers(host).text(of: $0) }, most: 4)
      text += " Clients that may have left them open: \(names)."
    }
    return text
  }

  private func poolUse(_ pool: ConnectionPool) -> String {
    let count = pool.connections.count
    let peer =
      pool.connections.first.map {
        $0.netid.isUnix ? Peers(host).serverPath(of: $0) : SocketName.endpoint($0.peer)
      } ?? "its server"
    let all =
      count == 1
      ? "the only connection" : count == 2 ? "both connections" : "all \(count) connections"
    return "\(all) to \(peer) \(count == 1 ? "is" : "are") in use"
  }

  var evidence: [Evidence] {
    var facts = stall.requests.prefix(4).map { request in
      Evidence(
        "request not answered for", request.since, unit: "ms",
        source: "tcpi_last_data_recv and tcpi_last_data_sent"
      ).of(process: stall.processes.first?.process).on(request.socket)
    }
    for link in path.links.prefix(8) {
      let thread = link.thread ?? link.process.process
      facts.append(
        Evidence(
          "thread \(link.process.name)", link.call ?? "waits for an answer",
          source: link.thread == nil
            ? "tcpi_last_data_sent < tcpi_last_data_recv"
            : "/proc/\(link.process.process)/task/\(thread)/syscall"
        ).of(process: link.process.process, thread: link.thread, descriptor: link.descriptor))
    }
    for thread in stall.herd.prefix(8) {
      facts.append(
        Evidence(
          "waits for a lock at", thread.wait.address.map { "0x\(String($0, radix: 16))" } ?? "?",
          source: "/proc/\(thread.process.process)/task/\(thread.thread)/syscall"
        ).of(process: thread.process.process, thread: thread.thread))
    }
    return facts
  }
}
