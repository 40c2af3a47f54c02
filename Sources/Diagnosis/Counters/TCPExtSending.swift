/// What a host sends, and what of it is lost.
enum TCPExtSending {
  /// Sending, congestion control, checks of what arrives.
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

  /// Loss and what is done about it.
  static let loss = CounterDescription.list(
    (
      "TcpExt",
      [
        .init(
          "TCPTimeouts",
          "a retransmission timer fired, that of a SYN included",
          """
          Nothing came back for a whole time-out: heavy loss, or a peer that has gone. Compare \
          with TcpOutSegs.
          """),
        .init(
          "TCPFastRetrans",
          "a segment was sent again after the peer had reported a gap",
          "Ordinary loss, repaired within a round trip."),
        .init(
          "TCPSlowStartRetrans",
          "a segment was sent again after a time-out, while sending starts slowly anew"),
        .init(
          "TCPLostRetransmit",
          "a segment that had been sent again was lost once more",
          "Loss comes in bursts."),
        .init(
          "TCPLossProbes",
          "the last segment was sent again early, to learn whether it was lost (tail loss probe)",
          "Normal; many of them mean that answers often stay out."),
        .init("TCPLossProbeRecovery", "a tail loss probe repaired a loss"),
        .init(
          "TCPSackRecovery",
          "recovery from a loss began on a connection with selective acknowledgements",
          "Loss on the way."),
        .init(
          "TCPRenoRecovery",
          "recovery from a loss began on a connection without selective acknowledgements",
          "Loss, with a peer or a firewall that does without SACK."),
        .init(
          "TCPSackRecoveryFail",
          "a time-out fired during recovery with selective acknowledgements",
          "More was lost than recovery could repair."),
        .init(
          "TCPRenoRecoveryFail",
          "a time-out fired during recovery without selective acknowledgements"),
        .init(
          "TCPSackFailures",
          "a time-out fired while gaps were being reported by selective acknowledgements"),
        .init(
          "TCPRenoFailures",
          "a time-out fired while gaps were being reported by repeated acknowledgements"),
        .init(
          "TCPLossFailures",
          "a time-out fired while an earlier one was still being repaired",
          "Heavy loss."),
        .init(
          "TCPSACKReneging",
          "a peer threw away data that it had acknowledged selectively",
          "Allowed and rare; the peer is out of memory."),
        .init(
          "TCPSACKReorder",
          "selective acknowledgements showed that segments had been overtaken rather than lost",
          "Several ways, or several queues, between the hosts."),
        .init(
          "TCPRenoReorder", "repeated acknowledgements showed that segments had been overtaken"),
        .init("TCPTSReorder", "a timestamp showed that a segment had been overtaken"),
        .init(
          "TCPFullUndo",
          "a slow-down was taken back: nothing had been lost at all",
          "Delay or reordering looked like loss."),
        .init(
          "TCPPartialUndo",
          "a slow-down was taken back during recovery: the segment had only been late"),
        .init(
          "TCPDSACKUndo",
          """
          a slow-down was taken back since the peer reported that all retransmissions were \
          duplicates
          """),
        .init(
          "TCPLossUndo",
          "a slow-down after a time-out was taken back",
          "The time-out was too early: the delay had jumped."),
        .init(
          "TCPSpuriousRTOs",
          "a time-out was found to have been too early (F-RTO)",
          "The delay of the path jumps, as in mobile networks."),
        .init(
          "TCPDSACKOldSent",
          "this host reported to a peer that data had arrived twice (D-SACK)",
          "The peer sends again too early, or our acknowledgements are lost."),
        .init(
          "TCPDSACKOfoSent",
          "this host reported to a peer that data out of order had arrived twice (D-SACK)"),
        .init(
          "TCPDSACKRecv",
          "a peer reported that data had arrived twice (D-SACK)",
          "We send again too early, or acknowledgements are lost."),
        .init(
          "TCPDSACKOfoRecv", "a peer reported that data out of order had arrived twice (D-SACK)"),
        .init(
          "TCPDSACKRecvSegs",
          "a segment was reported as a duplicate by a peer (D-SACK)",
          "Divided by TcpRetransSegs: the share of retransmissions that were needless."),
        .init(
          "TCPDSACKIgnoredOld",
          """
          a report of a duplicate was not valid and concerned data from before the last slow-down
          """),
        .init(
          "TCPDSACKIgnoredNoUndo",
          "a report of a duplicate was not valid, and there was no slow-down to take back"),
        .init(
          "TCPDSACKIgnoredDubious",
          "a report of duplicates was ignored since it covered more than had been sent again"),
        .init(
          "TCPSACKDiscard",
          "a selective acknowledgement was not valid and was ignored",
          "Old ones that arrive late, or a faulty peer or firewall."),
        .init(
          "TCPSackShifted",
          "segments were regrouped in memory for a selective acknowledgement",
          "Normal where there is loss."),
        .init(
          "TCPSackMerged",
          "segments were merged in memory for a selective acknowledgement",
          "Normal where loss occurs."),
        .init(
          "TCPSackShiftFallback",
          "segments should have been regrouped for a selective acknowledgement and could not be"),
        .init(
          "TcpTimeoutRehash",
          "a connection tried another way through the network after a time-out",
          "Loss on one of several ways."),
        .init(
          "TcpDuplicateDataRehash",
          """
          a connection tried another way for its acknowledgements since the peer sent the same \
          data again
          """),
        .init(
          "TCPPLBRehash",
          "a connection changed its way through the network to avoid congestion (PLB)"),
      ]
    ))
}
