extension CounterDictionary {
  /// TCP as the SNMP standard counts it.
  static let tcpCounters = describe(
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
          As a client: nobody listens there, or no answer. As a server: port scans, and clients \
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
          Somebody connects where nobody listens, a program closed with unread data, or a peer \
          sent to a connection that is gone.
          """),
        .init(
          "InCsumErrors",
          "a TCP segment had a wrong checksum",
          "Faulty hardware, or a driver whose checksum offload is broken."),
      ]
    ))
}
