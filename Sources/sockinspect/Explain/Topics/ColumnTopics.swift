extension Topic {
  /// Columns of `list` but those of tcp_info.
  static var listColumns: [Topic] {
    let tcp = Set(Column.tcpColumns.map(\.name))
    return Column.all.filter { !tcp.contains($0.name) }.map { column in
      Topic(
        labels: [Label(group: .listColumn, name: column.name)]
          + (key(of: column).map { [$0] } ?? []), spellings: [column.header],
        means: column.meaning,
        text: ColumnRemarks.list[column.name].map { [$0] } ?? [],
        look: ["sockinspect -ta --columns +\(column.name)"])
    }
  }

  static var listenColumns: [Topic] {
    ListenColumn.all.map { column in
      Topic(
        group: .listenColumn, names: [column.name, column.header], means: column.meaning,
        text: ColumnRemarks.listen[column.name].map { [$0] } ?? [],
        look: ["sockinspect listen --columns +\(column.name)"])
    }
  }

  static var counterColumns: [Topic] {
    CounterColumn.all.map { column in
      Topic(
        group: .counterColumn, names: [column.name, column.header], means: column.meaning,
        look: ["sockinspect counters --columns +\(column.name)"])
    }
  }
}

/// What a column's line in `--list-columns` has no room for.
enum ColumnRemarks {
  static let list: [String: String] = [
    "recv-q":
      """
    Of a connection: bytes that arrived and that the program has not read; the peer's FIN counts \
    as one. Of a TCP listener: connections that are complete and wait for `accept(2)`. Of UDP: \
    memory, not bytes of data. Of a unix datagram socket: the size of the first message.
    """,
    "send-q":
      """
    Of a connection: bytes that were written and that the peer has not acknowledged. Of a TCP \
    listener: the limit of its accept queue, the smaller one of the program's backlog and \
    `net.core.somaxconn`; it is full at one more than that. `/proc/net/tcp` does not tell it.
    """,
    "fill": "Full is above 100 %, since the kernel lets in one connection more than the limit.",
    "age": "That is, for how long the client has been waiting to be served.",
    "drops":
      "Of a listener it counts segments, each retry of a client again: it is no number of clients.",
    "process":
      "Where it says a word in parentheses, nobody holds the socket; the word says why.",
    "inode": "0 for connections in an accept queue, in TIME-WAIT, in SYN-RECV, and for orphans.",
    "service": "It follows from the control group of the socket's creator.",
  ]

  static let listen: [String: String] = [
    "queue": "Full is one more than the limit: `6/5`. Then newcomers are dropped.",
    "syn": "Not the accept queue: these clients have not finished their handshakes.",
    "drops":
      """
    The kernel's count for this one socket. Repeated segments, and the last ACKs that a listener \
    with TCP_DEFER_ACCEPT sets aside, count as well.
    """,
    "abandoned": "The server will accept them all the same, and serve nobody.",
    "oldest": "It is exact to a millisecond: the kernel keeps the time since the handshake ended.",
    "bar": "Eight cells; something waiting never looks like nothing.",
  ]
}
