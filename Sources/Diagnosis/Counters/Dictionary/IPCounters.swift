extension CounterDictionary {
  /// IPv4 packets.
  static let ipCounters = describe(
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
        .init("InUnknownProtos", "an IPv4 packet was for a protocol that nobody here speaks"),
        .init(
          "InDiscards",
          """
          an IPv4 packet was dropped for want of memory or the like, though nothing was wrong \
          with it
          """),
        .init("InDelivers", "an IPv4 packet was handed to its protocol"),
        .init("OutRequests", "a protocol of this host handed an IPv4 packet over to be sent"),
        .init(
          "OutDiscards",
          """
          an IPv4 packet could not be sent, for want of memory or as the interface's queue was full
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
}
