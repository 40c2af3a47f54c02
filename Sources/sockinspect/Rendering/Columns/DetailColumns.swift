import ProcNet

extension Column {
  /// Timer, memory and the small attributes.
  static let detailColumns: [Column] = [
    timer, drops,
    number("rmem", "Rmem", "memory of received data, bytes", needs: .memory) {
      ($0.details?.memory?.receiveAllocated).map(UInt64.init)
    },
    number("rcvbuf", "Rcvbuf", "limit of that memory, bytes", needs: .memory) {
      ($0.details?.memory?.receiveLimit).map(UInt64.init)
    },
    number("wmem", "Wmem", "memory of data to send, bytes", needs: .memory) {
      ($0.details?.memory?.sendQueued).map(UInt64.init)
    },
    number("sndbuf", "Sndbuf", "limit of that memory, bytes", needs: .memory) {
      ($0.details?.memory?.sendLimit).map(UInt64.init)
    },
    number("mark", "Mark", "SO_MARK", needs: .attributes) {
      ($0.details?.mark).map(UInt64.init)
    },
    number("tos", "TOS", "IP_TOS", needs: .attributes) {
      ($0.details?.typeOfService).map(UInt64.init)
    },
    number("tclass", "Tclass", "IPV6_TCLASS", needs: .attributes) {
      ($0.details?.trafficClass).map(UInt64.init)
    },
    number("class-id", "ClassID", "net_cls class or SO_PRIORITY", needs: .attributes) {
      ($0.details?.classID).map(UInt64.init)
    },
    shutdown,
    text("congestion", "Congestion", "congestion control", needs: .tcp) { socket, _ in
      socket.details?.congestion
    },
    text("ulp", "ULP", "upper layer protocol: tls, mptcp", needs: .tcp) { socket, _ in
      socket.details?.upperLayerName
    },
  ]

  static let timer = Column("timer", "Timer", "timer that runs, time left, retransmits") {
    socket, _, writer in
    guard let timer = socket.timer, timer.kind != 0 else {
      return writer.append(UInt8(ascii: "-"))
    }
    writer.append(timer.name)
    writer.append(UInt8(ascii: ","))
    SSTimer.appendTime(timer.expires, to: &writer)
    writer.append(UInt8(ascii: ","))
    writer.append(decimal: UInt32(timer.retransmits))
  }

  static let drops = number(
    "drops", "Drops", "packets, of a listener connections, dropped at this socket",
    needs: .memory
  ) { ($0.details?.drops).map(UInt64.init) }

  static let shutdown = Column(
    "shutdown", "Shut", "open directions: <-> both, --> sending only", needs: .attributes
  ) { socket, _, writer in
    guard let mask = socket.details?.shutdown else { return writer.append(UInt8(ascii: "-")) }
    writer.append(mask & 1 == 0 ? "<-" : "--")
    writer.append(UInt8(ascii: mask & 2 == 0 ? ">" : "-"))
  }

  /// Every field of `tcp_info`, named as in JSON; the state has its column already.
  static let tcpColumns: [Column] = TCPInfoField.all.dropFirst().map { field in
    Column(
      field.key, field.name,
      "tcp_info \(field.name), \(field.unit.words), since Linux \(field.since)",
      needs: .tcp, right: true
    ) { socket, _, writer in
      if let value = socket.details?.tcp?[field] {
        writer.append(decimal: value)
      } else {
        writer.append(UInt8(ascii: "-"))
      }
    }
  }
}

extension TCPInfoField {
  /// The name with its unit: the JSON key and the column's name.
  var key: String {
    switch unit {
    case .microseconds: "\(name)_us"
    case .milliseconds: "\(name)_ms"
    case .bytesPerSecond: "\(name)_bytes_per_s"
    default: name
    }
  }
}

extension TCPInfoField.Unit {
  var words: String {
    switch self {
    case .count: "a count"
    case .bytes: "bytes"
    case .segments: "segments"
    case .microseconds: "microseconds"
    case .milliseconds: "milliseconds"
    case .bytesPerSecond: "bytes per second"
    case .flags: "bits"
    }
  }
}
