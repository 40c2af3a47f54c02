import ProcNet

/// A number about a socket that a filter can compare.
enum NumericField: Sendable, Hashable {
  case recvQ, sendQ, fill, age, idle, drops, pid, peerPid, uid, inode, namespace
  case field(TCPInfoField)

  var family: UnitFamily {
    switch self {
    case .recvQ, .sendQ: .bytes
    case .fill: .percent
    case .age, .idle: .time
    case .drops, .pid, .peerPid, .uid, .inode, .namespace: .count
    case .field(let field): UnitFamily(field.unit)
    }
  }

  var needs: FilterNeeds {
    switch self {
    case .recvQ, .sendQ, .fill, .uid, .inode, .namespace: []
    case .age: [.tcp, .ownership]
    case .idle, .field: .tcp
    case .drops: .memory
    case .pid: .owners
    case .peerPid: .peerOwners
    }
  }

  /// An identity, which people name without a comparison: `pid 812`.
  var isIdentity: Bool {
    switch self {
    case .pid, .peerPid, .uid, .inode, .namespace: true
    default: false
    }
  }

  /// The word it is written with.
  var name: String {
    switch self {
    case .recvQ: "recv-q"
    case .sendQ: "send-q"
    case .fill: "fill"
    case .age: "age"
    case .idle: "idle"
    case .drops: "drops"
    case .pid: "pid"
    case .peerPid: "peer-pid"
    case .uid: "uid"
    case .inode: "inode"
    case .namespace: "netns"
    case .field(let field):
      Self.shortNames.first { $0.1 == field }?.0 ?? Self.dashed(field.name)
    }
  }

  /// Words of ss and of people for fields of `tcp_info`.
  private static let shortNames: [(String, TCPInfoField)] = [
    ("cwnd", .sndCwnd), ("mss", .sndMss), ("notsent", .notsentBytes), ("ssthresh", .sndSsthresh),
    ("minrtt", .minRtt), ("rcvmss", .rcvMss), ("lastsnd", .lastDataSent),
    ("lastrcv", .lastDataRecv), ("lastack", .lastAckRecv), ("busy", .busyTime),
  ]

  /// The measure of a word; underscores are dashes.
  static func named(_ word: String) -> NumericField? { words[dashed(word)] }

  private static func dashed(_ word: String) -> String { String(word.map { $0 == "_" ? "-" : $0 }) }

  /// Every measure by every word for it. All fields of `tcp_info` can be asked for by the kernel's
  /// name; `state` is not among them, since that word is the filter's own.
  static let words: [String: NumericField] = {
    let own: [NumericField] = [
      .recvQ, .sendQ, .fill, .age, .idle, .drops, .pid, .peerPid, .uid, .inode,
    ]
    var words: [String: NumericField] = [:]
    for measure in own { words[measure.name] = measure }
    for field in TCPInfoField.all where field != .state {
      words[dashed(field.name)] = .field(field)
    }
    for (word, field) in shortNames { words[word] = .field(field) }
    words["recvq"] = .recvQ
    words["sendq"] = .sendQ
    return words
  }()

  /// The single value; nil when the socket has none or nobody knows it, and for `pid` and
  /// `peer-pid`, of which a socket can have several.
  func value(of socket: borrowing Socket, _ surroundings: any SocketContext) -> Quantity? {
    switch self {
    case .recvQ: socket.queues.recvQ.map { Quantity(UInt64($0)) }
    case .sendQ: socket.queues.sendQ.map { Quantity(UInt64($0)) }
    case .fill: AcceptQueue(of: socket)?.fill.map { Quantity($0.part * 100_000, over: $0.whole) }
    case .age: Self.age(socket, surroundings)
    case .idle: Self.idle(socket)
    case .drops: socket.details?.drops.map { Quantity(UInt64($0)) }
    case .uid: socket.uid.map { Quantity(UInt64($0)) }
    case .inode: Quantity(UInt64(socket.inode))
    case .namespace: Quantity(UInt64(socket.namespace))
    case .field(let field): Self.field(field, socket)
    case .pid, .peerPid: nil
    }
  }

  /// How long a connection has waited for accept: it has never sent, so the time since it last
  /// sent is the time since its handshake.
  private static func age(
    _ socket: borrowing Socket, _ surroundings: any SocketContext
  ) -> Quantity? {
    guard let waited = field(.lastDataSent, socket), surroundings.ownership(of: socket) == .queued
    else { return nil }
    return waited
  }

  private static func idle(_ socket: borrowing Socket) -> Quantity? {
    guard let sent = field(.lastDataSent, socket), let received = field(.lastDataRecv, socket)
    else { return nil }
    return min(sent, received)
  }

  /// A field in base units. A listener's fields mean other things or nothing, times of a socket
  /// that is still connecting are leftovers, and a round trip that was not yet measured is stored
  /// as 0 or as the largest number.
  private static func field(_ field: TCPInfoField, _ socket: borrowing Socket) -> Quantity? {
    guard socket.state != .listen, let value = socket.details?.tcp?[field] else { return nil }
    if field == .rtt || field == .rcvRtt, value == 0 { return nil }
    if field == .minRtt, value == 0 || value == 0xFFFF_FFFF { return nil }
    if field.unit != .milliseconds { return Quantity(value) }
    return socket.state == .synSent ? nil : Quantity(value * 1000)
  }
}
