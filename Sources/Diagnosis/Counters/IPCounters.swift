/// The counters of IPv4 and IPv6.
enum IPCounters {
  /// IPv4 packets.
  static let ip = CounterDescription.list(
    (
      "Ip",
      [
        .init("Forwarding", .setting, "whether packets are forwarded: 1 yes, 2 no"),
        .init("DefaultTTL", .setting, "the time to live of packets that are sent"),
        .init("InReceives", "an IPv4 packet was received"),
        .init("InHdrErrors", "an IPv4 packet had a faulty header, or its time to live had ended"),
        .init(
          "InAddrErrors",
          "an IPv4 packet was for an address that is not valid here, or could not be forwarded"),
        .init("ForwDatagrams", "an IPv4 packet was to be forwarded"),
        .init("InUnknownProtos", "an IPv4 packet was for a protocol that this host does not speak"),
        .init(
          "InDiscards",
          """
          an IPv4 packet was dropped for lack of memory or the like, though nothing was wrong with \
          it
          """),
        .init("InDelivers", "an IPv4 packet was handed to its protocol"),
        .init("OutRequests", "a protocol of this host handed an IPv4 packet over to be sent"),
        .init(
          "OutDiscards",
          """
          an IPv4 packet could not be sent, for lack of memory or as the interface's queue was full
          """,
          "Packets are lost on this host."),
        .init("OutNoRoutes", "an IPv4 packet could not be sent since there was no route"),
        .init(
          "ReasmTimeout",
          "fragments of an IPv4 packet were thrown away since the rest did not come in time"),
        .init("ReasmReqds", "a fragment of an IPv4 packet arrived"),
        .init("ReasmOKs", "an IPv4 packet was put together from its fragments"),
        .init(
          "ReasmFails",
          "fragments of an IPv4 packet could not be put together",
          "Lost fragments, or too many at once; large UDP datagrams suffer first."),
        .init("FragOKs", "an IPv4 packet was cut into fragments"),
        .init(
          "FragFails",
          "an IPv4 packet should have been cut into fragments and must not be, or could not be",
          "Path MTU discovery at work; no harm as long as the ICMP errors get through."),
        .init("FragCreates", "a fragment of an IPv4 packet was made"),
        .init(
          "OutTransmits",
          "an IPv4 packet was handed on towards an interface, forwarded ones and fragments included"
        ),
      ]
    ))

  /// IPv4 traffic in octets, multicast, broadcast, and congestion marks.
  static let ipExt = CounterDescription.list(
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
          "A router on the path marks packets instead of dropping them."),
        .init(
          "ReasmOverlaps",
          "fragments of an IPv4 packet overlapped",
          "Faulty or hostile; such packets are dropped."),
      ]
    ))

  /// IPv6 packets.
  static let ip6 = CounterDescription.list(
    (
      "Ip6",
      [
        .init("InReceives", "an IPv6 packet was received"),
        .init("InHdrErrors", "an IPv6 packet had a faulty header, or its hop limit had ended"),
        .init(
          "InTooBigErrors",
          "an IPv6 packet was too large for the next link and could not be forwarded"),
        .init("InNoRoutes", "an IPv6 packet that arrived had no route to go on"),
        .init("InAddrErrors", "an IPv6 packet was for an address that is not valid here"),
        .init("InUnknownProtos", "an IPv6 packet was for a protocol that this host does not speak"),
        .init("InTruncatedPkts", "an IPv6 packet was shorter than its header says"),
        .init(
          "InDiscards",
          """
          an IPv6 packet was dropped for lack of memory or the like, though nothing was wrong with \
          it
          """),
        .init("InDelivers", "an IPv6 packet was handed to its protocol"),
        .init("OutForwDatagrams", "an IPv6 packet was forwarded"),
        .init("OutRequests", "a protocol of this host handed an IPv6 packet over to be sent"),
        .init(
          "OutDiscards",
          """
          an IPv6 packet could not be sent, for lack of memory or as the interface's queue was full
          """,
          "This host itself loses packets."),
        .init("OutNoRoutes", "an IPv6 packet could not be sent since there was no route"),
        .init(
          "ReasmTimeout",
          "fragments of an IPv6 packet were thrown away since the rest did not come in time"),
        .init("ReasmReqds", "a fragment of an IPv6 packet arrived"),
        .init("ReasmOKs", "an IPv6 packet was put together from its fragments"),
        .init(
          "ReasmFails",
          "fragments of an IPv6 packet could not be put together",
          "Lost fragments, or too many at once."),
        .init("FragOKs", "an IPv6 packet was cut into fragments"),
        .init(
          "FragFails",
          "an IPv6 packet should have been cut into fragments and must not be, or could not be"),
        .init("FragCreates", "a fragment of an IPv6 packet was made"),
        .init("InMcastPkts", "an IPv6 multicast packet was received"),
        .init("OutMcastPkts", "an IPv6 multicast packet was sent"),
        .init("InOctets", "an octet of an IPv6 packet was received"),
        .init("OutOctets", "an octet of an IPv6 packet was sent"),
        .init("InMcastOctets", "an octet of an IPv6 multicast packet was received"),
        .init("OutMcastOctets", "an octet of an IPv6 multicast packet was sent"),
        .init(
          "InBcastOctets", "an octet of a broadcast was received; IPv6 has none, so it stays 0"),
        .init("OutBcastOctets", "an octet of a broadcast was sent; IPv6 has none, so it stays 0"),
        .init(
          "InNoECTPkts",
          "an IPv6 packet arrived whose sender does not do explicit congestion notification"),
        .init("InECT1Pkts", "an IPv6 packet arrived with the mark ECT(1)"),
        .init("InECT0Pkts", "an IPv6 packet arrived with the mark ECT(0)"),
        .init(
          "InCEPkts",
          "an IPv6 packet arrived with the mark that it had met congestion",
          "A router on the path marks packets rather than drop them."),
        .init(
          "OutTransmits",
          "an IPv6 packet was handed on towards an interface, forwarded ones and fragments included"
        ),
      ]
    ))
}
