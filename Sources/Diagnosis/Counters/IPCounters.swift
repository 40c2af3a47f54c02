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

/// The counters of ICMP for IPv4 and IPv6, and those of each type of message.
enum ICMPCounters {
  /// ICMP messages.
  static let icmp = CounterDescription.list(
    (
      "Icmp",
      [
        .init("InMsgs", "an ICMP message was received"),
        .init("InErrors", "an ICMP message was faulty or was not for this host"),
        .init("InCsumErrors", "an ICMP message had a wrong checksum"),
        .init(
          "InDestUnreachs",
          "an ICMP message \"destination unreachable\" was received",
          "Type 3: no route, no socket at that port, or a packet too large for a link (path MTU)."),
        .init("InTimeExcds", "an ICMP message \"time exceeded\" was received"),
        .init("InParmProbs", "an ICMP message \"parameter problem\" was received"),
        .init(
          "InSrcQuenchs",
          "an ICMP message \"source quench\" was received",
          "Obsolete; the kernel ignores it."),
        .init("InRedirects", "an ICMP message \"redirect\" was received"),
        .init("InEchos", "a ping was received"),
        .init("InEchoReps", "an answer to a ping was received"),
        .init("InTimestamps", "an ICMP timestamp request was received"),
        .init("InTimestampReps", "an answer to an ICMP timestamp request was received"),
        .init("InAddrMasks", "an ICMP address mask request was received"),
        .init("InAddrMaskReps", "an answer to an ICMP address mask request was received"),
        .init("OutMsgs", "an ICMP message was sent"),
        .init("OutErrors", "an ICMP message could not be sent"),
        .init(
          "OutRateLimitGlobal",
          "an ICMP message was not sent since this host sends too many in all",
          "See `net.ipv4.icmp_msgs_per_sec`."),
        .init(
          "OutRateLimitHost",
          "an ICMP message was not sent since too many go to the same host",
          "See `net.ipv4.icmp_ratelimit`."),
        .init(
          "OutDestUnreachs",
          "an ICMP message \"destination unreachable\" was sent",
          "For one, UDP datagrams for ports without a socket; see UdpNoPorts."),
        .init("OutTimeExcds", "an ICMP message \"time exceeded\" was sent"),
        .init("OutParmProbs", "an ICMP message \"parameter problem\" was sent"),
        .init(
          "OutSrcQuenchs", "an ICMP message \"source quench\" was sent", "Linux does not send it."),
        .init("OutRedirects", "an ICMP message \"redirect\" was sent"),
        .init("OutEchos", "a ping was sent through the kernel's own ICMP sockets or a raw one"),
        .init("OutEchoReps", "a ping was answered"),
        .init("OutTimestamps", "an ICMP timestamp request was sent"),
        .init("OutTimestampReps", "an ICMP timestamp request was answered"),
        .init("OutAddrMasks", "an ICMP address mask request was sent"),
        .init("OutAddrMaskReps", "an ICMP address mask request was answered"),
      ]
    ))

  /// ICMPv6 messages.
  static let icmp6 = CounterDescription.list(
    (
      "Icmp6",
      [
        .init("InMsgs", "an ICMPv6 message was received"),
        .init("InErrors", "an ICMPv6 message was faulty or was not for this host"),
        .init("OutMsgs", "an ICMPv6 message was sent"),
        .init("OutErrors", "an ICMPv6 message could not be sent"),
        .init("InCsumErrors", "an ICMPv6 message had a wrong checksum"),
        .init(
          "OutRateLimitHost",
          "an ICMPv6 message was not sent since too many go to the same host",
          "See `net.ipv6.icmp.ratelimit`."),
        .init("InDestUnreachs", "an ICMPv6 message \"destination unreachable\" was received"),
        .init(
          "InPktTooBigs",
          "an ICMPv6 message \"packet too big\" was received",
          """
          Path MTU discovery at work. Connections that stall with large packets only, and none of \
          these: something filters them.
          """),
        .init("InTimeExcds", "an ICMPv6 message \"time exceeded\" was received"),
        .init("InParmProblems", "an ICMPv6 message \"parameter problem\" was received"),
        .init("InEchos", "an IPv6 ping was received"),
        .init("InEchoReplies", "an answer to an IPv6 ping was received"),
        .init(
          "InGroupMembQueries",
          "a multicast router asked which IPv6 groups are wanted (MLD query)"),
        .init(
          "InGroupMembResponses", "another host reported that it wants an IPv6 group (MLD report)"),
        .init(
          "InGroupMembReductions",
          "another host reported that it has left an IPv6 group (MLD done)"),
        .init("InRouterSolicits", "a host asked for IPv6 routers"),
        .init("InRouterAdvertisements", "an IPv6 router announced itself"),
        .init("InNeighborSolicits", "a neighbour asked for an address (what ARP does for IPv4)"),
        .init("InNeighborAdvertisements", "a neighbour announced its address"),
        .init("InRedirects", "an ICMPv6 message \"redirect\" was received"),
        .init("InMLDv2Reports", "another host reported which IPv6 groups it wants (MLDv2)"),
        .init("OutDestUnreachs", "an ICMPv6 message \"destination unreachable\" was sent"),
        .init("OutPktTooBigs", "an ICMPv6 message \"packet too big\" was sent"),
        .init("OutTimeExcds", "an ICMPv6 message \"time exceeded\" was sent"),
        .init("OutParmProblems", "an ICMPv6 message \"parameter problem\" was sent"),
        .init("OutEchos", "an IPv6 ping was sent"),
        .init("OutEchoReplies", "an IPv6 ping was answered"),
        .init(
          "OutGroupMembQueries",
          "this host, as a multicast router, asked which IPv6 groups are wanted (MLD query)"),
        .init(
          "OutGroupMembResponses", "this host reported that it wants an IPv6 group (MLD report)"),
        .init(
          "OutGroupMembReductions", "this host reported that it has left an IPv6 group (MLD done)"),
        .init("OutRouterSolicits", "this host asked for IPv6 routers"),
        .init("OutRouterAdvertisements", "this host announced itself as an IPv6 router"),
        .init("OutNeighborSolicits", "this host asked a neighbour for its address"),
        .init("OutNeighborAdvertisements", "this host announced its address"),
        .init("OutRedirects", "an ICMPv6 message \"redirect\" was sent"),
        .init("OutMLDv2Reports", "this host reported which IPv6 groups it wants (MLDv2)"),
      ]
    ))

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
