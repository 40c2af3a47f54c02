/// The meaning of one of the kernel's counters, whatever its value.
public struct CounterDescription: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Rises from 0 as long as its network namespace lives.
    case counter
    /// How many there are at the moment: goes up and down.
    case level
    /// A setting, or a number that never changes: a rate would mean nothing.
    case setting
  }

  /// As `/proc` spells it: `TcpExt`, `Tcp`, `UDP6`, `sockets`.
  public let group: String
  /// `ListenOverflows`.
  public let name: String
  public let kind: Kind
  /// Of a counter what raises it, the rest of a sentence that begins with "rises each time"; of
  /// the other kinds what it is.
  public let raised: String
  /// What it means for the host; nil where there is no more to say.
  public let meaning: String?

  /// nstat's spelling: `TcpExtListenOverflows`.
  public var fullName: String { group + name }

  public init(
    group: String, name: String, kind: Kind = .counter, raised: String, meaning: String? = nil
  ) {
    self.group = group
    self.name = name
    self.kind = kind
    self.raised = raised
    self.meaning = meaning
  }

  /// A description without its group, as the topics list it.
  struct Entry {
    let name: String
    let kind: Kind
    let raised: String
    let meaning: String?

    init(_ name: String, _ raised: String, _ meaning: String? = nil) {
      self.init(name, .counter, raised, meaning)
    }

    init(
      _ name: String, _ kind: Kind, _ raised: String,
      _ meaning: String? = nil
    ) {
      self.name = name
      self.kind = kind
      self.raised = raised
      self.meaning = meaning
    }
  }

  static func list(_ groups: (name: String, entries: [Entry])...) -> [CounterDescription] {
    groups.flatMap { group in
      group.entries.map {
        CounterDescription(
          group: group.name, name: $0.name, kind: $0.kind, raised: $0.raised,
          meaning: $0.meaning)
      }
    }
  }
}

/// All counters that kernels export in `/proc/net/{netstat,snmp,snmp6,sockstat,sockstat6}`, with
/// what raises each of them: one file in `Counters/` for each topic and one line here.
public enum CounterDictionary {
  /// Those that have an entry of their own, in the order of `/proc`.
  public static let all: [CounterDescription] = tcp + internet + multipath + TCPCounters.sockets

  private static let tcp =
    TCPExtConnections.handshakes + TCPExtReceiving.counters + TCPExtConnections.endings
    + TCPExtSending.loss + TCPExtSending.counters + TCPCounters.tcp + TCPCounters.udp
  private static let internet =
    IPCounters.ip + IPCounters.ipExt + ICMPCounters.icmp + IPCounters.ip6 + ICMPCounters.icmp6
  private static let multipath = MPTCPCounters.connections + MPTCPCounters.traffic

  private static let byName = Dictionary(
    all.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })

  /// The meaning of a counter; nil for one that this version does not know.
  public static func description(of group: String, _ name: String) -> CounterDescription? {
    byName[group + name] ?? ICMPCounters.messageType(group, name)
  }

  /// The counters to look at when a server does not answer: queues, SYN, resets, retransmission,
  /// memory, in this order.
  public static let listen: [String] =
    queues + handshakes + resets + retransmission + memory

  private static let queues = [
    "TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPReqQFullDrop",
    "TcpExtTCPReqQFullDoCookies", "TcpExtTCPDeferAcceptDrop", "TcpExtTCPMigrateReqFailure",
    "TcpExtTCPFastOpenListenOverflow", "UdpRcvbufErrors", "Udp6RcvbufErrors",
  ]

  private static let handshakes = [
    "TcpActiveOpens", "TcpPassiveOpens", "TcpAttemptFails", "TcpCurrEstab",
    "TcpExtTCPSynRetrans", "TcpExtSyncookiesSent", "TcpExtSyncookiesRecv",
    "TcpExtSyncookiesFailed", "TCPtw", "TcpExtTCPTimeWaitOverflow",
  ]

  private static let resets = [
    "TcpEstabResets", "TcpOutRsts", "TcpExtEmbryonicRsts", "TcpExtTCPAbortOnData",
    "TcpExtTCPAbortOnClose", "TcpExtTCPAbortOnTimeout", "TcpExtTCPAbortOnMemory",
  ]

  private static let retransmission = [
    "TcpRetransSegs", "TcpExtTCPTimeouts", "TcpExtTCPLostRetransmit", "TcpExtTCPRetransFail",
    "TcpExtTCPWinProbe", "TcpExtTCPToZeroWindowAdv",
  ]

  private static let memory = [
    "TCPmem", "TCPorphan", "UDPmem", "TcpExtTCPMemoryPressures", "TcpExtPruneCalled",
    "TcpExtRcvPruned", "TcpExtTCPRcvQDrop", "TcpExtTCPBacklogDrop", "TcpExtTCPOFODrop",
    "TcpExtTCPZeroWindowDrop", "UdpMemErrors",
  ]
}
