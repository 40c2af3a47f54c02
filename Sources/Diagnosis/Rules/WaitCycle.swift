import ProcNet

/// Processes wait for each other in a ring.
struct WaitCycle: Rule {
  static let kind = FindingKind(
    id: "wait-cycle", rank: .condition, severities: [.critical],
    title: "Processes wait for each other in a ring",
    means:
      """
      Each process of the ring waits for the answer of the next, and the last one for the first.
      """,
    condition:
      """
      Clients wait at a listener, and the wait chain of a thread that should serve them, followed \
      through sockets, pipes and locks of this host, comes back to a thread that it has passed, \
      by way of two or more processes.
      """,
    explanation:
      """
      Every server of the ring uses its last free thread to call the next one, so none has a \
      thread left to answer. Such rings form where services call each other both ways, and often \
      only under load, when the last spare worker is taken. Only a time-out ends it from inside.
      """,
    remedy: [
      "Break the ring now: close one connection of it, or restart one process; all others go on.",
      "Give the calls time-outs that grow shorter from caller to callee.",
      "Let calls go one way: make one direction asynchronous, or serve it with workers of its own.",
    ],
    avoid: [
      """
      restart all processes at once: they start cold under the full load, and the ring comes \
      back.
      """,
      "only add workers: the ring then needs a little more load.",
    ],
    check: ["ss -tanp | grep pid=PID,", "cat /proc/PID/task/TID/syscall"],
    demo: ["wait-cycle"])

  func findings(in host: HostObservation) -> [Finding] {
    var rings: Set<Set<Int32>> = []
    var found: [Finding] = []
    for server in host.servers {
      for blocker in server.blockers {
        let path = WaitChain.follow(blocker.thread, in: host)
        guard case .cycle(let ring) = path.end, Set(ring.map(\.process)).count > 1,
          rings.insert(Set(ring.map(\.process))).inserted
        else { continue }
        found.append(finding(host, server, blocker, path, ring))
      }
    }
    return found
  }

  private func finding(
    _ host: HostObservation, _ server: Server, _ blocker: AcceptBlocker, _ path: WaitPath,
    _ ring: [ProcessName]
  ) -> Finding {
    let words = ServerDescription(host, server)
    var finding = Finding(
      Self.kind, .critical,
      """
      \(Phrase.list(ring.map(\.text), most: 6)) wait for each other in a ring: \
      \(ring.count == 2 ? "neither" : "none") can go on
      """,
      about: .process(ring.first ?? blocker.thread.process))
    finding.story = path.links.map { "\($0.process.text) waits\($0.place)." }
    finding.story.append(words.waiting)
    finding.evidence = words.evidence
    for link in path.links {
      let thread = link.thread ?? link.process.process
      var fact = Evidence(
        "thread \(link.process.name)", link.call ?? "unknown",
        source: "/proc/\(link.process.process)/task/\(thread)/syscall"
      ).of(process: link.process.process, thread: link.thread, descriptor: link.descriptor)
      if let row = row(link, host) { fact = fact.on(row) }
      finding.evidence.append(fact)
    }
    finding.chain = path.links
    if let call = path.links.first?.waitsFor?.socket, !call.netid.isUnix, call.peer != nil {
      finding.beginRemedy(
        with:
          """
          Break the ring now: restart one process, or close one connection of it: \
          \(EndDescription.closing(call))
          """
      )
    }
    finding.check = ring.prefix(4).map { "cat /proc/\($0.process)/syscall" }
    return finding
  }

  /// The connection at which a process of the ring waits.
  private func row(_ link: ChainLink, _ host: HostObservation) -> Socket? {
    guard let process = host.processes[link.process.process], let descriptor = link.descriptor,
      case .socket(let inode)? = process.snapshot.descriptors?[descriptor]
    else { return nil }
    return host.table.socket(inode: inode)
  }
}
