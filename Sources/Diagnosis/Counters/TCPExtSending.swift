/// Sending, congestion control, checks of what arrives.
enum TCPExtSending {
  static let counters = CounterDescription.list(
    (
      "TcpExt",
      [
        .init(
          "TCPOrigDataSent",
          "a data segment was sent for the first time",
          "Compare TcpRetransSegs with it for the rate of loss."),
        .init("TCPDelivered", "a data segment of ours was acknowledged"),
        .init(
          "TCPDeliveredCE",
          """
          a data segment of ours was acknowledged with the report that it had met congestion (ECN)
          """,
          "A queue on the way is filling up."),
        .init(
          "TCPAutoCorking",
          "a small write waited for more, since an earlier one had not left the host",
          "Normal; see `net.ipv4.tcp_autocorking`."),
        .init(
          "TCPHystartTrainDetect",
          "a connection stopped doubling its speed since acknowledgements came in long trains",
          "Normal."),
        .init(
          "TCPHystartTrainCwnd",
          "the congestion window at the moments counted in TCPHystartTrainDetect, added up",
          "Divided by that counter: the average window, in segments."),
        .init(
          "TCPHystartDelayDetect",
          "a connection stopped doubling its speed since the delay had grown",
          "A queue on the way was filling up."),
        .init(
          "TCPHystartDelayCwnd",
          "the congestion window at the moments counted in TCPHystartDelayDetect, added up",
          "Divided by that counter: the average window then, in segments."),
        .init("TCPMTUPSuccess", "a larger packet got through (path MTU probing)"),
        .init("TCPMTUPFail", "a larger packet did not get through (path MTU probing)"),
        .init(
          "TCPChallengeACK",
          """
          a doubtful segment, such as a reset that does not fit exactly, was answered with an \
          acknowledgement instead of being obeyed
          """,
          """
          Many may mean blind attempts to break connections, or a firewall that has lost its state.
          """
        ),
        .init(
          "TCPSYNChallenge",
          "a SYN arrived for a connection that exists and was answered with an acknowledgement",
          "A peer that has restarted, or address translation that reuses ports early."),
        .init(
          "TCPACKSkippedSynRecv",
          "an acknowledgement in SYN-RECV was left out, there had been one just before"),
        .init(
          "TCPACKSkippedPAWS",
          """
          an acknowledgement of a segment with an old timestamp was left out, there had been one \
          just before
          """),
        .init(
          "TCPACKSkippedSeq",
          """
          an acknowledgement of a segment outside of the window was left out, there had been one \
          just before
          """),
        .init(
          "TCPACKSkippedFinWait2",
          "an acknowledgement in FIN-WAIT-2 was left out, there had been one just before"),
        .init(
          "TCPACKSkippedTimeWait",
          "an acknowledgement in TIME-WAIT was left out, there had been one just before"),
        .init(
          "TCPACKSkippedChallenge",
          "a challenge acknowledgement was left out, since there had been too many"),
        .init(
          "PAWSActive",
          "the answer to our SYN was refused since its timestamp echoed none of ours",
          "Address translation or a load balancer that mixes hosts up."),
        .init(
          "PAWSEstab",
          """
          a segment of a connection was refused since its timestamp was older than one already seen
          """,
          "Old duplicates; many of them mean hosts behind one address with different clocks."),
        .init(
          "PAWSOldAck",
          "an acknowledgement with an older timestamp was refused, as segments overtook each other",
          "Harmless in small numbers."),
        .init(
          "PAWSTimewait",
          "a segment for a connection in TIME-WAIT was refused since its timestamp was too old",
          "Clients behind one address, with different clocks, may be unable to connect for a while."
        ),
        .init(
          "TSEcrRejected",
          "an ACK for a connection request was refused since its timestamp echoed none of ours"),
        .init(
          "OutOfWindowIcmps",
          "an ICMP error was ignored since it quoted data that was not in flight",
          "Stale, or an attempt to break connections."),
        .init(
          "LockDroppedIcmps",
          "an ICMP error came while a program held the socket, and was acted on only in part"),
        .init(
          "TCPMinTTLDrop",
          "a segment was dropped since it had come from farther away than IP_MINTTL allows"),
        .init(
          "IPReversePathFilter",
          "a packet was dropped since the way back to its source leads elsewhere (rp_filter)",
          "Asymmetric routes, or forged addresses. See `net.ipv4.conf.all.rp_filter`."),
        .init(
          "ArpFilter",
          "an ARP request was ignored since its answer belongs on another interface (arp_filter)"),
        .init(
          "TCPMD5NotFound",
          "a segment lacked the MD5 signature that its connection needs",
          "A peer, such as a BGP router, without the key."),
        .init(
          "TCPMD5Unexpected",
          "a segment had an MD5 signature though no key is set for its connection"),
        .init(
          "TCPMD5Failure",
          "the MD5 signature of a segment was wrong",
          "Different keys, or forged segments."),
        .init(
          "TCPAORequired",
          "a segment lacked the authentication (TCP-AO) that its connection needs"),
        .init(
          "TCPAOBad",
          "the authentication (TCP-AO) of a segment was wrong",
          "The ends have different keys, or an attacker forges segments."),
        .init(
          "TCPAOKeyNotFound",
          "a segment was authenticated (TCP-AO) with a key that is not known here"),
        .init("TCPAOGood", "a segment passed its authentication (TCP-AO)"),
        .init(
          "TCPAODroppedIcmps",
          "an ICMP error was ignored since the connection is authenticated (TCP-AO)"),
      ]
    ))
}
