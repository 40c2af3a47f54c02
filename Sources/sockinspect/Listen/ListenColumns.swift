import Diagnosis
import ProcNet

/// A listener on its way to a report.
struct ListenRow {
  let listener: Listener
  /// With `--interval`: what was dropped between two samples; nil for a listener that was not there
  /// at the first.
  var rate: EventRate?

  var socket: Socket { listener.socket }
  var queue: AcceptQueue? { listener.acceptQueue }
  var isFull: Bool { queue?.isFull ?? false }
  /// It dropped something within the interval.
  var isDropping: Bool { (rate?.events ?? 0) > 0 }

  /// Its fill in thousandths.
  var thousandths: UInt64? { listener.fill?.thousandths }
  /// Little room is left.
  var isFilling: Bool { (thousandths ?? 0) >= 700 }

  /// Its program probably leaks connections: their clients hung up and it has not closed them.
  var leaksConnections: Bool { closeWaits >= CloseWaitLeak.many }
  var closeWaits: Int { listener.connections?[.closeWait] ?? 0 }
  /// Accepted connections whose program has not read what came on them for a while.
  var leftUnread: Int { listener.leftUnread }

  /// Waiting connections that have no row: their clients reset them.
  var withoutRow: Int {
    guard listener.shards == 1, socket.netid == .tcp else { return 0 }
    return max(0, Int(queue?.length ?? 0) - listener.waiting.count)
  }
}

extension ColumnSet<ListenRow> {
  /// The columns of `listen`, which `watch` shows as well.
  static let listeners = ColumnSet(
    ListenColumns.place + ListenColumns.queues + ListenColumns.history + ListenColumns.holders,
    command: "listen")

  /// What programs can use as it is.
  static let usualInCSV = [
    "netid", "netns", "local", "shard", "shards", "length", "limit", "full", "oldest", "median",
    "p90", "abandoned", "unread", "syn", "drops", "drops-per-s", "estab", "close-wait", "inode",
    "uid", "cookie", "service", "container", "pid", "owners",
  ]
}

/// What can be told of a listener. Trouble is coloured, zeros are faint.
enum ListenColumns {
  // What a listener is and where it listens.

  static let place: [Column<ListenRow>] = [
    text("netid", "Netid", "kind of listener: `tcp`, `udp`, `u_str` or `u_seq`") { row, _ in
      .words(row.socket.netid.name)
    }.givingWay(3),
    asOfSockets("netns") { row, context in
      .namespace(row.socket.namespace, context)
    },
    Column("local", "Local Address:Port", "address and port, or the path") { row, context in
      .words(ListenAddress.text(of: row.socket, context))
    }.toned { row, _ in row.isFull ? .alarm : .listener }.atLeast(wide: 22),
    text("shard", "Shard", "`SO_REUSEPORT`: which of how many sockets on this address") { row, _ in
      let listener = row.listener
      return listener.shards > 1
        ? .words("\(listener.shard + 1)/\(listener.shards)") : .unknown
    }.explained("As `1/4`, counted from 1."),
    number("shards", "Shards", "how many sockets listen on this address") {
      .count($0.listener.shards)
    },
    number("inode", "Inode", "inode of the socket; 0 when no process owns it") {
      .count($0.socket.inode)
    },
    asOfSockets("uid") { row, _ in .count(row.socket.uid) },
    asOfSockets("user") { row, context in
      guard let uid = row.socket.uid else { return .unknown }
      return .name(context.userName(uid) ?? Array(String(uid).utf8))
    },
    asOfSockets("cookie") { row, _ in
      row.socket.cookie.map { .words(String($0, radix: 16)) } ?? .unknown
    },
  ]

  // What waits now.

  static let queues: [Column<ListenRow>] = [
    Column(
      "queue", "Queue", "accept queue: connections waiting / limit; of UDP: memory / limit",
      right: true
    ) { row, _ in queueText(row) }.toned(fullness)
      .explained(
        """
        Full is one more than the limit: `6/5`. Then newcomers are dropped. A limit that is not \
        known is `-`. Of UDP the memory of what was not read, in bytes.
        """),
    Column("bar", "Fill", "the same as a bar; it is full at one more than the limit") { row, _ in
      row.thousandths.map { .words(QueueBar.text($0, isFull: row.isFull)) } ?? .unknown
    }.toned(fullness).explained("Eight cells; something waiting never looks like nothing.")
      .brief { row, _ in
        row.thousandths.map { .words(QueueBar.blocks($0, isFull: row.isFull)) } ?? .unknown
      }.givingWay(1),
    number("length", "Length", "connections waiting for accept") { .count($0.queue?.length) }
      .toned(fullness),
    number("limit", "Limit", "limit of the accept queue, which takes one more") {
      .count($0.queue?.limit)
    },
    number("fill", "Fill", "per cent of what the accept queue takes, its limit and one more") {
      .percent($0.queue?.fill?.percent)
    }.toned(fullness),
    text("full", "Full", "whether newcomers are refused: `yes` or `no`") { row, _ in
      row.queue?.isFull.map { .words($0 ? "yes" : "no") } ?? .unknown
    }.toned(fullness),
    number("oldest", "Oldest", "how long the longest waiting has waited, milliseconds") {
      .duration($0.queue?.oldest)
    }.toned { row, _ in (row.queue?.oldest ?? 0) >= 1000 ? .attention : .plain }.explained(
      "It is exact to a millisecond: the kernel keeps the time since the handshake ended."
    ).also("oldest-ms"),
    number("median", "Median", "how long half of them have waited at most, milliseconds") {
      .duration($0.queue?.median)
    }.also("median-ms"),
    number("p90", "90%", "how long nine in ten have waited at most, milliseconds") {
      .duration($0.queue?.ninetieth)
    }.also("p90-ms"),
    number("abandoned", "Gone", "waiting connections whose client has hung up") {
      .count($0.queue?.abandoned)
    }.toned { row, _ in (row.queue?.abandoned ?? 0) == 0 ? .faint : .attention }
      .explained("The server will accept them all the same, and serve no client."),
    number("unread", "Unread", "bytes that waiting clients have sent") {
      .count($0.queue?.unreadBytes)
    }.also("unread-bytes").givingWay(2),
    number("syn", "SYN", "SYN queue: handshakes under way") { .count($0.listener.synQueue) }
      .explained("Not the accept queue: these clients have not finished their handshakes."),
  ]

  // What became of those that came.

  static let history: [Column<ListenRow>] = [
    number("drops", "Drops", "dropped at this listener since it began; retries count again") {
      .count($0.listener.drops)
    }.toned { row, _ in
      row.isDropping ? .alarm : (row.listener.drops ?? 0) == 0 ? .faint : .attention
    }.always().explained(
      """
      The kernel's count for this one socket. It does not count clients: each retry counts again, \
      and so do repeated segments, handshakes that expire, and the last ACKs that a listener with \
      `TCP_DEFER_ACCEPT` sets aside.
      """),
    number("drops-per-s", "Drops/s", "the same per second, with `--interval`") {
      $0.rate.map { .tenths($0.tenthsPerSecond) } ?? .unknown
    }.toned { row, _ in row.isDropping ? .alarm : .faint }.also("drop-rate"),
    text("accepted", "Accepted", "accepted connections by state") { row, _ in
      row.listener.connections.map { accepted($0) } ?? .unknown
    }.brief { row, _ in
      row.listener.connections.map { accepted($0, between: (" ", ", "), row.leftUnread) }
        ?? .unknown
    }.toned { row, _ in row.leaksConnections || row.leftUnread > 0 ? .attention : .plain }.always()
      .explained(
        "Those that still have an owner, as `ESTAB:12,CLOSE-WAIT:1`."),
    number("estab", "Estab", "accepted connections in `ESTAB`") {
      .count($0.listener.connections.map { $0[.established] ?? 0 })
    },
    number("close-wait", "Close-wait", "accepted, hung up by the client, not closed") {
      .count($0.listener.connections.map { $0[.closeWait] ?? 0 })
    },
  ]

  // Whose a listener is.

  static let holders: [Column<ListenRow>] = [
    asOfSockets("service", needs: .owners) { row, context in
      .name(context.service(of: row.socket)?.rawBytes)
    },
    asOfSockets("container", needs: .owners) { row, context in
      .name(context.container(of: row.socket)?.rawBytes)
    },
    asOfSockets("cgroup") { row, context in
      .name(context.controlGroup(of: row.socket))
    },
    asOfSockets("pid", needs: .owners) { row, context in
      .processes(context.owners(of: row.socket))
    },
    text("owners", "Owners", "all owners, those of one command folded", needs: .owners) {
      row, context in owners(row, context, most: .max)
    }.explained(
      "As `apache2 ×6 (pids 3,5,8,13,21,34)`; a terminal shows six process ids of a command."
    ).always().brief { row, context in owners(row, context, most: mostProcesses) },
  ]

  /// Process ids of one command that a terminal shows.
  private static let mostProcesses = 6

  // How columns are made.

  /// What `list` shows as well.
  private static func asOfSockets(
    _ name: String, needs: Needs = [], _ value: @escaping Column<ListenRow>.Reading<Value>
  ) -> Column<ListenRow> {
    let other = ColumnSet.sockets[name]
    let column = Column<ListenRow>(
      name, other?.heading ?? name, other?.meaning ?? "", needs: needs,
      right: other?.isRightAligned ?? false, value: value)
    return column.explained(other?.detail).atLeast(wide: max(8, column.heading.count))
      .toned { row, context in value(row, context).isNothing ? .faint : .plain }.optional()
  }

  private static func text(
    _ name: String, _ heading: String, _ meaning: String, needs: Needs = [],
    _ value: @escaping Column<ListenRow>.Reading<Value>
  ) -> Column<ListenRow> {
    Column(name, heading, meaning, needs: needs, value: value).atLeast(wide: max(8, heading.count))
      .toned { row, context in value(row, context).isNothing ? .faint : .plain }.optional()
  }

  private static func number(
    _ name: String, _ heading: String, _ meaning: String,
    _ value: @escaping @Sendable (borrowing ListenRow) -> Value
  ) -> Column<ListenRow> {
    .number(name, heading, meaning, value)
      .toned { row, _ in value(row).isNothing ? .faint : .plain }.optional()
  }

  // What several of them say.

  @Sendable private static func fullness(
    _ row: borrowing ListenRow, _ context: any SocketContext
  ) -> Palette.Tone {
    if row.isFull { return .alarm }
    guard let taken = row.thousandths else { return .plain }
    return row.isFilling ? .attention : taken == 0 ? .faint : .good
  }

  private static func queueText(_ row: borrowing ListenRow) -> Value {
    if row.socket.netid == .udp {
      guard let used = row.socket.unread else { return .unknown }
      let limit = row.socket.details?.memory?.receiveLimit
      return .words("\(used)/\(limit.map(String.init) ?? "-")")
    }
    guard let length = row.queue?.length else { return .unknown }
    return .words("\(length)/\(row.queue?.limit.map(String.init) ?? "-")")
  }

  /// `ESTAB:12,CLOSE-WAIT:1`, in the kernel's order of states; and, for people, how many of them
  /// have not been read for a while.
  private static func accepted(
    _ connections: [SocketState: Int], between marks: (String, String) = (":", ","),
    _ leftUnread: Int = 0
  ) -> Value {
    let states = connections.filter { $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
    if states.isEmpty { return .count(0) }
    let unread = leftUnread > 0 ? ["\(leftUnread) unread"] : []
    let words = states.map { "\($0.key.name)\(marks.0)\($0.value)" } + unread
    return .words(words.joined(separator: marks.1))
  }

  static func owners(
    _ row: borrowing ListenRow, _ context: any SocketContext, most: Int
  ) -> Value {
    let owners = context.owners(of: row.socket)
    return owners.isEmpty ? .unknown : .words(FoldedOwners.text(owners, most: most))
  }
}

/// Writes listeners in the format that was asked for.
struct ListenReport {
  let plan: ListenPlan
  let head: ReportHead
  let context: any SocketContext

  func write(_ rows: [ListenRow], _ gaps: [Gap], _ writer: inout ByteWriter) {
    var parts = TableParts(
      columns: plan.columns, showsHeader: plan.showsHeader, head: head, text: { table(rows) })
    if !plan.hasOwnColumns {
      parts.list = "listeners"
      parts.object = { [listsWaiting = plan.listsWaiting] row, context, json, writer in
        ListenJSON(context: context, listsWaiting: listsWaiting).append(row, &json, &writer)
      }
    }
    if !rows.isEmpty || plan.width == nil {
      plan.format.writer(parts).write(rows, context, gaps: gaps, to: &writer)
    }
    writeVerdict(rows, &writer)
  }

  /// On a terminal a sentence at the end says whether all is well.
  private func writeVerdict(_ rows: [ListenRow], _ writer: inout ByteWriter) {
    guard plan.width != nil, plan.showsHeader else { return }
    let verdict = ListenVerdict(rows)
    if !rows.isEmpty { writer.append(UInt8(ascii: "\n")) }
    for line in WrappedText.lines(verdict.text, width: plan.width ?? .max) {
      writer.append(plan.palette.start(verdict.tone))
      writer.append(line)
      writer.append(plan.palette.plain)
      writer.append(UInt8(ascii: "\n"))
    }
  }

  private func table(_ rows: [ListenRow]) -> AlignedTable<ListenRow> {
    var below: ((borrowing ListenRow, inout ByteWriter) -> Void)?
    if plan.listsWaiting {
      below = { (row: borrowing ListenRow, writer: inout ByteWriter) in
        AcceptQueueLines(copy row, context, plan.palette).append(to: &writer)
      }
    }
    return AlignedTable(
      plan.hidesEmptyColumns ? columnsThatTell(rows) : plan.columns,
      showsHeader: plan.showsHeader, width: plan.width, palette: plan.palette,
      style: plan.width == nil ? TextStyle() : .ofLocale, below: below)
  }

  private func columnsThatTell(_ rows: [ListenRow]) -> [Column<ListenRow>] {
    plan.columns.filter { $0.tells(of: rows, context) }
  }
}

/// How full a queue is, eight cells wide.
enum QueueBar {
  private static let cells: UInt64 = 8

  /// Something waiting never looks like nothing, and only a full queue fills the bar.
  static func text(
    _ thousandths: UInt64, isFull: Bool, used mark: String = "#", free: String = "."
  ) -> String {
    var used = isFull ? cells : min(cells - 1, thousandths * cells / 1000)
    if thousandths > 0 { used = max(used, 1) }
    return String(repeating: mark, count: Int(used))
      + String(repeating: free, count: Int(cells - used))
  }

  /// The same in blocks, for terminals that have them.
  static func blocks(_ thousandths: UInt64, isFull: Bool) -> String {
    text(thousandths, isFull: isFull, used: "█", free: "░")
  }
}

/// Where a listener is to be reached, safe to look at.
enum ListenAddress {
  static func text(of socket: Socket, _ context: any SocketContext) -> String {
    var writer = ByteWriter(capacity: 128)
    if socket.netid.isInternet {
      EndpointText.appendLocal(socket, context, to: &writer)
    } else if let path = socket.path, !path.isEmpty {
      SafeText.append(EndpointText.visible(path), to: &writer)
    } else {
      writer.append(UInt8(ascii: "*"))
    }
    return writer.text
  }
}
