import ProcNet

/// How many sockets there are of each kind, in each state, in each family: counted, not taken
/// from `/proc/net/sockstat`, whose arithmetic misses states.
struct Summary {
  struct Line {
    let netid: Netid
    let state: SocketState
    var total = 0
    var inet = 0
    var inet6 = 0
    /// TCP: how many of them wait in an accept queue, and how many have no program any more.
    var queued = 0
    var orphans = 0
  }

  private var lines: [Key: Line] = [:]

  private struct Key: Hashable {
    let netid: Netid
    let state: SocketState
  }

  mutating func count(_ socket: borrowing Socket, _ ownership: Ownership) {
    let key = Key(netid: socket.netid, state: socket.state)
    var line = lines[key] ?? Line(netid: socket.netid, state: socket.state)
    line.total += 1
    if socket.family == .inet { line.inet += 1 }
    if socket.family == .inet6 { line.inet6 += 1 }
    if ownership == .queued { line.queued += 1 }
    if ownership == .orphan { line.orphans += 1 }
    lines[key] = line
  }

  var total: Int { lines.values.reduce(0) { $0 + $1.total } }

  /// TCP first, then UDP, raw, unix, packet; within a kind the kernel's order of states.
  var ordered: [Line] {
    lines.values.sorted { left, right in
      left.netid == right.netid
        ? left.state.rawValue < right.state.rawValue
        : left.netid.rawValue > right.netid.rawValue
    }
  }
}

extension ColumnSet<Summary.Line> {
  /// The columns of `-s`.
  static let summary = ColumnSet([
    Column("netid", "Netid", "kind of these sockets") { line, _ in .words(line.netid.name) },
    Column("state", "State", "state of these sockets") { line, _ in .words(line.state.name) },
    .number("total", "Total", "number of sockets of this kind in this state") { .count($0.total) },
    .number("inet", "IPv4", "those of IPv4") { $0.netid.isInternet ? .count($0.inet) : .unknown },
    .number("inet6", "IPv6", "those of IPv6") {
      $0.netid.isInternet ? .count($0.inet6) : .unknown
    },
    .number("queued", "Queued", "TCP: those that wait in an accept queue") {
      $0.netid == .tcp ? .count($0.queued) : .unknown
    },
    .number("orphans", "Orphans", "TCP: those that no process has any more") {
      $0.netid == .tcp ? .count($0.orphans) : .unknown
    },
  ])
}

extension Summary {
  func write(
    _ format: OutputFormat, _ head: ReportHead, _ gaps: [Gap], showsHeader: Bool,
    to writer: inout ByteWriter
  ) {
    let columns = ColumnSet.summary.all
    if format == .table, showsHeader { writer.append("Total: \(total)\n\n") }
    let parts = TableParts(
      columns: columns, showsHeader: showsHeader, head: head, list: "summary",
      members: { json, writer in json.member("total", UInt64(total), &writer) },
      text: { AlignedTable(columns, showsHeader: showsHeader) })
    format.writer(parts).write(ordered, gaps: gaps, to: &writer)
  }
}
