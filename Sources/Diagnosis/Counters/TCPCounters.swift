/// The counters of TCP and UDP, and of sockets in use (`snmp`, `snmp6`, `sockstat`, `sockstat6`).
enum TCPCounters {
  /// TCP as the SNMP standard counts it.
  static let tcp = CounterDescription.list(
    (
      "Tcp",
      [
        .init(
          "RtoAlgorithm", .setting,
          "how time-outs are computed: 1 is \"other\", and the kernel always says so"),
        .init("RtoMin", .setting, "the shortest retransmission time-out, in milliseconds"),
        .init("RtoMax", .setting, "the longest retransmission time-out, in milliseconds"),
        .init("MaxConn", .setting, "the highest number of connections: -1, for no fixed limit"),
        .init("ActiveOpens", "a program called connect and a SYN was sent"),
        .init(
          "PassiveOpens",
          "a handshake at a listener was finished",
          "Connections that clients made; they need not have been accepted yet."),
        .init(
          "AttemptFails",
          "a connection ended before it was established: refused, reset or given up",
          """
          As a client: no listener at the port, or no answer. As a server: port scans, and clients \
          that give up.
          """),
        .init(
          "EstabResets",
          "a connection was reset in ESTAB or CLOSE-WAIT",
          "Peers or programs that break connections off. See TcpOutRsts and TCPAbortOnClose."),
        .init(
          "CurrEstab", .level,
          "connections in ESTAB or CLOSE-WAIT at this moment, those that wait for accept included"),
        .init("InSegs", "a segment was received, a faulty one included"),
        .init("OutSegs", "a segment was sent, retransmissions excluded"),
        .init(
          "RetransSegs",
          "a segment was sent again, SYNs included",
          """
          Divided by TcpExtTCPOrigDataSent: the rate of loss, roughly. Below 1 % is common on the \
          internet, above some percent users notice.
          """),
        .init(
          "InErrs",
          "a segment was faulty: checksum or header",
          "Faulty hardware or drivers, or software that forges packets."),
        .init(
          "OutRsts",
          "a reset was sent",
          """
          A client connects to a port without a listener, a program closes with unread data, or a \
          peer sends to a connection that is gone.
          """),
        .init(
          "InCsumErrors",
          "a TCP segment had a wrong checksum",
          "Faulty hardware, or a driver whose checksum offload is broken."),
      ]
    ))

  /// Datagrams: the same nine for each of the four protocols.
  static let udp =
    datagrams("Udp", "UDP") + datagrams("UdpLite", "UDP-Lite")
    + datagrams("Udp6", "UDP (IPv6)") + datagrams("UdpLite6", "UDP-Lite (IPv6)")

  private static func datagrams(_ group: String, _ kind: String) -> [CounterDescription] {
    CounterDescription.list((group, traffic(kind) + drops(kind, group)))
  }

  private static func traffic(_ kind: String) -> [CounterDescription.Entry] {
    [
      .init("InDatagrams", "a program read a \(kind) datagram"),
      .init(
        "NoPorts", "a \(kind) datagram came for a port without a socket",
        "Its sender learns of it by ICMP. A server that is down, or a port scan."),
      .init("OutDatagrams", "a \(kind) datagram was sent"),
      .init(
        "IgnoredMulti", "a \(kind) multicast datagram came that no socket of this host wants"),
    ]
  }

  private static func drops(_ kind: String, _ group: String) -> [CounterDescription.Entry] {
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
        "SndbufErrors", "a \(kind) datagram could not be sent for lack of room or memory",
        "The program learns of it, if it asks for that, or the interface's queue was full."),
      .init(
        "InCsumErrors", "a \(kind) datagram had a wrong checksum",
        "Faulty hardware, drivers or software in between."),
      .init(
        "MemErrors",
        "a \(kind) datagram was dropped since all such sockets together have too much memory",
        "See `net.ipv4.udp_mem`, and mem of UDP in sockstat."),
    ]
  }

  /// How many sockets there are, and their memory.
  static let sockets = CounterDescription.list(
    (
      "sockets",
      [
        .init("used", .level, "sockets of all families in use, in the namespace")
      ]
    ),
    (
      "TCP",
      [
        .init("inuse", .level, "TCP sockets of IPv4 in the namespace, TIME-WAIT excluded"),
        .init(
          "orphan", .level,
          """
          TCP connections of the whole host that their programs have closed and the kernel still \
          finishes
          """,
          "Limited by `net.ipv4.tcp_max_orphans`; see orphan-pressure."),
        .init(
          "tw", .level,
          "connections of the namespace in TIME-WAIT",
          "Limited by `net.ipv4.tcp_max_tw_buckets`."),
        .init(
          "alloc", .level,
          "TCP sockets of the whole host, closed ones that are not freed yet included"),
        .init(
          "mem", .level,
          "memory of all TCP sockets of the whole host, in pages",
          "Limited by `net.ipv4.tcp_mem`; see tcp-memory."),
      ]
    ),
    (
      "UDP",
      [
        .init("inuse", .level, "UDP sockets of IPv4 in the namespace"),
        .init(
          "mem", .level,
          "memory of all UDP sockets of the whole host, in pages",
          "Limited by `net.ipv4.udp_mem`."),
      ]
    ),
    (
      "UDPLITE",
      [
        .init("inuse", .level, "UDP-Lite sockets of IPv4 in the namespace")
      ]
    ),
    (
      "RAW",
      [
        .init("inuse", .level, "raw sockets of IPv4 in the namespace")
      ]
    ),
    (
      "FRAG",
      [
        .init("inuse", .level, "IPv4 packets that wait for the rest of their fragments"),
        .init(
          "memory", .level,
          "memory of IPv4 fragments that wait, in bytes",
          "Limited by `net.ipv4.ipfrag_high_thresh`."),
      ]
    ),
    (
      "TCP6",
      [
        .init("inuse", .level, "TCP sockets of IPv6 in the namespace, TIME-WAIT excluded")
      ]
    ),
    (
      "UDP6",
      [
        .init("inuse", .level, "UDP sockets of IPv6 in the namespace")
      ]
    ),
    (
      "UDPLITE6",
      [
        .init("inuse", .level, "UDP-Lite sockets of IPv6 in the namespace")
      ]
    ),
    (
      "RAW6",
      [
        .init("inuse", .level, "raw sockets of IPv6 in the namespace")
      ]
    ),
    (
      "FRAG6",
      [
        .init("inuse", .level, "IPv6 packets that wait for the rest of their fragments"),
        .init(
          "memory", .level,
          "memory of IPv6 fragments that wait, in bytes",
          "Limited by `net.ipv6.ip6frag_high_thresh`."),
      ]
    ))
}
