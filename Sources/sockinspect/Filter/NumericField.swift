import ProcNet

/// A number about a socket that a filter can compare.
enum NumericField: Sendable, Hashable {
  case receiveQueue, sendQueue, fill, age, idle, drops, pid, peerPid, uid, inode, namespace
  case field(TCPInfoField)

  var family: UnitFamily {
    switch self {
    case .receiveQueue, .sendQueue: .bytes
    case .fill: .percent
    case .age, .idle: .time
    case .drops, .pid, .peerPid, .uid, .inode, .namespace: .count
    case .field(let field): UnitFamily(field.unit)
    }
  }

  var needs: FilterNeeds {
    switch self {
    case .receiveQueue, .sendQueue, .fill, .uid, .inode, .namespace: []
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
    case .receiveQueue: "recvq"
    case .sendQueue: "sendq"
    case .fill: "fill"
    case .age: "age"
    case .idle: "idle"
    case .drops: "drops"
    case .pid: "pid"
    case .peerPid: "peer_pid"
    case .uid: "uid"
    case .inode: "inode"
    case .namespace: "netns"
    case .field(let field): Self.shortNames.first { $0.1 == field }?.0 ?? field.name
    }
  }

  /// Words of ss and of people for fields of `tcp_info`.
  private static let shortNames: [(String, TCPInfoField)] = [
    ("cwnd", .sndCwnd), ("mss", .sndMss), ("notsent", .notsentBytes), ("ssthresh", .sndSsthresh),
    ("minrtt", .minRtt), ("rcvmss", .rcvMss), ("lastsnd", .lastDataSent),
    ("lastrcv", .lastDataRecv), ("lastack", .lastAckRecv), ("busy", .busyTime),
  ]

  /// Every measure by every word for it. All fields of `tcp_info` can be asked for by the kernel's
  /// name; `state` is not among them, since that word is the filter's own.
  static let named: [String: NumericField] = {
    let own: [NumericField] = [
      .receiveQueue, .sendQueue, .fill, .age, .idle, .drops, .pid, .peerPid, .uid, .inode,
    ]
    var words: [String: NumericField] = [:]
    for measure in own { words[measure.name] = measure }
    for field in TCPInfoField.all where field != .state { words[field.name] = .field(field) }
    for (word, field) in shortNames { words[word] = .field(field) }
    words["recv_q"] = .receiveQueue
    words["send_q"] = .sendQueue
    return words
  }()
}
