import ProcNet

/// A process that should serve is stopped, held by a debugger, or frozen.
struct ProcessStopped: Rule {
  static let kind = FindingKind(
    id: "process-stopped", rank: .condition, severities: [.critical, .warning],
    title: "The process is stopped",
    means:
      """
      The owner of the listener is stopped, traced or frozen; it cannot run, though it looks idle.
      """,
    condition:
      """
      All threads that could accept are in state T (stopped) or t (stopped by a tracer), or in a \
      frozen control group. Critical when connections wait and nobody else serves the listener; \
      a warning when others do, or nobody waits yet.
      """,
    explanation:
      """
      A stopped process keeps its sockets. The kernel still completes handshakes for it, so \
      clients connect and then hear nothing. Tools show it in the system call in which it was \
      stopped, often `accept(2)` or epoll_wait, so it looks idle. It was stopped by a \
      signal (SIGSTOP, or Ctrl-Z and a background job that reads its terminal), by a debugger, or \
      by the freezer of its control group, as when a container is paused.
      """,
    remedy: [
      "State T: continue it with `kill -CONT PID`, once it is known who stopped it and why.",
      "State t: let the tracer go on or detach; TracerPid in the process's status names it.",
      "Frozen: thaw the group, by resuming the container or writing 0 to cgroup.freeze.",
    ],
    avoid: [
      "restart it at once: somebody may be debugging it.",
      "end it with `kill -TERM`: a stopped process does not see that before it is continued.",
    ],
    check: [
      "grep -E 'State|TracerPid' /proc/PID/status",
      "cat /proc/PID/cgroup",
      "cat /sys/fs/cgroup/GROUP/cgroup.events",
    ],
    demo: ["stopped", "reuseport-stopped"])

  func findings(in host: HostObservation) -> [Finding] {
    host.processes.values.filter(\.isHalted).sorted { $0.process < $1.process }
      .compactMap { finding(host, $0) } + HiddenStop.all(in: host)
  }

  private func finding(_ host: HostObservation, _ process: ObservedProcess) -> Finding? {
    let listeners = host.listeners.filter {
      process.sockets[$0.socket.inode] != nil && serves($0, host)
    }
    guard let thread = process.threads.first, !listeners.isEmpty else { return nil }
    let waiting = listeners.filter { $0.length > 0 }
    let isAlone = listeners.allSatisfy { listener in
      listener.owners.allSatisfy { host.processes[$0.process]?.isHalted == true }
    }
    let places = Phrase.list((waiting.isEmpty ? listeners : waiting).map(\.name.text))
    var finding = Finding(
      Self.kind, waiting.isEmpty || !isAlone ? .warning : .critical,
      "\(process.name.text), which should serve \(places), \(WaitDescription(host).doing(thread))",
      about: .process(process.name))
    finding.story = story(host, process, waiting, isAlone)
    finding.evidence = evidence(process, thread, waiting)
    finding.remedy = remedy(process, thread)
    finding.chain = [
      ChainLink(
        process: process.name, thread: thread.thread, call: thread.callName,
        waitsFor: ChainLink.Target(.stopped, "to go on"))
    ]
    finding.check = ["grep -E 'State|TracerPid' /proc/\(process.process)/status"]
    return finding
  }

  /// A UDP socket at a port that the kernel chose is mostly a client's.
  private func serves(_ listener: ObservedListener, _ host: HostObservation) -> Bool {
    guard listener.socket.netid == .udp,
      let range = host.settings(of: listener.socket.namespace)?.localPorts
    else { return true }
    return !range.contains(listener.socket.local.port)
  }

  private func story(
    _ host: HostObservation, _ process: ObservedProcess, _ waiting: [ObservedListener],
    _ isAlone: Bool
  ) -> [String] {
    let old =
      process.threads.first?.snapshot.call?.name.map {
        """
         The system call that it shows, \($0.rawValue), is the one it was in when it was stopped, \
        and makes it look idle.
        """
      } ?? ""
    var story = [
      """
      The kernel goes on finishing handshakes for it, so clients connect, send, and hear \
      nothing.\(old)
      """
    ]
    for listener in waiting {
      let server = Server(
        listener: listener, inodes: [listener.socket.inode], members: [], masters: [],
        model: .unknown)
      story.append(ServerDescription(host, server).waiting)
    }
    if !isAlone {
      story.append("Other processes serve the same listener; they have to do its part.")
    }
    return story
  }

  private func evidence(
    _ process: ObservedProcess, _ thread: ObservedThread, _ waiting: [ObservedListener]
  ) -> [Evidence] {
    let state = String(decoding: [thread.snapshot.state], as: UTF8.self)
    var facts = [
      Evidence("state", state, source: "/proc/\(process.process)/stat")
        .of(process: process.process, thread: thread.thread)
    ]
    if thread.wait.kind == .frozen {
      facts.append(
        Evidence("control group frozen", .flag(true), source: "cgroup.events")
          .of(process: process.process))
    }
    for listener in waiting {
      facts.append(
        Evidence(
          "accept queue", listener.length, unit: "connections",
          source: QueueDescription.lengthSource(listener.socket)
        ).of(process: process.process, descriptor: process.sockets[listener.socket.inode])
          .on(listener.socket))
    }
    return facts
  }

  private func remedy(_ process: ObservedProcess, _ thread: ObservedThread) -> [String] {
    switch thread.wait.kind {
    case .stopped:
      [
        "Let it go on, once it is known who stopped it and why: `kill -CONT \(process.process)`"
      ]
    case .traced: ["Let the debugger go on or detach; TracerPid in its status names it."]
    default:
      ["Thaw its control group (docker unpause, systemctl thaw, or echo 0 to cgroup.freeze)."]
    }
  }
}

/// Told when nobody is seen to hold a stuck listener, and a process that may is stopped.
struct HiddenStop {
  let listener: ObservedListener
  let hiddenOwner: HiddenOwner

  /// One for each process, at the first listener that it may hold.
  static func all(in host: HostObservation) -> [Finding] {
    var told: Set<Int32> = []
    return host.listeners.compactMap { listener in
      guard listener.isStuck, let hiddenOwner = listener.hiddenOwner,
        let first = hiddenOwner.halted.first,
        hiddenOwner.halted.count <= HiddenOwner.mostNamed,
        told.insert(first.process.process).inserted
      else { return nil }
      return HiddenStop(listener: listener, hiddenOwner: hiddenOwner).make(first)
    }
  }

  private func make(_ stopped: HiddenOwner.Candidate) -> Finding {
    let halted = hiddenOwner.halted
    let names = Phrase.list(halted.map(\.process.text))
    let isWhole = hiddenOwner.isHaltedAsAWhole
    var finding = Finding(
      ProcessStopped.kind, isWhole ? .critical : .warning,
      "\(names), which may be what should serve \(listener.name.text), "
        + "\(halted.count == 1 ? "is" : "are") \(stopped.isFrozen ? "frozen" : "stopped")",
      about: .process(stopped.process), confidence: isWhole ? .likely : .possible)
    finding.story = [hiddenOwner.sentence, QueueDescription(listener).state]
    finding.evidence = halted.map(evidence) + QueueDescription(listener).evidence
    finding.check = ["grep -E 'State|TracerPid' /proc/\(stopped.process.process)/status"]
    return finding
  }

  private func evidence(_ candidate: HiddenOwner.Candidate) -> Evidence {
    let process = candidate.process.process
    if candidate.isFrozen {
      return Evidence("control group frozen", .flag(true), source: "cgroup.events")
        .of(process: process)
    }
    return Evidence(
      "state", String(decoding: [candidate.state], as: UTF8.self), source: "/proc/\(process)/stat"
    ).of(process: process)
  }
}
