import ProcNet

/// Of several sockets that share a port, one is not served while the others are.
struct ReuseportImbalanceRule: Rule {
  static let kind = FindingDescription.reuseportImbalance

  func findings(in file: CaseFile) -> [Finding] {
    groups(file).compactMap { shards in
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

  private func groups(_ file: CaseFile) -> [[ListenerCase]] {
    let shared = file.listeners.filter { $0.socket.netid == .tcp && $0.listener.shards > 1 }
    return Dictionary(grouping: shared) { shard in
      Place(
        local: shard.socket.local, namespace: shard.socket.namespace,
        interface: shard.socket.interface)
    }.values.sorted { $0[0].socket.local.port < $1[0].socket.local.port }
  }

  private func finding(_ stuck: [ListenerCase], _ others: [ListenerCase]) -> Finding {
    let worst = stuck.max { $0.length < $1.length } ?? stuck[0]
    let all = stuck.count + others.count
    var finding = Finding(
      Self.kind, .critical,
      "\(stuck.count) of \(all) sockets that share \(worst.name.text) "
        + "\(stuck.count == 1 ? "is" : "are") not served: "
        + "\(Words.count(worst.length, "connection")) \(worst.length == 1 ? "waits" : "wait") "
        + "there, none at the others",
      about: .listener(worst.name))
    let queue = QueueTelling(worst)
    finding.story = [
      """
      The kernel gives each new connection to one of the \(all) sockets by a hash of the \
      addresses, so about \(Words.percent(stuck.count, of: all)) % of the clients hang and all \
      others are served.
      """,
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "),
      healthy(others),
    ].compactMap { $0 }
    finding.evidence = stuck.flatMap { QueueTelling($0).evidence } + others.prefix(4).map(empty)
    finding.fill(Placeholders(worst.name, process: worst.owners.first?.process))
    if let owner = worst.owners.first {
      let name = ProcessName(process: owner.process, command: owner.command).text
      finding.remedy.insert("See why \(name) does not accept; the others are well.", at: 0)
    }
    return finding
  }

  private func healthy(_ others: [ListenerCase]) -> String? {
    let names = others.compactMap { shard in
      shard.owners.first.map { ProcessName(process: $0.process, command: $0.command).text }
    }
    guard !names.isEmpty else { return nil }
    return "The queues of \(Words.list(names)) are empty."
  }

  private func empty(_ shard: ListenerCase) -> Evidence {
    let owner = shard.owners.first
    return Evidence(
      "accept queue of a sibling", shard.length, unit: "connections",
      source: "sock_diag idiag_rqueue"
    ).on(shard.socket).of(process: owner?.process, descriptor: owner?.descriptor)
  }
}
