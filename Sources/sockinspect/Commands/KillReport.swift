import ProcNet

/// Says what `kill` would do, or does: the sockets, and what it means for both ends.
struct KillReport {
  let found: KillTargets
  let colour: ColourChoice
  let facts: HostFacts

  func write(isMeant: Bool, _ writer: inout ByteWriter) {
    let count = DiagnosisReport.count(found.sockets.count, "socket")
    if found.sockets.isEmpty {
      writer.append("Nothing to close matches.\n")
    } else {
      writer.append(isMeant ? "Closing \(count):\n" : "Would close \(count):\n")
      writeRows(&writer)
      for line in consequences { writer.append("\(line)\n") }
    }
    for line in leftOut { writer.append("\(line)\n") }
    if !isMeant, !found.sockets.isEmpty {
      writer.append("Nothing has been closed: --yes does it.\n")
    }
  }

  private func writeRows(_ writer: inout ByteWriter) {
    let columns = ColumnSet.sockets.named(
      ["netid", "state", "recv-q", "send-q", "local", "peer", "process"])
    let sockets = found.sockets.map(\.socket)
    if OutputFile.standardOutput.isTerminal || colour == .always {
      SocketTable.onTerminal(columns, showsHeader: true, colour, facts)
        .write(sockets, facts, to: &writer)
    } else {
      StreamedTable(columns, showsHeader: true).write(sockets, facts, to: &writer)
    }
  }

  private func count(_ holds: (Socket) -> Bool) -> Int {
    found.sockets.count { holds($0.socket) }
  }

  /// What happens to each kind, in words.
  private var consequences: [String] {
    var lines: [String] = []
    let listeners = count { $0.state == .listen }
    let others = count { $0.netid == .tcp && $0.state != .listen }
    let datagrams = count { $0.netid == .udp }
    if others > 0 {
      lines.append(
        """
        A connection's peer gets a reset, what was not read or sent is lost, and its program's \
        next call on it fails with ECONNABORTED or the like.
        """)
    }
    if listeners > 0 {
      lines.append(
        """
        A listener is gone for good: what waits in its queue is reset, new clients are refused, \
        and the program keeps running without it.
        """)
    }
    if datagrams > 0 {
      lines.append("A UDP socket receives nothing more; its program's next call fails.")
    }
    return lines
  }

  private var leftOut: [String] {
    var lines = found.unnamed.sorted { $0.key.rawValue < $1.key.rawValue }.map { state, count in
      let name = "\(state.name)".lowercased()
      return "Left out: \(count) in state \(state.name); 'state \(name)' in the filter means them."
    }
    if found.impossible > 0 {
      lines.append(
        "Left out: \(found.impossible) unix, raw or packet; the kernel closes only TCP and UDP.")
    }
    return lines
  }
}
