import ProcNet

extension ListenColumn {
  /// Whose a listener is.
  static let holderColumns: [ListenColumn] = [
    ListenColumn("service", "Service", "systemd unit of the socket or its holder", owners: true) {
      row, facts in .name(facts.service(of: row.socket).map { $0.rawBytes })
    },
    ListenColumn(
      "container", "Container", "container of the socket or its holder", owners: true
    ) { row, facts in .name(facts.container(of: row.socket).map { $0.rawBytes }) },
    ListenColumn("cgroup", "Cgroup", "cgroup (v2) of the socket's creator") { row, facts in
      .name(facts.controlGroup(of: row.socket))
    },
    ListenColumn("pid", "PID", "process ids of all holders", owners: true) { row, facts in
      let processes = Set(facts.owners(of: row.socket).map(\.process)).sorted()
      return processes.isEmpty
        ? .unknown : .words(processes.map(String.init).joined(separator: ","))
    },
    ListenColumn("owners", "Owners", "all holders, those of one command folded", owners: true) {
      row, facts in
      let owners = facts.owners(of: row.socket)
      return owners.isEmpty ? .unknown : .words(FoldedOwners.text(owners))
    },
  ]
}

/// The processes of one command as one word: a prefork server has hundreds of them.
enum FoldedOwners {
  /// `nginx (pid 812)`, `apache2 ×6 (pids 3,5,8,13,21,34)`.
  ///
  /// - Parameter most: How many process ids to write of each command; the others are counted.
  static func text(_ owners: [Owner], most: Int = .max) -> String {
    var order: [[UInt8]] = []
    var processes: [[UInt8]: Set<Int32>] = [:]
    // The index has the last found first.
    for owner in owners.reversed() {
      if processes[owner.command] == nil { order.append(owner.command) }
      processes[owner.command, default: []].insert(owner.process)
    }
    return order.map { command in
      text(command, (processes[command] ?? []).sorted(), most)
    }.joined(separator: ", ")
  }

  private static func text(_ command: [UInt8], _ processes: [Int32], _ most: Int) -> String {
    let name = SafeText.string(command)
    if processes.count == 1 { return "\(name) (pid \(processes[0]))" }
    var shown = processes.prefix(most).map(String.init).joined(separator: ",")
    if processes.count > most { shown += " and \(processes.count - most) more" }
    return "\(name) ×\(processes.count) (pids \(shown))"
  }
}
