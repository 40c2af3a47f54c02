import ProcNet

/// A process with open sockets has as many files open as it may, or nearly.
struct DescriptorsExhausted: Rule {
  static let kind = FindingKind(
    id: "descriptors-exhausted", rank: .resource, severities: [.critical, .warning],
    title: "The process has no file descriptors left",
    means:
      """
      The process has as many files open as it may, so accept fails with EMFILE and connections \
      stay queued.
      """,
    condition:
      """
      A process that has sockets open has reached its soft limit on open files (critical), or is \
      at 90 % of it or more (warning). Limits below 16 do not count: programs that lock \
      themselves in set those on purpose. A process with fewer than 200 open files is checked \
      only if something else about it stands out.
      """,
    explanation:
      """
      Every connection takes a descriptor. At the limit `accept(2)` fails with EMFILE, and the \
      connection stays in the queue. Many programs then wait and retry, some in a loop that keeps \
      a CPU busy, and some stop listening. Files, logs and connections to other servers fail as \
      well, so the errors in the log often name something else.
      """,
    remedy: [
      """
      See what the descriptors are. Many in CLOSE-WAIT are a leak in the program; see \
      close-wait-leak.
      """,
      """
      If all are in use for a reason, raise the limit: LimitNOFILE= of the systemd unit, or \
      `ulimit -n`; for a running process `prlimit --pid PID --nofile=SOFT:HARD`.
      """,
      "Close idle connections sooner.",
    ],
    avoid: [
      "raise the limit to cover a leak: it takes longer to fill, and is full again.",
      """
      change /etc/security/limits.conf for a service that systemd starts: that file is for \
      logins.
      """,
    ],
    check: [
      "ls /proc/PID/fd | wc -l",
      "grep 'open files' /proc/PID/limits",
      "ss -tanp | grep pid=PID, | awk '{print $1}' | sort | uniq -c",
    ],
    demo: ["descriptors"])

  func findings(in host: HostObservation) -> [Finding] {
    host.descriptors.uses.filter { $0.isHigh && ($0.sockets ?? 0) > 0 }.map { finding($0, host) }
  }

  private func finding(_ use: DescriptorUse.Use, _ host: HostObservation) -> Finding {
    let isOut = use.open >= Int64(clamping: use.limit)
    let figures = "\(use.open) of \(use.limit) files open"
    var finding = Finding(
      Self.kind, isOut ? .critical : .warning,
      isOut
        ? "\(use.process.text) has no file descriptor left (\(figures))\(refused(use, host))"
        : "\(use.process.text) is near its limit on open files: \(figures)",
      about: .process(use.process))
    finding.story = [
      "\(use.process.text) has \(figures)\(contents(use, host)).", waiting(use, host),
    ].compactMap { $0 }
    finding.evidence = evidence(use, host)
    finding.fill(Placeholders(process: use.process.process))
    return finding
  }

  private func listeners(_ use: DescriptorUse.Use, _ host: HostObservation) -> [ObservedListener] {
    host.listeners.filter { listener in
      listener.owners.contains { $0.process == use.process.process }
    }
  }

  /// `; 28 are sockets: 27 ESTAB, 1 LISTEN`.
  private func contents(_ use: DescriptorUse.Use, _ host: HostObservation) -> String {
    guard let sockets = use.sockets else { return "" }
    var counts: [String: Int] = [:]
    for inode in host.processes[use.process.process]?.sockets.keys.map({ $0 }) ?? [] {
      guard let socket = host.table.socket(inode: inode) else { continue }
      counts["\(socket.netid.isUnix ? "unix " : "")\(socket.state.name)", default: 0] += 1
    }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let states =
      order.isEmpty ? "" : " (\(Phrase.list(order.map { "\($0.value) \($0.key)" })))"
    return "; \(sockets) of them \(sockets == 1 ? "is a socket" : "are sockets")\(states)"
  }

  private func waiting(_ use: DescriptorUse.Use, _ host: HostObservation) -> String? {
    let queues = listeners(use, host).filter { $0.length > 0 }
    guard !queues.isEmpty else { return nil }
    let names = queues.map { "\(Phrase.count($0.length, "connection")) at \($0.name.text)" }
    let isOne = queues.count == 1 && queues[0].length == 1
    return "Meanwhile \(Phrase.list(names)) \(isOne ? "waits" : "wait") to be accepted."
  }

  /// `, and accepts no connection at 127.0.0.1:9000`.
  private func refused(_ use: DescriptorUse.Use, _ host: HostObservation) -> String {
    let names = listeners(use, host).filter { $0.length > 0 }.map(\.name.text)
    return names.isEmpty ? "" : " and accepts no connection at \(Phrase.list(names))"
  }

  private func evidence(_ use: DescriptorUse.Use, _ host: HostObservation) -> [Evidence] {
    let process = use.process.process
    let facts = [
      Evidence("open files", use.open, unit: "files", source: "stat of /proc/\(process)/fd"),
      Evidence(
        "limit on open files", use.limit, unit: "files", source: "/proc/\(process)/limits"),
      use.sockets.map {
        Evidence("of these, sockets", $0, unit: nil, source: "/proc/\(process)/fd")
      },
    ].compactMap { $0?.of(process: process) }
    let queues = listeners(use, host).filter { $0.length > 0 }.prefix(4).map { listener in
      Evidence(
        "accept queue", listener.length, unit: "connections", source: "sock_diag idiag_rqueue"
      ).on(listener.socket)
        .of(
          process: process,
          descriptor: listener.owners.first { $0.process == process }?.descriptor)
    }
    return facts + queues
  }
}
