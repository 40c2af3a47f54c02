extension CounterDictionary {
  /// Datagrams: the same nine for each of the four protocols.
  static let udpCounters =
    datagrams("Udp", "UDP") + datagrams("UdpLite", "UDP-Lite")
    + datagrams("Udp6", "UDP (IPv6)") + datagrams("UdpLite6", "UDP-Lite (IPv6)")

  private static func datagrams(_ group: String, _ kind: String) -> [CounterDescription] {
    describe((group, traffic(kind) + drops(kind, group)))
  }

  private static func traffic(_ kind: String) -> [Entry] {
    [
      .init("InDatagrams", "a program read a \(kind) datagram"),
      .init(
        "NoPorts", "a \(kind) datagram came for a port where nobody listens",
        "Its sender was told so by ICMP. A server that is down, or a port scan."),
      .init("OutDatagrams", "a \(kind) datagram was sent"),
      .init(
        "IgnoredMulti", "a \(kind) multicast datagram came that no socket of this host wants"),
    ]
  }

  private static func drops(_ kind: String, _ group: String) -> [Entry] {
    [
      .init(
        "InErrors",
        "a \(kind) datagram could not be delivered: no room, no memory or a wrong checksum",
        "The sum of \(group)RcvbufErrors, \(group)MemErrors, \(group)InCsumErrors and a few more."),
      .init(
        "RcvbufErrors",
        "a \(kind) datagram was dropped since the receive buffer of its socket was full",
        "A program reads too slowly. `ss -uanm` shows which: d of skmem; see udp-drops."),
      .init(
        "SndbufErrors", "a \(kind) datagram could not be sent for want of room or memory",
        "The program was told so, if it asks for that, or the interface's queue was full."),
      .init(
        "InCsumErrors", "a \(kind) datagram had a wrong checksum",
        "Faulty hardware, drivers or software in between."),
      .init(
        "MemErrors",
        "a \(kind) datagram was dropped since all such sockets together have too much memory",
        "See `net.ipv4.udp_mem`, and mem of UDP in sockstat."),
    ]
  }
}
