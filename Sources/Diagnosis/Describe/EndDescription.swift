import ProcNet

/// The end of a wait chain in words, for titles and stories.
struct EndDescription {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// What a thread waits for itself, and not what is at the far end of a longer chain.
  func headline(_ path: WaitPath) -> String {
    let age = path.links.first?.since
    guard path.links.count > 1, let target = path.links[0].waitsFor else {
      return headline(path.end, age)
    }
    switch path.end {
    case .ownQueue, .cycle: return headline(path.end, age)
    default: break
    }
    let time = age.map { " \(Phrase.duration($0))" } ?? ""
    switch target.kind {
    case .connection, .remote: return "has been waiting\(time) for an answer from \(target.text)"
    case .acceptQueue: return "has been waiting\(time) in \(target.text)"
    default: return "waits for \(target.text)"
    }
  }

  /// What completes "has been waiting for …" or stands alone.
  private func headline(_ end: WaitEnd, _ age: UInt64?) -> String {
    let time = age.map { " \(Phrase.duration($0))" } ?? ""
    switch end {
    case .silent: return "has been waiting\(time) for one silent client"
    case .notReading: return "has been waiting\(time) for a client that does not read its answer"
    case .remote(let socket, let isClient):
      let peer = Phrase.endpoint(socket.peer)
      return isClient
        ? "has been waiting\(time) for the client \(peer)"
        : "has been waiting\(time) for an answer from \(peer)"
    case .unacknowledged(let socket):
      return "waits for \(Phrase.endpoint(socket.peer)), which has not acknowledged what it sent"
    case .connecting(let socket):
      return "waits in connect to \(Phrase.endpoint(socket.peer)), which does not answer"
    case .upstream(let socket, let process):
      return "has been waiting\(time) for an answer from \(process.text) at \(place(socket))"
    case .accepting(let socket, let thread):
      return "has been waiting\(time) for an answer from \(thread.process.text) at \(place(socket))"
    case .processor(let thread): return WaitDescription(host).doing(thread)
    case .timer(let thread):
      return "sleeps\(thread.wait.call.map { " in \($0)()" } ?? "") and does nothing else"
    case .halted(let thread):
      return "waits for \(thread.process.text), which \(WaitDescription(host).doing(thread))"
    case .disk: return "waits for a disk or a file system"
    case .fileSystem, .fifo, .output, .input, .standby, .memory: return clause(end)
    case .child(let process):
      return "waits for \(process.map { "its child \($0.text)" } ?? "a child process")"
    case .lock(let process):
      return "waits for a lock\(process.map { " that \($0.text) has" } ?? "")"
    case .pipe(let process): return "waits for \(process.text) at the other end of a pipe"
    case .ownQueue: return "waits for an answer from itself"
    case .cycle: return "waits in a ring of servers that wait for each other"
    case .queue(let name): return "waits in the accept queue of \(name.text)"
    case .idle: return "has nothing to do, as far as its calls show"
    case .unknown: return "does something that cannot be seen"
    }
  }

  /// Where the root cause is; nil when it is in the server itself.
  func elsewhere(_ path: WaitPath) -> String? {
    guard path.links.count > 1, let last = path.links.last else { return nil }
    return
      """
      The wait chain ends at \
      \(last.process.text)\
      \(thread(last)): \
      it \(atEnd(path.end, last.process)).
      """
  }

  private func atEnd(_ end: WaitEnd, _ process: ProcessName) -> String {
    if case .upstream(_, process) = end {
      return "has the request, and why it does not answer cannot be seen"
    }
    return clause(end)
  }

  private func thread(_ link: ChainLink) -> String {
    guard let thread = link.thread, thread != link.process.process else { return "" }
    return ", \(WaitDescription(host).name(thread, of: link.process))"
  }

  /// What the end of a chain does, as a clause without its subject: `sleeps in nanosleep()`.
  func clause(_ end: WaitEnd) -> String {
    switch end {
    case .silent(let socket, let process):
      return "waits for its client \(process.text) at \(place(socket)), which sends nothing"
    case .notReading(_, let process):
      return "sends to its client \(process.text), which does not read"
    case .remote(let socket, let isClient):
      return "waits for \(isClient ? "its client" : "an answer from") "
        + "\(Phrase.endpoint(socket.peer)), which is not on this host"
    case .unacknowledged(let socket):
      return """
        has sent data to \(Phrase.endpoint(socket.peer)) that is not acknowledged: either the data \
        or the acknowledgement is lost
        """
    case .connecting(let socket):
      return "waits for \(Phrase.endpoint(socket.peer)) to answer its SYN"
    case .accepting(let socket, let thread):
      let isUnread = (host.table.opposite(of: socket)?.unread ?? 0) > 0
      return """
        has \(isUnread ? "not read" : "read") the request and waits in \(thread.wait.call ?? "accept")() \
        for a new connection instead of answering
        """
    case .upstream(let socket, let process):
      return "waits for \(process.text) at \(place(socket)); what that one does cannot be seen"
    case .processor(let thread), .timer(let thread), .disk(let thread), .halted(let thread),
      .memory(let thread), .fileSystem(let thread), .fifo(let thread), .output(let thread),
      .input(let thread):
      return WaitDescription(host).doing(thread)
    case .child(let process): return "waits for \(process?.text ?? "a child process")"
    case .lock(let process):
      let owner = process.map { "that \($0.text) has" } ?? "whose owner cannot be seen"
      return "waits for a lock \(owner)"
    case .standby:
      return "waits for a synchronous standby to confirm (its title says so)"
    case .pipe(let process): return "waits for \(process.text) at the other end of a pipe"
    case .ownQueue: return "waits for itself"
    case .cycle(let ring): return "is one of \(ring.count) that wait for each other in a ring"
    case .queue(let name): return "waits in the accept queue of \(name.text)"
    case .idle(let thread): return "\(WaitDescription(host).doing(thread)), as idle servers do"
    case .unknown: return "waits for something that cannot be seen"
    }
  }

  /// How to free at once a thread at the end of a chain that waits for a silent client; nil when it
  /// waits for something else.
  func freeing(_ path: WaitPath) -> String? {
    guard case .silent(let socket, let client) = path.end else { return nil }
    guard !socket.netid.isUnix else { return "To free it now, end the client \(client.text)." }
    return "To free it now, end the client \(client.text), or close its connection: "
      + Self.closing(SocketName(socket))
  }

  /// `sockinspect kill 'sport = :9000 and dport = :35628'`, in backquotes: it is not wrapped.
  static func closing(_ connection: SocketName) -> String {
    let peer = connection.peer.map { " and dport = :\($0.port)" } ?? ""
    return "`sockinspect kill 'sport = :\(connection.local.port)\(peer)'`"
  }

  private func place(_ socket: Socket) -> String {
    socket.netid.isUnix ? Phrase.path(socket.path, socket.inode) : Phrase.endpoint(socket.peer)
  }
}
