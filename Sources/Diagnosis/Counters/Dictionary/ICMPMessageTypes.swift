extension CounterDictionary {
  /// `IcmpMsgInType3`, `Icmp6OutType135`: the kernel adds one when the first such message comes.
  static func messageType(_ group: String, _ name: String) -> CounterDescription? {
    guard group == "IcmpMsg" || group == "Icmp6" else { return nil }
    let isIncoming = name.hasPrefix("InType")
    guard isIncoming || name.hasPrefix("OutType"),
      let type = UInt8(name.dropFirst(isIncoming ? 6 : 7))
    else { return nil }
    let known = (group == "Icmp6" ? icmp6Types : icmpTypes)[type].map { " (\($0))" } ?? ""
    let message = "an \(group == "Icmp6" ? "ICMPv6" : "ICMP") message of type \(type)\(known)"
    return CounterDescription(
      group: group, name: name,
      raised: "\(message) was \(isIncoming ? "received" : "sent")")
  }

  private static let icmpTypes: [UInt8: String] = [
    0: "answer to a ping", 3: "destination unreachable", 4: "source quench", 5: "redirect",
    8: "ping", 9: "router advertisement", 10: "router solicitation", 11: "time exceeded",
    12: "parameter problem", 13: "timestamp request", 14: "answer to a timestamp request",
    17: "address mask request", 18: "answer to an address mask request",
  ]

  private static let icmp6Types: [UInt8: String] = [
    1: "destination unreachable", 2: "packet too big", 3: "time exceeded",
    4: "parameter problem", 128: "ping", 129: "answer to a ping", 130: "MLD query",
    131: "MLD report", 132: "MLD done", 133: "router solicitation",
    134: "router advertisement", 135: "neighbour solicitation",
    136: "neighbour advertisement", 137: "redirect", 143: "MLDv2 report",
  ]
}
