import ProcNet

extension ListenColumn {
  /// What waits now.
  static let queueColumns: [ListenColumn] = [
    ListenColumn(
      "queue", "Queue", "accept queue: connections waiting / limit; of UDP: memory / limit",
      right: true
    ) { row, _ in queueText(row) },
    ListenColumn("bar", "Fill", "the same as a bar; it is full at one more than the limit") {
      row, _ in row.fill.map { .words(QueueBar.text($0, isFull: row.isFull)) } ?? .unknown
    },
    number("length", "Length", "connections waiting for accept") { .count($0.queue?.length) },
    number("limit", "Limit", "limit of the accept queue, which takes one more") {
      .count($0.queue?.limit)
    },
    number("fill", "Fill", "length in per cent of the limit") { row in
      QueueFacts.fill(of: row.socket).map { .percent($0) } ?? .unknown
    },
    ListenColumn("full", "Full", "whether newcomers are refused: yes or no") { row, _ in
      row.queue?.isFull.map { .words($0 ? "yes" : "no") } ?? .unknown
    },
    number("oldest", "Oldest", "how long the longest waiting has waited, ms") {
      .milliseconds($0.queue?.oldest)
    },
    number("median", "Median", "how long half of them have waited at most, ms") {
      .milliseconds($0.queue?.median)
    },
    number("p90", "90%", "how long nine in ten have waited at most, ms") {
      .milliseconds($0.queue?.ninetieth)
    },
    number("abandoned", "Gone", "waiting connections whose client has hung up") {
      .count($0.queue?.abandoned)
    },
    number("unread", "Unread", "bytes that waiting clients have sent") {
      .count($0.queue?.unreadBytes)
    },
    number("syn", "SYN", "SYN queue: handshakes under way") { .count($0.listener.synQueue) },
  ]

  private static func queueText(_ row: ListenRow) -> ListenValue {
    if row.socket.netid == .udp {
      guard let used = row.socket.receiveQueue else { return .unknown }
      let limit = row.socket.details?.memory?.receiveLimit
      return .words("\(used)/\(limit.map(String.init) ?? "-")")
    }
    guard let length = row.queue?.length else { return .unknown }
    return .words("\(length)/\(row.queue?.limit.map(String.init) ?? "-")")
  }
}

/// How full a queue is, eight cells wide.
enum QueueBar {
  private static let cells: UInt64 = 8

  /// Something waiting never looks like nothing, and only a full queue fills the bar.
  static func text(_ thousandths: UInt64, isFull: Bool) -> String {
    var used = isFull ? cells : min(cells - 1, thousandths * cells / 1000)
    if thousandths > 0 { used = max(used, 1) }
    return String(repeating: "#", count: Int(used))
      + String(repeating: ".", count: Int(cells - used))
  }

  /// The same in blocks, for terminals that have them.
  static func blocks(_ text: [UInt8]) -> [UInt8] {
    text.flatMap { $0 == UInt8(ascii: "#") ? Array("█".utf8) : Array("░".utf8) }
  }
}
