import ProcNet

/// A process that should serve is stopped, traced or frozen.
struct ProcessStopped: Rule {
  static let kind = FindingKind(
    id: "process-stopped", rank: .condition, severities: [.critical, .warning],
    title: "The process is stopped",
    means:
      """
      An owner of the listener is stopped, traced or frozen; it cannot run, though it looks idle.
      """,
    condition:
      """
      All threads of a process that owns a listener are in state T (stopped) or t (stopped by a \
      tracer), or in a frozen cgroup. It is critical when connections wait and no other process \
      serves its listeners, and a warning otherwise. It is critical, too, when the \
      wait chain of a server with waiting clients ends at a stopped process, and when a thread \
      slept in accept over the whole interval although connections wait there: that thread is \
      likely not being run. Where the owner of a listener in trouble cannot be seen, stopped \
      processes of the same user or cgroup are named as likely or possible.
      """,
    explanation:
      """
      A stopped process keeps its sockets. The kernel still completes handshakes for it, so \
      clients connect and then get no answer. Tools show it in the system call in which it was \
      stopped, often `accept(2)` or epoll_wait, so it looks idle. It was stopped by a signal \
      (SIGSTOP, or Ctrl-Z and a background job that reads its terminal), by a debugger, or by the \
      freezer of its cgroup, as when a container is paused.
      """,
    remedy: [
      "State T: continue it with `kill -CONT PID`, once you know who stopped it and why.",
      "State t: let the tracer go on or detach; TracerPid in the process's status names it.",
      "Frozen: thaw the cgroup, by resuming the container or writing 0 to cgroup.freeze.",
    ],
    avoid: [
      "restart it at once: it may be stopped for debugging.",
      "end it with `kill -TERM`: a stopped process does not see that until it is continued.",
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
      + host.servers.compactMap { notRunning($0, host) }
  }

  private func finding(_ host: HostObservation, _ process: ObservedProcess) -> Finding? {
    let listeners = host.listeners.filter {
      process.sockets[$0.socket.inode] != nil && serves($0, host)
    }
    guard let thread = process.threads.first else { return nil }
    if listeners.isEmpty { return inChain(host, process, thread) }
    let waiting = listeners.filter { $0.length > 0 }
    let isAlone = listeners.allSatisfy { isStopped($0, host) }
    let places = Phrase.list((waiting.isEmpty ? listeners : waiting).map(\.name.text))
    var finding = Finding(
      Self.kind, waiting.isEmpty || !isAlone ? .warning : .critical,
      "\(process.name.text), which should serve \(places), \(WaitDescription(host).doing(thread))",
      about: .process(process.name))
    let takes =
      listeners.allSatisfy { $0.socket.netid == .udp }
      ? "takes datagrams for it, so clients ask and get no answer."
      : "completes handshakes for it, so clients connect, send, and get no answer."
    finding.story = story(host, process, waiting, isAlone, "The kernel still \(takes)")
    explain(&finding, process, thread, waiting)
    return finding
  }

  /// Every process that would serve it: masters only have it open.
  private func isStopped(_ listener: ObservedListener, _ host: HostObservation) -> Bool {
    let server = ServerObserver(host, listener).read()
    return !server.isOpaque && server.members.allSatisfy(\.process.isHalted)
      && listener.owners.allSatisfy { host.processes[$0.process] != nil }
  }

  /// A thread in accept at a queue that is not empty would be awake at once, if it could run.
  private func notRunning(_ server: Server, _ host: HostObservation) -> Finding? {
    guard server.listener.standsStill, host.span != nil else { return nil }
    let asleep = server.members.flatMap { member in
      member.process.threads.filter { isInAccept($0, server) }
    }
    guard let thread = asleep.first, !thread.wait.isHalted else { return nil }
    let listener = server.listener
    var finding = Finding(
      Self.kind, .critical,
      """
      \(thread.process.text) is not being run: it sits in \(thread.wait.call ?? "accept")() on \
      \(listener.name.text) while \(Phrase.count(listener.length, "connection")) \
      \(listener.length == 1 ? "waits" : "wait") there
      """,
      about: .process(thread.process), confidence: .likely)
    finding.story = [
      """
      The kernel wakes a thread that waits for connections as soon as one is there. This one did not \
      move over the interval, so something keeps it from running: its control group is frozen, a \
      debugger or a virtual machine holds it, or it gets no processor.
      """,
      ServerDescription(host, server).waiting,
    ]
    finding.evidence = evidence(server.members[0].process, thread, [listener])
    finding.remedy = [
      "See whether its control group is frozen or starved: cgroup.events, cpu.max, cpu.stat of it."
    ]
    finding.check = [
      "cat /proc/\(thread.process.process)/cgroup /proc/\(thread.process.process)/wchan"
    ]
    return finding
  }

  private func isInAccept(_ thread: ObservedThread, _ server: Server) -> Bool {
    thread.isSteady == true && thread.wait.epoll == nil && thread.wait.accepts(server.inodes)
      && thread.earlier?.accepts(server.inodes) == true
  }

  /// A process without a listener that others wait for: at a pipe, a datagram socket, as a child.
  private func inChain(
    _ host: HostObservation, _ process: ObservedProcess, _ thread: ObservedThread
  ) -> Finding? {
    let stalls = host.stalls.filter { $0.path.links.last?.process.process == process.process }
    let servers = host.servers.filter { server in
      server.blockers.contains {
        WaitChain.follow($0.thread, in: host).links.last?.process.process == process.process
      }
    }
    guard !stalls.isEmpty || !servers.isEmpty else { return nil }
    let places = stalls.map(\.listener.name.text) + servers.map(\.listener.name.text)
    var finding = Finding(
      Self.kind, .critical,
      """
      \(process.name.text), which \(Phrase.list(Array(Set(places)).sorted())) waits for, \
      \(WaitDescription(host).doing(thread))
      """,
      about: .process(process.name))
    explain(&finding, process, thread, [])
    return finding
  }

  private func explain(
    _ finding: inout Finding, _ process: ObservedProcess, _ thread: ObservedThread,
    _ waiting: [ObservedListener]
  ) {
    finding.evidence = evidence(process, thread, waiting)
    finding.remedy = [Advice.halted(thread)]
    finding.chain = [
      ChainLink(
        process: process.name, thread: thread.thread, call: thread.callName,
        waitsFor: ChainLink.Target(.stopped, "to go on"))
    ]
    finding.check = ["grep -E 'State|TracerPid' /proc/\(process.process)/status"]
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
    _ isAlone: Bool, _ beginning: String
  ) -> [String] {
    let old =
      process.threads.first?.snapshot.call?.name.map {
        """
         It still shows the system call in which it was stopped, \($0.rawValue), so it looks idle.
        """
      } ?? ""
    var story = [beginning + old]
    for listener in waiting {
      let server = Server(
        listener: listener, inodes: [listener.socket.inode], members: [], masters: [],
        model: .unknown)
      story.append(ServerDescription(host, server).waiting)
    }
    if !isAlone {
      story.append("Other processes serve the same listener and take over its share.")
    }
    return story
  }

  private func evidence(
    _ process: ObservedProcess, _ thread: ObservedThread, _ waiting: [ObservedListener]
  ) -> [Evidence] {
    let state = String(rawBytes: [thread.snapshot.state])
    var facts = [
      Evidence("state", state, source: "/proc/\(process.process)/stat")
        .of(process: process.process, thread: thread.thread)
    ]
    if thread.wait.kind == .frozen {
      facts.append(
        Evidence("cgroup frozen", .flag(true), source: "cgroup.events")
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
}

/// The finding where the owner of a stuck listener cannot be seen, and a process that may be it is
/// stopped.
struct HiddenStop {
  let listener: ObservedListener
  let hiddenOwner: HiddenOwner

  /// One for each process, at the first listener that it may own.
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
      "\(names), which may be the server of \(listener.name.text), "
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
      return Evidence("cgroup frozen", .flag(true), source: "cgroup.events")
        .of(process: process)
    }
    return Evidence(
      "state", String(rawBytes: [candidate.state]), source: "/proc/\(process)/stat"
    ).of(process: process)
  }
}
