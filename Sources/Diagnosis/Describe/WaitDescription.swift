import ProcNet

/// What a thread does, in words.
struct WaitDescription {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// `thread 21024 (GC Thread#0)`; without the name where it is that of its process.
  func name(_ thread: Int32, of process: ProcessName) -> String {
    let own = host.processes[process.process]?.threads.first { $0.thread == thread }?.ownName ?? ""
    return own.isEmpty || own == process.name ? "thread \(thread)" : "thread \(thread) (\(own))"
  }

  /// `sleeps in recvfrom() on fd 4, the connection from 127.0.0.1:35628 (python3, pid 3135)`.
  func doing(_ thread: ObservedThread) -> String {
    let wait = thread.wait
    let call = wait.call.map { "\($0)()" } ?? "a system call"
    switch wait.kind {
    case .running: return computing(thread)
    case .stopped: return "is stopped (SIGSTOP, or Ctrl-Z in its terminal)"
    case .traced: return "is stopped by a debugger\(tracer(thread))"
    case .frozen: return "is frozen by its cgroup"
    case .timer where wait.isSignalWait: return "sleeps in \(call) until a signal comes"
    case .timer:
      return "sleeps in \(call)\(polled(thread) ?? ", waiting for time to pass")\(timeout(wait))"
    case .lock where wait.semaphoreSet != nil: return "waits for \(wait.lockName) in \(call)"
    case .lock: return "waits for a lock in \(call)\(address(wait))"
    case .fileLock:
      return "waits for a lock on \(host.lockedPath(by: thread) ?? "a file") in \(call)"
    case .child: return "waits for \(child(thread)) in \(call)\(timeout(wait))"
    case .memory: return "waits for memory: its control group is at its limit\(group(thread))"
    case .disk: return "is in uninterruptible sleep (a disk, or a file system elsewhere)"
    case .file: return "is stuck in \(call) on \(host.place(of: thread))"
    case .fifo where wait.opensFIFO:
      return "waits in \(call) for another process to open \(host.fifo(of: thread))"
    case .fifo: return "waits in \(call) for data from \(host.fifo(of: thread))"
    case .accept: return "waits in \(call) for a new connection"
    case .receive, .send, .connect, .any: return onDescriptors(thread, call)
    case .other: return "sleeps in \(call)"
    case .unknown: return "does something that cannot be seen"
    }
  }

  /// A loop of short sleeps of a process that has a locked file open.
  private func polled(_ thread: ObservedThread) -> String? {
    host.polledLock(of: thread.process.process).map {
      " again and again, with \($0.path) open, which \(host.name($0.holder).text) has locked"
    }
  }

  private func onDescriptors(_ thread: ObservedThread, _ call: String) -> String {
    if let output = thread.wait.output {
      return "is blocked in \(call) to fd \(output.descriptor), \(host.name(of: output))"
    }
    if let input = thread.wait.input {
      return "waits in \(call) for input at \(host.name(of: input))"
    }
    switch host.target(of: thread) {
    case .connection(let awaited): return onConnection(awaited, thread, call)
    case .pair(let awaited):
      return "waits in \(call) on fd \(awaited.descriptor) for its child\(children(thread))"
    case .pipe(let inode, let descriptor, let reads):
      return """
        waits in \(call) on fd \(descriptor), a pipe\(holder(inode, thread, reads: reads))
        """
    case .clients: return "waits in \(call) for \(clients(thread))"
    case .feeds: return "waits in \(call) for data on \(count(thread)) that it opened"
    case .wakeUp, .hidden, nil: break
    }
    if let other = thread.wait.others.first, thread.wait.kind != .any {
      return "sleeps in \(call) on fd \(other.descriptor), \(host.name(of: other))"
    }
    return "waits in \(call) for an event"
  }

  private func clients(_ thread: ObservedThread) -> String {
    thread.wait.sockets.count > 1 ? "any of \(count(thread))" : "a client"
  }

  private func count(_ thread: ObservedThread) -> String {
    Phrase.count(thread.wait.sockets.count, "socket")
  }

  private func children(_ thread: ObservedThread) -> String {
    host.processList.children(of: thread.process.process).last.map {
      " \(host.name($0.process).text)"
    } ?? ""
  }

  private func holder(_ pipe: UInt64, _ thread: ObservedThread, reads: Bool) -> String {
    let others = host.pipes.holders(of: pipe).filter {
      $0.process != thread.process.process && (reads ? $0.writes : $0.reads) == true
    }
    return others.last.map { " that \(host.name($0.process).text) \(reads ? "writes" : "reads")" }
      ?? ""
  }

  private func onConnection(
    _ awaited: AwaitedSocket, _ thread: ObservedThread, _ call: String
  ) -> String {
    guard let row = host.table.socket(inode: awaited.inode) else {
      return "waits in \(call) for one socket"
    }
    let direction = host.isOutgoing(row) ? "to" : "from"
    let state = row.state == .synSent ? " not yet answered" : ""
    return
      """
      sleeps in \(call) on fd \(awaited.descriptor), the connection \(direction) \
      \(Peers(host).text(of: row))\(state)
      """
  }

  private func group(_ thread: ObservedThread) -> String {
    guard let group = host.processes[thread.process.process]?.snapshot.controlGroup else {
      return ""
    }
    return " (\(String(rawBytes: group)))"
  }

  private func computing(_ thread: ObservedThread) -> String {
    guard let ticks = thread.ticks, let interval = host.interval, interval > 0 else {
      return "is busy computing"
    }
    let share = "\(min(ObservedThread.share(ofTicks: ticks, interval), 100)) % of one CPU"
    guard let shortage = CPUShortage(thread, in: host) else {
      return "is busy computing (\(share))"
    }
    return "is ready to run and gets \(share): \(shortage.clause)"
  }

  private func tracer(_ thread: ObservedThread) -> String {
    guard let tracer = thread.snapshot.tracer, tracer > 0 else { return "" }
    return ", \(host.name(tracer).text)"
  }

  private func timeout(_ wait: Wait) -> String {
    if case .after(let time) = wait.timeout { return " (at most \(Phrase.duration(time)))" }
    return ""
  }

  private func address(_ wait: Wait) -> String {
    wait.address.map { " at 0x\(String($0, radix: 16))" } ?? ""
  }

  private func child(_ thread: ObservedThread) -> String {
    let number =
      thread.wait.child ?? host.processList.children(of: thread.process.process).last?.process
    return number.map { "its child \(host.name($0).text)" } ?? "a child process"
  }
}

extension ChainLink {
  /// ` in recvfrom() on fd 4 for 127.0.0.1:5432 (postgres, pid 9)`.
  var place: String {
    "\(call.map { " in \($0)()" } ?? "")\(descriptor.map { " on fd \($0)" } ?? "") "
      + "for \(waitsFor?.text ?? "the next")"
  }

  /// `has been waiting 4 s in recvfrom() on fd 4 for …`, as far as it is known.
  var waiting: String {
    switch waitsFor?.kind {
    case .processor: return "computes"
    case .stopped: return "is \(call ?? "stopped")"
    case .memory: return "waits for memory"
    default: break
    }
    return (since.map { "has been waiting \(Phrase.duration($0))" } ?? "waits") + place
  }
}

/// What the threads of a process do, in one sentence that counts those that do the same.
struct ProcessActivity {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// nil when the process was not read, or its threads cannot be seen.
  func sentence(_ process: Int32?) -> String? {
    guard let process = process.flatMap({ host.processes[$0] }), !process.threads.isEmpty,
      !process.isOpaque
    else { return nil }
    let words = WaitDescription(host)
    var counts: [String: Int] = [:]
    for thread in process.threads { counts[words.doing(thread), default: 0] += 1 }
    if counts.count == 1, let only = counts.first {
      return only.value == 1
        ? "Its only thread \(only.key)." : "Each of its \(only.value) threads \(only.key)."
    }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let parts = order.map { "\($0.value == 1 ? "one" : "each of \($0.value)") \($0.key)" }
    return "Its \(process.threads.count) threads: \(Phrase.list(parts, most: 4))."
  }
}

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
