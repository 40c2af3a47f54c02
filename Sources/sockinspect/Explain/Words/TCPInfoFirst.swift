extension TCPInfoDescription {
  /// The fields that all kernels have.
  static let first: [TCPInfoDescription] = [
    .init("state", "", "State of the connection, as the kernel's number."),
    .init(
      "ca_state",
      "",
      """
      State of congestion control: 0 open, 1 disorder, 2 congestion window reduced, 3 recovery, 4 \
      loss.
      """,
      "3 and 4 mean that loss is being repaired."),
    .init(
      "retransmits",
      "",
      "How often in a row the retransmission timer has fired for the oldest data.",
      "From 2 on something is wrong; see retransmitting."),
    .init("probes", "", "Window probes or keep-alive probes without an answer."),
    .init("backoff", "backoff", "How often the time-out has been doubled.", "See retransmitting."),
    .init(
      "options",
      "",
      "Options of TCP that both ends agreed on, as bits.",
      "On the screen: ts, sack, wscale, ecn, ecnseen, fastopen."),
    .init(
      "snd_wscale",
      "",
      "By how many bits the windows that the peer announces are scaled.",
      "On the screen the first number of wscale."),
    .init(
      "rcv_wscale",
      "",
      "By how many bits the windows that this end announces are scaled.",
      "On the screen the second number of wscale."),
    .init(
      "delivery_rate_app_limited",
      "app_limited",
      "The delivery rate was measured while the program did not write enough to fill the way.",
      "The rate then says nothing of the network."),
    .init(
      "fastopen_client_fail",
      "",
      """
      Why TCP Fast Open did not work as a client: 0 unknown, 1 no cookie, 2 no answer to data, 3 \
      SYN lost.
      """),
    .init(
      "rto_us",
      "rto",
      """
      Retransmission time-out: how long the kernel waits for an acknowledgement before it sends \
      again.
      """,
      """
      Follows from rtt; doubled for each retransmission, see backoff. On the screen in \
      milliseconds.
      """),
    .init(
      "ato_us",
      "ato",
      "How long an acknowledgement may be held back for data to go with it.",
      "On the screen in milliseconds."),
    .init("snd_mss", "mss", "Largest segment that is sent, in bytes of data."),
    .init("rcv_mss", "rcvmss", "Size of the segments that arrive, as measured."),
    .init(
      "unacked",
      "unacked",
      """
      Segments that were sent and are not acknowledged yet. Of a listener: connections waiting for \
      accept.
      """),
    .init(
      "sacked",
      "sacked",
      """
      Segments that the peer has acknowledged selectively, beyond a gap. Of a listener: the limit \
      of its queue.
      """),
    .init("lost", "lost", "Segments that are taken for lost and not sent again yet."),
    .init(
      "retrans",
      "retrans",
      "Segments that were sent again and are not acknowledged yet.",
      "On the screen `retrans:now/total`; the second number is total_retrans."),
    .init("fackets", "fackets", "Used by old kernels for forward acknowledgement."),
    .init(
      "last_data_sent_ms",
      "lastsnd",
      """
      Time since data was sent last. Of a connection in an accept queue: since the handshake \
      ended.
      """),
    .init(
      "last_ack_sent_ms",
      "",
      "Time since an acknowledgement was sent last; the kernel leaves it at 0."),
    .init(
      "last_data_recv_ms",
      "lastrcv",
      "Time since data arrived last.",
      "A long time on a connection that should be busy: ask the peer."),
    .init(
      "last_ack_recv_ms",
      "lastack",
      "Time since an acknowledgement arrived last: the last sign of life of the peer."),
    .init("pmtu", "pmtu", "Largest packet that fits the way, as far as is known."),
    .init(
      "rcv_ssthresh",
      "rcv_ssthresh",
      "Largest window that the kernel is ready to announce at present."),
    .init(
      "rtt_us",
      "rtt",
      "Round-trip time, smoothed.",
      """
      On the screen `rtt:mean/deviation`, in milliseconds. It includes the time by which the peer \
      holds acknowledgements back.
      """),
    .init(
      "rttvar_us",
      "",
      "Mean deviation of the round-trip time.",
      "On the screen the second number of rtt."),
    .init(
      "snd_ssthresh",
      "ssthresh",
      "Congestion window at which slow start ends.",
      "Below it the window doubles each round trip."),
    .init(
      "snd_cwnd",
      "cwnd",
      "Congestion window: how many segments may be on their way at once.",
      "Small after losses; times mss and divided by rtt it is the rate that is possible."),
    .init("advmss", "advmss", "Largest segment that this end has announced it will take."),
    .init(
      "reordering",
      "reordering",
      "By how many segments others may be overtaken before they count as lost."),
    .init(
      "rcv_rtt_us",
      "rcv_rtt",
      "Round-trip time as the receiver measures it.",
      "On the screen in milliseconds."),
  ]
}
