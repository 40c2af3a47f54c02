/// Loss and what is done about it.
enum TCPExtLoss {
  static let counters = CounterDescription.list(
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
