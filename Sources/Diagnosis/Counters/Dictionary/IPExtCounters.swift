extension CounterDictionary {
  /// IPv4 traffic in octets, multicast, broadcast, and congestion marks.
  static let ipExtCounters = describe(
    (
      "IpExt",
      [
        .init("InNoRoutes", "an IPv4 packet that arrived had no route to go on"),
        .init("InTruncatedPkts", "an IPv4 packet was shorter than its header says"),
        .init("InMcastPkts", "an IPv4 multicast packet was received"),
        .init("OutMcastPkts", "an IPv4 multicast packet was sent"),
        .init("InBcastPkts", "an IPv4 broadcast packet was received"),
        .init("OutBcastPkts", "an IPv4 broadcast packet was sent"),
        .init("InOctets", "an octet of an IPv4 packet was received"),
        .init("OutOctets", "an octet of an IPv4 packet was sent"),
        .init("InMcastOctets", "an octet of an IPv4 multicast packet was received"),
        .init("OutMcastOctets", "an octet of an IPv4 multicast packet was sent"),
        .init("InBcastOctets", "an octet of an IPv4 broadcast packet was received"),
        .init("OutBcastOctets", "an octet of an IPv4 broadcast packet was sent"),
        .init("InCsumErrors", "an IPv4 packet had a wrong header checksum"),
        .init(
          "InNoECTPkts",
          "an IPv4 packet arrived whose sender does not do explicit congestion notification"),
        .init("InECT1Pkts", "an IPv4 packet arrived with the mark ECT(1)"),
        .init("InECT0Pkts", "an IPv4 packet arrived with the mark ECT(0)"),
        .init(
          "InCEPkts",
          "an IPv4 packet arrived with the mark that it had met congestion",
          "A router on the way marks packets instead of dropping them."),
        .init(
          "ReasmOverlaps",
          "fragments of an IPv4 packet overlapped",
          "Faulty or hostile; such packets are dropped."),
      ]
    ))
}
