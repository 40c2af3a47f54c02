/// All counters that kernels export in `/proc/net/{netstat,snmp,snmp6,sockstat,sockstat6}`, with
/// what raises each of them: one file in `Dictionary/` for each topic and one line here.
public enum CounterDictionary {
  /// Those that have an entry of their own, in the order of `/proc`.
  public static let all: [CounterDescription] = tcp + udp + internet + multipath + socketCounters

  private static let tcp =
    tcpExtHandshakes + tcpExtReceiving + tcpExtEnding + tcpExtLoss + tcpExtSending + tcpCounters
  private static let udp = udpCounters
  private static let internet =
    ipCounters + ipExtCounters + icmpCounters + ip6Counters + icmp6Counters
  private static let multipath = mptcpConnections + mptcpTraffic

  private static let byName = Dictionary(
    all.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })

  /// What is known of a counter; nil for one that this version has never heard of.
  public static func description(of group: String, _ name: String) -> CounterDescription? {
    byName[group + name] ?? messageType(group, name)
  }
}

extension CounterDictionary {
  /// An entry of the dictionary without its group.
  struct Entry {
    let name: String
    let kind: CounterDescription.Kind
    let raised: String
    let meaning: String?

    init(_ name: String, _ raised: String, _ meaning: String? = nil) {
      self.init(name, .counter, raised, meaning)
    }

    init(
      _ name: String, _ kind: CounterDescription.Kind, _ raised: String,
      _ meaning: String? = nil
    ) {
      self.name = name
      self.kind = kind
      self.raised = raised
      self.meaning = meaning
    }
  }

  static func describe(_ groups: (name: String, entries: [Entry])...) -> [CounterDescription] {
    groups.flatMap { group in
      group.entries.map {
        CounterDescription(
          group: group.name, name: $0.name, kind: $0.kind, raised: $0.raised,
          meaning: $0.meaning)
      }
    }
  }
}
