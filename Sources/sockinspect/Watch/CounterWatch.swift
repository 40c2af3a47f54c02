import ProcNet

/// The watched counters, summed over the network namespaces in view, read again and again.
struct CounterWatch {
  struct Row {
    let counter: WatchedCounter
    let value: UInt64
    /// How much it rose since the sample before; nil when there was none.
    let rise: UInt64?
    /// Milliseconds since the sample before.
    let interval: UInt64

    var tenthsPerSecond: UInt64? {
      rise.map { rise in
        let tenths = Int128(rise) * 10_000 + Int128(interval / 2)
        return UInt64(clamping: tenths / Int128(max(interval, 1)))
      }
    }
  }

  /// What one sample showed.
  struct Reading {
    /// Counters that this kernel does not have are left out.
    fileprivate(set) var rows: [Row] = []
    fileprivate(set) var gaps: [Gap] = []
  }

  private var before: [String: UInt64] = [:]
  private var last: UInt64?
  /// The last sample, unless an earlier one is shown.
  private(set) var reading = Reading()
  var rows: [Row] { reading.rows }
  var gaps: [Gap] { reading.gaps }
  private(set) var history = HistoryStore<String>()

  mutating func sample(
    in namespaces: [NetworkNamespace], through kernel: any Kernel, at moment: UInt64
  ) {
    reading = Reading()
    var sums: [String: UInt64] = [:]
    for namespace in namespaces { add(namespace, kernel, &sums) }
    let interval = last.map { moment - min($0, moment) } ?? 0
    reading.rows = WatchedCounter.all.compactMap { counter in
      guard let value = sums[counter.name] else { return nil }
      // A namespace that goes takes its counters along.
      let rise = before[counter.name].map { value -| $0 }
      return Row(counter: counter, value: value, rise: rise, interval: interval)
    }
    before = sums
    last = moment
    history.record(
      rows.compactMap { row in
        guard let rise = row.rise else { return nil }
        let isMarked = row.counter.isLoss && rise > 0
        return (row.counter.name, History.Moment(time: moment, value: rise, isMarked: isMarked))
      })
  }

  /// Shows an earlier sample again.
  mutating func show(_ earlier: Reading) { reading = earlier }

  private mutating func add(
    _ namespace: NetworkNamespace, _ kernel: any Kernel, _ sums: inout [String: UInt64]
  ) {
    guard let folder = namespace.tables else { return }
    for file in ["snmp", "netstat"] {
      do throws(KernelError) {
        let text = try kernel.contents(of: "\(folder)/\(file)")
        let table =
          file == "snmp" ? ProcNetSnmp.decode(text.span) : ProcNetNetstat.decode(text.span)
        add(table.counters, &sums)
        if let gap = table.gap(of: "\(folder)/\(file)") { reading.gaps.append(gap) }
      } catch {
        reading.gaps.append(Gap(missing: "counters of \(folder)/\(file)", reason: error.reason))
      }
    }
  }

  private func add(_ counters: [KernelCounter], _ sums: inout [String: UInt64]) {
    for counter in counters where WatchedCounter.groups[counter.name] == counter.group {
      let sum = Int128(sums[counter.name] ?? 0) + counter.value
      sums[counter.name] = UInt64(clamping: sum)
    }
  }
}

/// A counter of the kernel that tells of queues, drops or retransmissions.
struct WatchedCounter: Sendable {
  let group: String
  let name: String
  /// What makes it rise, in a few words.
  let meaning: String
  /// Something was lost or refused: worth a mark when it rises.
  let isLoss: Bool

  private init(_ group: String, _ name: String, _ meaning: String, loss: Bool = false) {
    self.group = group
    self.name = name
    self.meaning = meaning
    isLoss = loss
  }

  static let all: [WatchedCounter] = arrivals + acceptQueue + losses + retransmissions + datagrams

  /// The group of each counter by its name.
  static let groups = Dictionary(all.map { ($0.name, $0.group) }) { first, _ in first }

  private static let arrivals = [
    WatchedCounter("Tcp", "PassiveOpens", "connections that came in"),
    WatchedCounter("Tcp", "ActiveOpens", "connections begun from here"),
    WatchedCounter("Tcp", "AttemptFails", "handshakes that failed"),
    WatchedCounter("Tcp", "EstabResets", "connections that ended with a reset"),
    WatchedCounter("Tcp", "OutRsts", "resets sent"),
  ]

  private static let acceptQueue = [
    WatchedCounter(
      "TcpExt", "ListenOverflows", "accept queue full, each try of a client", loss: true),
    WatchedCounter(
      "TcpExt", "ListenDrops", "dropped at listeners, for that or other reasons", loss: true),
    WatchedCounter("TcpExt", "TCPReqQFullDrop", "SYN queue full: SYN dropped", loss: true),
    WatchedCounter("TcpExt", "TCPReqQFullDoCookies", "SYN queue full: SYN cookie sent"),
    WatchedCounter("TcpExt", "SyncookiesSent", "SYN cookies sent"),
    WatchedCounter(
      "TcpExt", "TCPDeferAcceptDrop", "ACKs without data at deferring listeners"),
  ]

  private static let losses = [
    WatchedCounter("TcpExt", "TCPBacklogDrop", "socket busy and its backlog full", loss: true),
    WatchedCounter("TcpExt", "TCPRcvQDrop", "receive queue full", loss: true),
    WatchedCounter("TcpExt", "TCPZeroWindowDrop", "data sent into a closed window", loss: true),
    WatchedCounter("TcpExt", "PruneCalled", "receive buffer full: tidied up"),
    WatchedCounter("TcpExt", "RcvPruned", "receive buffer full: data dropped", loss: true),
    WatchedCounter("TcpExt", "TCPAbortOnMemory", "connections given up for memory", loss: true),
    WatchedCounter("TcpExt", "TCPAbortOnTimeout", "connections given up, no answer", loss: true),
    WatchedCounter("TcpExt", "TCPTimeWaitOverflow", "no room for TIME-WAIT", loss: true),
  ]

  private static let retransmissions = [
    WatchedCounter("Tcp", "RetransSegs", "segments sent again"),
    WatchedCounter("TcpExt", "TCPTimeouts", "retransmission timers that expired"),
    WatchedCounter("TcpExt", "TCPSynRetrans", "SYN and SYN-ACK sent again"),
    WatchedCounter("TcpExt", "TCPFastRetrans", "sent again before the timer"),
    WatchedCounter("TcpExt", "TCPLostRetransmit", "lost once more when sent again"),
    WatchedCounter("TcpExt", "TCPSpuriousRTOs", "timers that expired too early"),
  ]

  private static let datagrams = [
    WatchedCounter("Udp", "RcvbufErrors", "UDP receive buffer full", loss: true),
    WatchedCounter("Udp", "SndbufErrors", "UDP send buffer full", loss: true),
    WatchedCounter("Udp", "NoPorts", "UDP to a port without a listener"),
  ]
}
