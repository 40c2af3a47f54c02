extension CounterDictionary {
  /// ICMPv6 messages.
  static let icmp6Counters = describe(
    (
      "Icmp6",
      [
        .init("InMsgs", "an ICMPv6 message was received"),
        .init("InErrors", "an ICMPv6 message was faulty or did not concern anybody here"),
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
        .init("InNeighborAdvertisements", "a neighbour told its address"),
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
        .init("OutNeighborAdvertisements", "this host told a neighbour its address"),
        .init("OutRedirects", "an ICMPv6 message \"redirect\" was sent"),
        .init("OutMLDv2Reports", "this host reported which IPv6 groups it wants (MLDv2)"),
      ]
    ))
}
