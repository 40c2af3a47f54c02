import ProcNet

/// Requests arrive faster than workers that work all the time can serve them.
struct Overloaded: Rule {
  static let kind = FindingKind(
    id: "overloaded", rank: .server, severities: [.critical, .warning],
    title: "The server is overloaded",
    means:
      """
      The workers compute all the time, and connections wait longer and longer to be accepted.
      """,
    condition:
      """
      The accept queue was not empty in any sample, connections left it and a connection of the \
      first sample still waits, the oldest has been waiting for 1 s or longer (at a unix socket: \
      for the whole interval), and at least half of the server's processes used 30 % of a CPU or \
      more over the interval, or computed or waited for a CPU for 90 % of it. It is critical when the queue was full in every sample, and a \
      warning otherwise.
      """,
    explanation:
      """
      Nothing hangs: the server accepts and serves connections, only later than they arrive. The \
      queue in front of busy workers grows until it is full or clients give up. By Little's law a \
      connection that arrives now waits for the length of the queue divided by the rate at which \
      connections leave it.
      """,
    remedy: [
      "Serve requests with less computing: profile the workers, cache, move work elsewhere.",
      "Add CPUs or raise the CPU quota, then workers; more workers than CPUs share the same time.",
      """
      Limit how many are let in, so that the server answers those soon: a shorter queue, rate \
      limits.
      """,
    ],
    avoid: ["lengthen the queue: each client waits longer and none is served sooner."],
    check: ["sockinspect listen --interval 2 :PORT", "top -H", "cat /proc/pressure/cpu"],
    demo: ["overload"])

  /// Milliseconds that the oldest connection waits.
  private static let longWait: UInt32 = 1000

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.filter { Self.applies(to: $0, host) }.map { finding($0, host) }
  }

  /// Its queue moves and never empties, while its workers compute.
  static func applies(to server: Server, _ host: HostObservation) -> Bool {
    let listener = server.listener
    guard let span = listener.span, listener.isStuck, listener.taken > 0,
      // Unix sockets have no ages: what waited at the first sample and still does is that old.
      listener.listener.acceptQueue?.oldest ?? UInt32(clamping: span) >= longWait
    else { return false }
    let busy = server.members.count { isBusy($0.process, host) }
    return busy > 0 && busy * 2 >= server.members.count
  }

  private static func isBusy(_ process: ObservedProcess, _ host: HostObservation) -> Bool {
    guard let interval = host.interval, interval > 0 else { return false }
    let share = ticks(process).map { ObservedThread.share(ofTicks: $0, interval) } ?? 0
    return share >= ObservedThread.leastShare
      || process.threads.contains { $0.wasReady(over: interval) }
  }

  /// nil where they are more than can be.
  private static func ticks(_ process: ObservedProcess) -> UInt64? {
    process.threads.compactMap(\.ticks).checkedSum
  }

  private func finding(_ server: Server, _ host: HostObservation) -> Finding {
    let (listener, words) = (server.listener, ServerDescription(host, server))
    let rates = Rates(listener)
    let busy = server.members.count { Self.isBusy($0.process, host) }
    var finding = Finding(
      Self.kind, listener.isFull ? .critical : .warning,
      """
      \(listener.name.text) is overloaded: \(Phrase.count(busy, "worker")) \
      \(busy == 1 ? "computes" : "compute") all the time, and a new connection waits about \
      \(Phrase.duration(rates.wait)) to be accepted
      """,
      about: .listener(listener.name))
    finding.story = [
      "\(words.model) \(computing(server, host))", rates.sentence(listener),
      shortage(server, host),
    ].compactMap(\.self)
    finding.evidence = words.evidence + evidence(server, rates)
    finding.waiting = Finding.Waiting(listener)
    finding.fill(Placeholders(listener.name, process: server.members.first?.process.process))
    return finding
  }

  private func computing(_ server: Server, _ host: HostObservation) -> String {
    guard let interval = host.interval, interval > 0 else { return "" }
    let shares = server.members.prefix(8).compactMap { member in
      Self.ticks(member.process).map { ticks in
        "\(member.process.name.text) \(ObservedThread.share(ofTicks: ticks, interval)) %"
      }
    }
    return
      "Of one CPU they took, within \(Phrase.duration(interval)): \(Phrase.list(shares, most: 8))."
  }

  /// Which CPU or quota is short.
  private func shortage(_ server: Server, _ host: HostObservation) -> String? {
    guard host.interval != nil else { return nil }
    return CPUShortage(server.members.map(\.process), over: host.interval)?.sentence
      ?? "Each had a CPU when it needed one: the work of one request takes that long."
  }

  private func evidence(_ server: Server, _ rates: Rates) -> [Evidence] {
    let listener = server.listener.socket
    return [
      Evidence(
        "connections that left the queue", rates.left, unit: "connections",
        source: "rows at the listener"),
      Evidence(
        "connections that arrived", rates.arrived, unit: "connections",
        source: "rows at the listener"),
    ].map { $0.on(listener) }
      + server.members.prefix(8).compactMap { member in
        Self.ticks(member.process)?.product(10).map { time in
          Evidence(
            "CPU time of \(member.process.name.name)", time, unit: "ms",
            source: "/proc/\(member.process.process)/task/*/stat utime+stime"
          ).of(process: member.process.process)
        }
      }
  }

  /// How fast connections arrive and leave.
  private struct Rates {
    let arrived: Int
    let left: Int
    let span: UInt64
    let length: UInt64
    let room: UInt64?

    /// The queue is served in order: while some of the first sample wait, no later one has left.
    init(_ listener: ObservedListener) {
      left = listener.taken
      let growth = Int(listener.length) - Int(listener.lengths.first ?? 0)
      arrived = max(left + growth, 0)
      span = max(listener.span ?? 1, 1)
      let waiting = UInt64(listener.length)
      length = waiting
      room = listener.limit.map { UInt64($0) + 1 > waiting ? UInt64($0) + 1 - waiting : 0 }
    }

    /// Milliseconds, by Little's law.
    var wait: Int128 { length.scaled(by: Int128(span), over: max(left, 1)) }

    func sentence(_ listener: ObservedListener) -> String {
      var text =
        """
        \(rate(arrived)) arrive and \(rate(left)) are accepted; \
        \(Phrase.count(length, "connection")) \(length == 1 ? "waits" : "wait")
        """
      if let oldest = listener.listener.acceptQueue?.oldest {
        text += ", the oldest for \(Phrase.duration(oldest))"
      }
      text += ". By Little's law a new one waits \(Phrase.duration(wait))."
      if let room, room > 0, arrived > left {
        let time = Phrase.duration(room.scaled(by: Int128(span), over: arrived - left))
        text += " At this rate the queue is full in \(time)."
      }
      return text
    }

    /// `14.2 connections a second`.
    private func rate(_ count: Int) -> String {
      let tenths = count.scaled(by: 10_000, over: span)
      return "\(tenths / 10).\(tenths % 10) a second"
    }
  }
}
