import ProcNet

/// Of several sockets that share a port, one is not served while the others are.
struct ReuseportImbalance: Rule {
  static let kind = FindingKind(
    id: "reuseport-imbalance", rank: .queue, severities: [.critical],
    title: "One shard of a port is not served",
    means:
      """
      Several sockets share the port with SO_REUSEPORT; one fills up while the others are empty.
      """,
    condition:
      """
      Of the listeners that share an address by SO_REUSEPORT, one or more have a full queue in \
      every sample, or one at least 70 % full that does not drain, and the queues of all \
      others are empty.
      """,
    explanation:
      """
      With SO_REUSEPORT the kernel gives each new connection to one of the sockets, by a hash of \
      the addresses; it does not consider how full they are. If the owner of one socket is \
      stopped, stuck in a loop, or never accepts from it, that socket's share of the clients \
      hangs while all others are served at once. To clients it looks random: one client port \
      hangs every time, the next one works.
      """,
    remedy: [
      "Wake or restart the owner of the shard; the finding names it and what it does.",
      """
      If no process is meant to accept from it, for example after a reload that left an old \
      socket open, end the process that has it open.
      """,
    ],
    avoid: [
      "restart only the healthy workers.",
      "raise the backlog: only this one shard is full.",
    ],
    check: ["ss -ltnp 'sport = :PORT'", "sockinspect listen :PORT"],
    demo: ["reuseport-stopped"])

  func findings(in host: HostObservation) -> [Finding] {
    groups(host).compactMap { shards in
      let stuck = shards.filter { $0.keepsFull || ($0.isStuck && $0.isHigh) }
      let others = shards.filter { shard in
        !stuck.contains { $0.socket.inode == shard.socket.inode }
      }
      guard !stuck.isEmpty, !others.isEmpty, others.allSatisfy({ $0.length == 0 }) else {
        return nil
      }
      return finding(stuck, others)
    }
  }

  private struct Place: Hashable {
    var local: Endpoint
    var namespace: UInt32
    var interface: UInt32
  }

  private func groups(_ host: HostObservation) -> [[ObservedListener]] {
    let shared = host.listeners.filter { $0.socket.netid == .tcp && $0.listener.shards > 1 }
    return Dictionary(grouping: shared) { shard in
      Place(
        local: shard.socket.local, namespace: shard.socket.namespace,
        interface: shard.socket.interface)
    }.values.sorted { $0[0].socket.local.port < $1[0].socket.local.port }
  }

  private func finding(_ stuck: [ObservedListener], _ others: [ObservedListener]) -> Finding {
    let worst = stuck.max { $0.length < $1.length } ?? stuck[0]
    let all = stuck.count + others.count
    var finding = Finding(
      Self.kind, .critical,
      "\(stuck.count) of \(all) sockets that share \(worst.name.text) "
        + "\(stuck.count == 1 ? "is" : "are") not served: "
        + "\(Phrase.count(worst.length, "connection")) \(worst.length == 1 ? "waits" : "wait") "
        + "there, none at the others",
      about: .listener(worst.name))
    let queue = QueueDescription(worst)
    finding.story = [
      """
      The kernel gives each new connection to one of the \(all) sockets by a hash of the \
      addresses, so about \(stuck.count.percent(of: all)) % of the clients hang and all \
      others are served.
      """,
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "),
      healthy(others),
    ].compactMap { $0 }
    finding.evidence = stuck.flatMap { QueueDescription($0).evidence } + others.prefix(4).map(empty)
    finding.fill(Placeholders(worst.name, process: worst.owners.first?.process))
    if let owner = worst.owners.first {
      let name = ProcessName(owner).text
      finding.remedy.insert("See why \(name) does not accept; the other owners do.", at: 0)
    }
    return finding
  }

  private func healthy(_ others: [ObservedListener]) -> String? {
    let names = others.compactMap { shard in
      shard.owners.first.map { ProcessName($0).text }
    }
    guard !names.isEmpty else { return nil }
    return "The queues of \(Phrase.list(names)) are empty."
  }

  private func empty(_ shard: ObservedListener) -> Evidence {
    let owner = shard.owners.first
    return Evidence(
      "accept queue of a sibling", shard.length, unit: "connections",
      source: "sock_diag idiag_rqueue"
    ).on(shard.socket).of(process: owner?.process, descriptor: owner?.descriptor)
  }
}
