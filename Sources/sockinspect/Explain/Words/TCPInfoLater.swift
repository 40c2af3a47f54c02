extension TCPInfoDescription {
  /// The fields that came later.
  static let later: [TCPInfoDescription] = [
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
