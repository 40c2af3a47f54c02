import ProcNet

/// A process that should serve is stopped, held by a debugger, or frozen.
struct ProcessStoppedRule: Rule {
  static let kind = FindingDescription.processStopped

  func findings(in file: CaseFile) -> [Finding] {
    file.processes.values.filter(\.isHalted).sorted { $0.process < $1.process }
      .compactMap { finding(file, $0) } + UnseenStopFinding.all(in: file)
  }

  private func finding(_ file: CaseFile, _ process: ProcessCase) -> Finding? {
    let listeners = file.listeners.filter {
      process.sockets[$0.socket.inode] != nil && serves($0, file)
    }
    guard let thread = process.threads.first, !listeners.isEmpty else { return nil }
    let waiting = listeners.filter { $0.length > 0 }
    let isAlone = listeners.allSatisfy { listener in
      listener.owners.allSatisfy { file.processes[$0.process]?.isHalted == true }
    }
    let places = Words.list((waiting.isEmpty ? listeners : waiting).map(\.name.text))
    var finding = Finding(
      Self.kind, waiting.isEmpty || !isAlone ? .warning : .critical,
      "\(process.name.text), which should serve \(places), \(WaitWords(file).doing(thread))",
      about: .process(process.name))
    finding.story = story(file, process, waiting, isAlone)
    finding.evidence = evidence(process, thread, waiting)
    finding.remedy = remedy(process, thread)
    finding.chain = [
      ChainLink(
        process: process.name, thread: thread.thread, call: WaitWords.call(thread),
        waitsFor: ChainLink.Target(.stopped, "to go on"))
    ]
    finding.check = ["grep -E 'State|TracerPid' /proc/\(process.process)/status"]
    return finding
  }

  /// A UDP socket at a port that the kernel chose is mostly a client's.
  private func serves(_ listener: ListenerCase, _ file: CaseFile) -> Bool {
    guard listener.socket.netid == .udp,
      let range = file.settings(of: listener.socket.namespace)?.localPorts
    else { return true }
    return !range.contains(listener.socket.local.port)
  }

  private func story(
    _ file: CaseFile, _ process: ProcessCase, _ waiting: [ListenerCase], _ isAlone: Bool
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
      let server = ServerCase(
        listener: listener, inodes: [listener.socket.inode], members: [], keepers: [],
        shape: .unknown)
      story.append(ServerWords(file, server).waiting)
    }
    if !isAlone {
      story.append("Other processes serve the same listener; they have to do its part.")
    }
    return story
  }

  private func evidence(
    _ process: ProcessCase, _ thread: ThreadCase, _ waiting: [ListenerCase]
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
          source: QueueTelling.lengthSource(listener.socket)
        ).of(process: process.process, descriptor: process.sockets[listener.socket.inode])
          .on(listener.socket))
    }
    return facts
  }

  private func remedy(_ process: ProcessCase, _ thread: ThreadCase) -> [String] {
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
