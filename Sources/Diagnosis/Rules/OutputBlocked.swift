import ProcNet

/// Threads that should serve are blocked in writing to a terminal, a pipe or a file.
struct OutputBlocked: Rule {
  static let kind = FindingKind(
    id: "output-blocked", rank: .condition, severities: [.critical],
    title: "Output is blocked",
    means:
      """
      Threads of a server are blocked in writing their output: to a terminal, a pipe or a file.
      """,
    condition:
      """
      A thread of a process that owns a listener slept in the same write to a terminal, pipe or \
      file over the whole interval, and requests of that process are not answered or connections \
      wait in its accept queue.
      """,
    explanation:
      """
      A terminal that was stopped with Ctrl-S takes no more output once its buffer is full, and \
      neither does a pipe whose reader has stopped reading. Each thread that writes a log line \
      then sleeps in write, with all the locks that it has.
      """,
    remedy: [
      """
      Resume the reader of that output: press Ctrl-Q in the terminal, or see why the reader does \
      not read.
      """,
      "Log to a file or a log service, in a way that does not block the threads that serve.",
    ],
    avoid: ["restart it with the same output: it blocks again when the buffer is full."],
    check: ["ls -l /proc/PID/fd/FD", "cat /proc/PID/task/TID/syscall"],
    demo: ["stopped-terminal", "full-pipe"])

  func findings(in host: HostObservation) -> [Finding] {
    host.processes.values.sorted { $0.process < $1.process }.compactMap { finding($0, host) }
  }

  private func finding(_ process: ObservedProcess, _ host: HostObservation) -> Finding? {
    let blocked = process.threads.filter(isBlocked)
    guard let first = blocked.first, let output = first.wait.output else { return nil }
    let listeners = host.listeners.filter {
      process.sockets[$0.socket.inode] != nil && $0.socket.netid != .udp
    }
    let stalls = host.stalls.filter { stall in
      stall.processes.contains { $0.process == process.process }
    }
    guard !listeners.isEmpty, !stalls.isEmpty || listeners.contains(where: \.isStuck) else {
      return nil
    }
    let path = WaitChain.follow(first, in: host)
    let call = first.wait.call ?? "write"
    var finding = Finding(
      Self.kind, .critical,
      """
      \(Phrase.count(blocked.count, "thread")) of \(process.name.text), which serves \
      \(Phrase.list(listeners.map(\.name.text))), \(blocked.count == 1 ? "is" : "are") blocked in \
      \(call)() to \(host.name(of: output))\(reader(path))
      """,
      about: .process(process.name))
    finding.story = [story(host, blocked, output, stalls)]
    finding.story += [EndDescription(host).elsewhere(path)].compactMap(\.self)
    finding.evidence = blocked.prefix(8).map { thread in
      Evidence(
        "thread \(thread.ownName)", "\(thread.callName ?? "write") to \(host.name(of: output))",
        source: "/proc/\(process.process)/task/\(thread.thread)/syscall"
      ).of(
        process: process.process, thread: thread.thread,
        descriptor: thread.wait.output?.descriptor)
    }
    for stall in stalls {
      finding.evidence += StallDescription(host, stall).evidence.prefix(2)
    }
    finding.chain = path.links
    finding.waiting = stalls.first.map(Finding.Waiting.init)
    finding.fill(
      Placeholders(
        process: process.process, thread: first.thread, descriptor: output.descriptor))
    Advice(host, path).apply(to: &finding)
    return finding
  }

  /// The reader of a pipe, by name.
  private func reader(_ path: WaitPath) -> String {
    guard let other = path.links.first?.waitsFor?.process else { return "" }
    return " that \(other.text) does not read"
  }

  private func story(
    _ host: HostObservation, _ blocked: [ObservedThread], _ output: AwaitedOther, _ stalls: [Stall]
  ) -> String {
    let requests = stalls.reduce(0) { $0 + $1.requests.count }
    let waiting =
      requests == 0
      ? "" : " Meanwhile \(Phrase.count(requests, "request")) \(requests == 1 ? "waits" : "wait")."
    let numbers = Phrase.list(blocked.map { "\($0.thread)" }, most: 8)
    return """
      \(blocked.count == 1 ? "Thread" : "Threads") \(numbers) slept in this write over the whole \
      interval: fd \(output.descriptor), \(host.name(of: output)), takes no output.\(waiting)
      """
  }

  /// The same write in both samples. A thread that writes to a slow disk moves.
  private func isBlocked(_ thread: ObservedThread) -> Bool {
    thread.wait.output != nil && thread.stays(.send) && thread.isSteady == true
  }
}
