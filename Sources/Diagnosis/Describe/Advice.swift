import ProcNet

/// What to do, what not to do and how to check, by the root cause at the end of a chain.
///
/// A computing thread, a timer, a lock, a silent client and a lost packet call for different
/// things, whatever the symptom.
struct Advice {
  let host: HostObservation
  let path: WaitPath

  init(_ host: HostObservation, _ path: WaitPath) { (self.host, self.path) = (host, path) }

  /// Replaces the advice for the kind of finding by that for the root cause, where it is known.
  func apply(to finding: inout Finding) {
    let (special, warnings) = (remedy, avoid)
    if !special.isEmpty { finding.remedy = special }
    if !warnings.isEmpty { finding.avoid = warnings }
    for command in check where !finding.check.contains(command) { finding.check.append(command) }
  }

  private var last: ProcessName? { path.links.last?.process }

  var remedy: [String] {
    if let keeper, let special = keeping(keeper) { return special }
    switch path.end {
    case .silent, .notReading:
      return [EndDescription(host).freeing(path)].compactMap(\.self) + [
        "Give every read and write on a client's connection a time-out."
      ]
    case .remote(let row, let isClient):
      return isClient
        ? ["Give every read and write on a client's connection a time-out."]
        : upstream("See why \(SocketName.endpoint(row.peer)) does not answer: ask it directly.")
    case .upstream(_, let process): return upstream("See why \(process.text) does not answer.")
    case .accepting(_, let thread):
      return upstream(
        "See why \(thread.process.text) does not answer: it does one thing at a time, and left this "
          + "request open.")
    case .unacknowledged(let row), .connecting(let row):
      let peer = AddressText.string(row.peer.address.unmapped)
      return [
        "Check the path to \(peer): route, packet filters on both hosts, and whether it is up.",
        "Give connects, reads and writes time-outs (SO_RCVTIMEO, TCP_USER_TIMEOUT).",
      ]
    case .processor(let thread):
      if let shortage = CPUShortage(thread, in: host) { return [shortage.remedy] }
      return [
        "See what \(name(thread)) computes: a profiler or a stack trace of that thread shows it.",
        "Bound the work of one request, or move it out of the thread that serves others.",
      ]
    case .timer(let thread): return timer(thread)
    case .halted(let thread): return [Self.halted(thread)]
    case .disk(let thread), .fileSystem(let thread):
      return [
        """
        See whether \(host.place(of: thread)) answers at all: the device or server behind it may hang, \
        or it is frozen (`fsfreeze -u`). Repair or unmount it.
        """,
        "Do file access that can hang in a thread or process of its own, with a time-out.",
      ]
    case .fifo(let thread):
      return [
        """
        See which program should \(thread.wait.opensFIFO ? "open the other end of" : "write to") \
        \(host.fifo(of: thread)), and why it does not.
        """,
        "Open a FIFO with O_NONBLOCK, and wait for it with poll and a time-out.",
      ]
    case .memory:
      return [
        """
        Raise the memory limit of its control group (MemoryMax= and MemoryHigh= of the systemd unit, \
        --memory of the container), or end what uses it.
        """,
        "Find what grows: a leak, a cache without a limit, too many workers.",
      ]
    case .output(let thread): return output(thread)
    case .input(let thread):
      let terminal = thread.wait.input.map { host.name(of: $0) } ?? "its terminal"
      return [
        "Answer at \(terminal), or end \(thread.process.text): `kill \(thread.process.process)`",
        "Start servers and their children without a terminal (standard input from /dev/null): a "
          + "program that asks then fails at once.",
      ]
    case .child(let process):
      return child(process)
    case .lock(let holder): return lock(holder)
    case .standby:
      return [
        "Bring the standby back, or take it off the list of synchronous ones and reload.",
        "With one synchronous standby each commit depends on it: use two, or none.",
      ]
    case .pipe(let process): return ["See what \(process.text) does, and end it if it hangs."]
    case .ownQueue, .cycle, .queue, .idle, .unknown: return []
    }
  }

  /// The step that keeps the others: a lock or a child that they wait for. What its owner does at
  /// the end of the chain is its own affair.
  private var keeper: ChainLink.Target? {
    guard path.end.isOccupied, !isClient else { return nil }
    // What a thread of the same process does with a lock is at the end of the chain.
    let lock = path.links.last { link in
      link.waitsFor?.kind == .lock && link.waitsFor?.process != link.process
    }
    return lock?.waitsFor ?? path.links.compactMap(\.waitsFor).first { $0.kind == .child }
  }

  private var isClient: Bool {
    if case .silent = path.end { true } else { false }
  }

  private func keeping(_ target: ChainLink.Target) -> [String]? {
    switch (path.end, target.kind) {
    case (.halted, _), (.fileSystem, _), (.fifo, _), (.input, _), (.output, _),
      (.unacknowledged, _),
      (.connecting, _):
      nil
    case (_, .child): child(target.process)
    default: target.process.map { lock($0) }
    }
  }

  private func upstream(_ first: String) -> [String] {
    [
      first,
      """
      Give calls to other servers time-outs, and limit how many requests may wait for the same \
      one.
      """,
    ]
  }

  private func timer(_ thread: ObservedThread) -> [String] {
    if let lock = host.polledLock(of: thread.process.process) {
      return [
        "See why \(host.name(lock.holder).text) keeps \(lock.path) locked; end it if it hangs.",
        "Keep transactions on that file short, and wait for its lock with a time-out.",
      ]
    }
    return [
      "Find what sleeps while it serves: a retry loop, a fixed delay, a poll for a result.",
      "Serve in parallel, so that one sleeping request does not hold up the others.",
    ]
  }

  /// What makes a stopped, traced or frozen thread go on.
  static func halted(_ thread: ObservedThread) -> String {
    switch thread.wait.kind {
    case .stopped:
      """
      Continue it, once you know who stopped it and why: `kill -CONT \(thread.process.process)`
      """
    case .traced: "Let the debugger go on or detach; TracerPid in its status names it."
    default: "Thaw its cgroup (docker unpause, systemctl thaw, or echo 0 to cgroup.freeze)."
    }
  }

  private func output(_ thread: ObservedThread) -> [String] {
    let target = thread.wait.output.map { host.name(of: $0) } ?? "its output"
    return [
      target.contains("terminal")
        ? "Resume \(target): press Ctrl-Q in it, or end the program that shows it."
        : "See which process should read \(target), and why it does not.",
      "Log to a file or a log service, in a way that does not block the threads that serve.",
    ]
  }

  private func child(_ process: ProcessName?) -> [String] {
    let command = process.map { ": `kill \($0.process)`" } ?? ""
    return [
      "End the child to free the server now\(command)",
      "Run children with a time-out, and not in the thread that serves others.",
    ]
  }

  private func lock(_ holder: ProcessName?) -> [String] {
    let keep = "Keep no lock while waiting for anything else, and wait for locks with a time-out."
    guard let holder else {
      if let set = path.links.last?.waitsFor?.semaphoreSet {
        return [
          "`ipcs -s -i \(set)` shows the processes that used it last: see what they do.", keep,
        ]
      }
      if path.links.last?.waitsFor?.text == SessionTitle.unknownHolder {
        return [
          """
          Ask the database who has the lock: its views of locks and of prepared transactions \
          (`pg_locks` and `pg_prepared_xacts`, say). No session says that it is in a transaction.
          """,
          "Keep transactions short, and wait for locks with a time-out.",
        ]
      }
      if path.links.last?.waitsFor?.sharedAddress != nil {
        return [
          "Find the process that has the lock, or that ended without giving it back: take a stack "
            + "trace of each.", keep,
        ]
      }
      return ["Find the thread that has the lock: take a stack trace of all threads.", keep]
    }
    return ["See what \(holder.text) does with the lock; it is the cause.", keep]
  }

  private func name(_ thread: ObservedThread) -> String {
    thread.thread == thread.process.process
      ? thread.process.text
      : "\(WaitDescription(host).name(thread.thread, of: thread.process)) of \(thread.process.text)"
  }

  var avoid: [String] {
    if keeper?.kind == .lock, keeper?.process != nil {
      return ["restart only those that wait: they queue at the same lock again."]
    }
    return avoidAtEnd
  }

  private var avoidAtEnd: [String] {
    switch path.end {
    case .processor:
      ["raise the backlog or add time-outs for clients: this thread waits for no client."]
    case .timer, .child, .fifo, .input:
      ["raise the backlog: the wait takes as long, and more clients wait for its end."]
    case .lock:
      ["restart only those that wait: they queue at the same lock again."]
    case .silent, .notReading, .remote(_, true):
      ["restart it without a time-out: the next silent client blocks it again."]
    case .remote, .upstream, .accepting:
      ["add threads or workers: they will wait for the same server."]
    case .unacknowledged, .connecting:
      ["restart this server first: its new connections take the same path."]
    case .output: ["restart it with the same output: it blocks again when the buffer is full."]
    case .fileSystem, .disk:
      ["kill the threads that wait: they end only when the call returns."]
    case .memory: ["add workers: they share the same limit."]
    case .halted: ["restart its clients: they will find it stopped."]
    case .standby: ["restart the clients: their next commit waits again."]
    case .pipe, .ownQueue, .cycle, .queue, .idle, .unknown: []
    }
  }

  var check: [String] {
    switch path.end {
    case .processor(let thread): ["top -H -p \(thread.process.process)"]
    case .unacknowledged(let row), .connecting(let row):
      ["ss -tnoi 'dst \(AddressText.string(row.peer.address.unmapped))'"]
    case .fileSystem: ["findmnt", "ps -eo pid,stat,wchan:30,args | grep ' D'"]
    case .memory(let thread):
      ["cat /proc/\(thread.process.process)/cgroup", "cat /proc/\(thread.process.process)/wchan"]
    case .lock, .standby, .halted, .timer, .output, .input, .child, .fifo:
      last.map { ["ps -o pid,stat,wchan:30,args -p \($0.process)"] } ?? []
    default: []
    }
  }
}
