extension CounterDictionary {
  /// ICMP messages.
  static let icmpCounters = describe(
    (
      "Icmp",
      [
        .init("InMsgs", "an ICMP message was received"),
        .init("InErrors", "an ICMP message was faulty or did not concern anybody here"),
        .init("InCsumErrors", "an ICMP message had a wrong checksum"),
        .init(
          "InDestUnreachs",
          "an ICMP message \"destination unreachable\" was received",
          "Type 3: no route, nobody at that port, or a packet too large for a link (path MTU)."),
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
          "For one, UDP datagrams for ports where nobody listens; see UdpNoPorts."),
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
}
