import ProcNet

/// The queue of a unix listener is full: clients block in connect, or fail with EAGAIN.
struct UnixBacklogFull: Rule {
  static let kind = FindingKind(
    id: "unix-backlog-full", rank: .queue, severities: [.critical],
    title: "The queue of a unix listener is full",
    means: "The accept queue of a unix socket is full; further clients block in connect.",
    condition:
      """
      In every sample more clients wait in the accept queue of a unix stream or seqpacket \
      listener than its limit, and a client of the first sample still waits in the last one.
      """,
    explanation:
      """
      At a full unix listener a blocking connect sleeps until there is room, and a non-blocking \
      one fails at once with EAGAIN, which many web servers report as 'resource temporarily \
      unavailable'. There is no time-out, no retry and no counter of drops, so monitoring of \
      counters never sees it. The kernel does list the clients that wait. As with TCP, the full \
      queue is a symptom of a program that does not accept.
      """,
    remedy: [
      """
      See what the processes behind the socket do; the other findings about this listener name \
      it.
      """,
      """
      If they all work and bursts overflow the queue: more workers, or a larger backlog of the \
      program together with `net.core.somaxconn`.
      """,
    ],
    avoid: [
      "raise the backlog while nothing is accepted: more clients wait, and longer.",
      "remove the socket's file: clients then fail, and the queue stays.",
    ],
    check: ["ss -xlp src PATH", "sockinspect listen -x --waiting PATH"],
    demo: ["unix-backlog"])

  func findings(in host: HostObservation) -> [Finding] {
    host.listeners.filter { $0.socket.netid.isUnix && $0.keepsFull }.map { finding($0, host) }
  }

  private func finding(_ listener: ObservedListener, _ host: HostObservation) -> Finding {
    let queue = QueueDescription(listener)
    var finding = Finding(
      Self.kind, .critical, "The queue of \(listener.name.text) is full: \(queue.figures)",
      about: .listener(listener.name), confidence: listener.span == nil ? .likely : .certain)
    finding.story = [
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "),
      [waiting(listener, host), blocked(listener)].compactMap { $0 }.joined(separator: " "),
    ].filter { !$0.isEmpty }
    finding.waiting = Finding.Waiting(listener)
    finding.evidence = queue.evidence + callers(listener)
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }

  private func waiting(_ listener: ObservedListener, _ host: HostObservation) -> String? {
    let names = (listener.socket.details?.waiting ?? []).compactMap { client in
      host.holders(of: client).first.map {
        ProcessName($0).text + " (fd \($0.descriptor))"
      }
    }
    return names.isEmpty ? nil : "In the queue: \(Phrase.list(names))."
  }

  private func blocked(_ listener: ObservedListener) -> String? {
    let callers = listener.listener.blocked
    guard !callers.isEmpty else { return nil }
    let names = callers.map {
      ProcessName($0).text + " (fd \($0.descriptor))"
    }
    return "Blocked in connect(), without a time-out: \(Phrase.list(names))."
  }

  private func callers(_ listener: ObservedListener) -> [Evidence] {
    listener.listener.blocked.prefix(8).map { caller in
      Evidence(
        "blocked in connect", String(rawBytes: caller.command),
        source: "/proc/\(caller.process)/syscall, wchan unix_wait_for_peer"
      ).on(listener.socket).of(process: caller.process, descriptor: caller.descriptor)
    }
  }
}
