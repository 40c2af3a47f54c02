/// What a field of the kernel's `tcp_info` means, and ss's word for it.
struct TCPInfoDescription: Sendable {
  /// The column and the key of JSON: `rtt_us`.
  let key: String
  /// ss's word, `rtt`; empty when it shows none.
  let word: String
  let means: String
  let more: String?

  init(_ key: String, _ word: String, _ means: String, _ more: String? = nil) {
    self.key = key
    self.word = word
    self.means = means
    self.more = more
  }

  /// In the order of the structure.
  static let all: [TCPInfoDescription] = [
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
    .init(
      "rcv_space",
      "rcv_space",
      "How much the program reads in a round trip; the receive buffer is sized by it."),
    .init(
      "total_retrans",
      "",
      "Segments sent again in the life of the connection.",
      "On the screen the second number of retrans. Divided by data_segs_out: the rate of loss."),
    .init(
      "pacing_rate_bytes_per_s",
      "pacing_rate",
      "Rate at which the kernel spreads segments out.",
      "On the screen in bits per second."),
    .init(
      "max_pacing_rate_bytes_per_s",
      "",
      "Limit of that rate: SO_MAX_PACING_RATE.",
      "On the screen behind the pacing rate, if there is one."),
    .init("bytes_acked", "bytes_acked", "Bytes that the peer has acknowledged."),
    .init("bytes_received", "bytes_received", "Bytes of data that arrived, in order."),
    .init("segs_out", "segs_out", "Segments sent, those without data included."),
    .init("segs_in", "segs_in", "Segments received, those without data included."),
    .init(
      "notsent_bytes",
      "notsent",
      "Bytes that the program has written and the kernel has not sent yet.",
      "Large: the window or congestion holds them back."),
    .init(
      "min_rtt_us",
      "minrtt",
      "Smallest round-trip time of the last minutes.",
      "Much larger rtt than this: a queue on the way is full."),
    .init("data_segs_in", "data_segs_in", "Segments with data received."),
    .init("data_segs_out", "data_segs_out", "Segments with data sent, retransmissions included."),
    .init(
      "delivery_rate_bytes_per_s",
      "delivery_rate",
      "Rate at which data reached the peer lately.",
      "On the screen in bits per second; see app_limited."),
    .init("busy_time_us", "busy", "Time in which there was data to send."),
    .init(
      "rwnd_limited_us",
      "rwnd_limited",
      "Of the busy time: in which the peer's window was the limit.",
      "A large share: the peer's program reads too slowly. See peer-not-reading."),
    .init(
      "sndbuf_limited_us",
      "sndbuf_limited",
      "Of the busy time: in which the send buffer was the limit.",
      "A large share: SO_SNDBUF is too small for the distance."),
    .init("delivered", "delivered", "Segments with data that reached the peer."),
    .init(
      "delivered_ce",
      "delivered_ce",
      "Of them: with the report that they had met congestion (ECN)."),
    .init("bytes_sent", "bytes_sent", "Bytes of data sent, retransmissions included."),
    .init("bytes_retrans", "bytes_retrans", "Bytes of data sent again."),
    .init(
      "dsack_dups",
      "dsack_dups",
      "Segments that the peer reported as duplicates.",
      "Retransmissions that were not needed."),
    .init("reord_seen", "reord_seen", "How often segments were seen to have overtaken others."),
    .init("rcv_ooopack", "rcv_ooopack", "Segments that arrived out of order."),
    .init(
      "snd_wnd",
      "snd_wnd",
      "Window that the peer has announced: for how many bytes it has room.",
      "0: its program does not read."),
    .init(
      "rcv_wnd",
      "",
      "Window that this end has announced.",
      "0: the program here does not read."),
    .init("rehash", "", "How often another way through the network was tried."),
    .init("total_rto", "", "How often the retransmission timer has fired."),
    .init(
      "total_rto_recoveries",
      "",
      "How many times the connection recovered after such time-outs."),
    .init("total_rto_time_ms", "", "Time spent recovering from such time-outs."),
    .init("received_ce", "", "Segments received with the mark that they had met congestion."),
    .init("delivered_e1_bytes", "", "Bytes that reached the peer with the mark ECT(1)."),
    .init("delivered_e0_bytes", "", "Bytes that reached the peer with the mark ECT(0)."),
    .init(
      "delivered_ce_bytes",
      "",
      "Bytes that reached the peer with the mark that they had met congestion."),
    .init("received_e1_bytes", "", "Bytes received with the mark ECT(1)."),
    .init("received_e0_bytes", "", "Bytes received with the mark ECT(0)."),
    .init("received_ce_bytes", "", "Bytes received with the mark that they had met congestion."),
  ]
}
