import ProcNet

/// A process keeps connections open that its peers have closed.
public struct CloseWaitLeak: Rule {
  static let kind = FindingKind(
    id: "close-wait-leak", rank: .client, severities: [.critical, .warning],
    title: "Connections that the peers closed stay open here",
    means: "Peers hung up and the program has not closed its end: it leaks descriptors.",
    condition:
      """
      A process has connections that were in CLOSE-WAIT in both samples: 20 or more; or 5 or more \
      that are 10 % of its limit on open files; or 3 accepted ones whose peer sent its last \
      segment a minute ago or earlier (warning). It is critical when 5 or more are half of the \
      limit. Where the owner cannot be seen, 5 accepted ones are possibly a leak (warning). \
      Connections that still wait in an accept queue do not count, neither do those on which the \
      program has sent data since the first sample, nor those whose request a server behind this \
      one has not answered (request-unanswered).
      """,
    explanation:
      """
      CLOSE-WAIT means that the peer has sent its FIN. The program learns of it by a read that \
      returns 0; the kernel then waits for `close(2)`, without a time-out. Each such connection \
      takes a descriptor and memory until the process ends, and in the end `accept(2)` and open \
      fail.
      """,
    remedy: [
      """
      Correct the program: close on end of file and on every error path. The finding lists \
      descriptors; what they have in common often names the place.
      """,
      "Until then, restart it before it reaches the limit.",
    ],
    avoid: [
      """
      look for a kernel setting: none closes a CLOSE-WAIT, and `net.ipv4.tcp_fin_timeout` is for \
      another state.
      """,
      "only raise the limit on open files: the program reaches it a little later.",
    ],
    check: [
      "ss -tanp state close-wait | grep pid=PID,",
      "ls /proc/PID/fd | wc -l",
      "grep 'open files' /proc/PID/limits",
    ],
    demo: ["close-wait"])

  /// Connections that are just being closed are fewer, and gone in the next sample.
  public static let many = 20
  /// Accepted connections whose peer hung up a minute ago: a program that still answers on a
  /// half-closed connection does so sooner. Those of a client's pool do not count.
  static let fewOld = 3
  /// Milliseconds.
  static let old: UInt64 = 60_000
  /// Milliseconds between ages that count as one.
  static let together: UInt64 = 100
  /// Per cent of the limit on open files, from a handful on.
  static let warningShare = 10
  static let criticalShare = 50
  /// Possibly a leak where the process, and so its limit, cannot be seen.
  static let handful = 5

  func findings(in host: HostObservation) -> [Finding] {
    let working = atWork(host)
    let held = host.persistent {
      $0.state == .closeWait && $0.inode != 0 && !working.contains($0.inode)
        && !isSending($0, host)
    }
    return ConnectionGroup.grouped(held, in: host).compactMap { finding($0, host) }
  }

  /// It has sent something since the first sample, in which its peer had closed its side already:
  /// a client that asks, says that it will send no more, and reads on.
  private func isSending(_ socket: borrowing Socket, _ host: HostObservation) -> Bool {
    guard let span = host.span, let sent = host.metrics[socket.inode]?[.lastDataSent] else {
      return false
    }
    return sent < span
  }

  /// Connections whose request is, or may be, still worked on: a process closes its end once that
  /// is done.
  private func atWork(_ host: HostObservation) -> Set<UInt32> {
    let stalls = host.stalls.filter(\.isProven)
    let late = stalls.flatMap(\.processes).compactMap { host.processes[$0.process] }
      .flatMap(\.sockets.keys).filter { host.conversation($0)?.turn == .either }
    return Set(stalls.flatMap(\.requests).map(\.socket.inode) + late)
  }

  private func finding(_ group: ConnectionGroup, _ host: HostObservation) -> Finding? {
    let limit = limit(group, host)
    let share = limit.map { group.count.percent(of: $0) }
    let old = group.sockets.filter { (age($0, host) ?? 0) >= Self.old }
    let isLeak =
      group.count >= Self.many
      || (group.count >= Self.handful && (share ?? 0) >= Self.warningShare)
      || old.count { host.table.listener(of: $0) != nil } >= Self.fewOld
    let isPossible =
      group.holder == nil && group.count >= Self.handful
      && group.sockets.allSatisfy { host.table.listener(of: $0) != nil }
    guard isLeak || isPossible else { return nil }
    let isGrave = group.count >= Self.handful && (share ?? 0) >= Self.criticalShare
    var finding = Finding(
      Self.kind, isGrave ? .critical : .warning,
      "\(group.nameFirst)\(serving(group, host)) has not closed \(Phrase.count(group.count, "connection")) that "
        + "\(group.count == 1 ? "its peer" : "their peers") closed"
        + (share.map { ": \($0) % of its limit on open files" } ?? ""),
      about: group.subject,
      // Soon after the peers hung up the program may merely be late.
      confidence: !isLeak ? .possible : old.count * 2 >= group.count ? .certain : .likely)
    finding.story = story(group, limit, host)
    finding.evidence = evidence(group, limit, host)
    finding.fill(Placeholders(process: group.process))
    return finding
  }

  /// Through which listeners they came in.
  private func serving(_ group: ConnectionGroup, _ host: HostObservation) -> String {
    guard group.holder != nil else { return "" }
    let places = Set(
      group.sockets.compactMap { host.table.listener(of: $0) }.map { SocketName($0).text })
    return places.isEmpty ? "" : ", which serves \(Phrase.list(places.sorted())),"
  }

  /// Since the peer's last segment: its FIN, or the ACK of something that was sent afterwards.
  private func age(_ socket: Socket, _ host: HostObservation) -> UInt64? {
    host.metrics[socket.inode]?[.lastAckRecv]
  }

  private func limit(_ group: ConnectionGroup, _ host: HostObservation) -> UInt64? {
    guard let process = group.process,
      case .count(let limit)? = host.processes[process]?.snapshot.openFilesLimit
    else { return nil }
    return limit
  }

  /// The oldest ones first. Those that became old together stand in the order in which they were
  /// made: the kernel tells ages in ticks, and a tick may pass while it lists them.
  private func byAge(_ group: ConnectionGroup, _ host: HostObservation) -> [Socket] {
    let oldest = group.sockets.compactMap { age($0, host) }.max() ?? 0
    func isOldest(_ socket: Socket) -> Bool { (age(socket, host) ?? 0) + Self.together >= oldest }
    return group.sockets.sorted { left, right in
      if isOldest(left), isOldest(right) { return left.inode < right.inode }
      return (age(left, host) ?? 0) > (age(right, host) ?? 0)
    }
  }

  private func story(
    _ group: ConnectionGroup, _ limit: UInt64?, _ host: HostObservation
  ) -> [String] {
    var text =
      "\(group.nameFirst) has \(Phrase.count(group.count, "connection")) in CLOSE-WAIT"
      + (host.span == nil ? "" : ", in both samples")
    if let limit { text += "; its limit is \(limit) open files" }
    text += ". Peers: \(group.peers)."
    if let worst = byAge(group, host).first {
      let telling = ConnectionDescription(host)
      text += " The oldest is \(telling.text(of: worst, in: group.process))"
      if let age = age(worst, host) {
        text += ", from which nothing has come for \(Phrase.duration(age))"
      }
      text += "."
    }
    return [text, ProcessActivity(host).sentence(group.process)].compactMap { $0 }
  }

  private func evidence(
    _ group: ConnectionGroup, _ limit: UInt64?, _ host: HostObservation
  ) -> [Evidence] {
    let telling = ConnectionDescription(host)
    var found = [
      Evidence(
        "connections in CLOSE-WAIT that stay", group.count, unit: "connections",
        source: "sock_diag rows with an inode\(host.span == nil ? "" : ", in both samples")"
      ).of(process: group.process)
    ]
    if let process = group.process, let limit {
      found.append(
        Evidence("limit on open files", limit, unit: "files", source: "/proc/\(process)/limits")
          .of(process: process))
    }
    for socket in sample(group, host) {
      found.append(
        telling.evidence(
          "last segment from the peer", age(socket, host) ?? 0, unit: "ms",
          source: "tcp_info tcpi_last_ack_recv", of: socket, in: group.process))
    }
    return found
  }

  /// The oldest ones whose age is known; more would say the same.
  private func sample(_ group: ConnectionGroup, _ host: HostObservation) -> [Socket] {
    Array(byAge(group, host).filter { age($0, host) != nil }.prefix(3))
  }
}
