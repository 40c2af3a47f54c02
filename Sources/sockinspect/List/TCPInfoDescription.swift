import ProcNet

/// What a field of the kernel's `tcp_info` means, and ss's word for it.
struct TCPInfoDescription: Sendable {
  let field: TCPInfoField
  /// ss's word, `rtt`; empty when it shows none.
  let word: String
  /// A phrase without a full stop, and with what all fields have to say.
  let meaning: String
  let detail: String?

  private init(
    _ field: TCPInfoField, _ word: String, _ meaning: String, _ detail: String? = nil
  ) {
    (self.field, self.word, self.detail) = (field, word, detail)
    let unit = field.unit.words.map { meaning.lowercased().contains($0) ? "" : "\($0), " } ?? ""
    self.meaning = "\(meaning); \(unit)since Linux \(field.since)"
  }

  /// In the order of the structure.
  static let all: [TCPInfoDescription] = [
    .init(.state, "", "state of the connection, as the kernel's number"),
    .init(
      .caState, "",
      """
      state of congestion control: 0 open, 1 disorder, 2 congestion window reduced, 3 \
      recovery, 4 loss
      """,
      "3 and 4 mean that loss is being repaired."),
    .init(
      .retransmits, "",
      "how often in a row the retransmission timer has fired for the oldest data",
      "From 2 on something is wrong; see `retransmitting`."),
    .init(.probes, "", "window probes or keep-alive probes without an answer"),
    .init(.backoff, "backoff", "how often the time-out has been doubled", "See `retransmitting`."),
    .init(
      .options, "",
      "options of TCP that both ends agreed on, as bits",
      "On the screen: ts, sack, wscale, ecn, ecnseen, fastopen."),
    .init(
      .sndWscale, "",
      "by how many bits the windows that the peer announces are scaled",
      "On the screen the first number of wscale."),
    .init(
      .rcvWscale, "",
      "by how many bits the windows that this end announces are scaled",
      "On the screen the second number of wscale."),
    .init(
      .deliveryRateAppLimited, "app_limited",
      """
      the delivery rate was measured while the program did not write enough to fill the \
      way
      """,
      "The rate then says nothing of the network."),
    .init(
      .fastopenClientFail, "",
      """
      why TCP Fast Open did not work as a client: 0 unknown, 1 no cookie, 2 no answer to \
      data, 3 SYN lost
      """),
    .init(
      .rto, "rto",
      """
      retransmission time-out: how long the kernel waits for an acknowledgement before it \
      sends again
      """,
      """
      Follows from rtt; doubled for each retransmission, see `backoff`. On the screen in \
      milliseconds.
      """),
    .init(
      .ato, "ato",
      "how long an acknowledgement may be held back for data to go with it",
      "On the screen in milliseconds."),
    .init(.sndMss, "mss", "largest segment that is sent, in bytes of data"),
    .init(.rcvMss, "rcvmss", "size of the segments that arrive, as measured"),
    .init(
      .unacked, "unacked",
      """
      segments that were sent and are not acknowledged yet; of a listener: connections \
      waiting for accept
      """),
    .init(
      .sacked, "sacked",
      """
      segments that the peer has acknowledged selectively, beyond a gap; of a listener: \
      the limit of its queue
      """),
    .init(.lost, "lost", "segments that are taken for lost and not sent again yet"),
    .init(
      .retrans, "retrans",
      "segments that were sent again and are not acknowledged yet",
      "On the screen `retrans:now/total`; the second number is total_retrans."),
    .init(.fackets, "fackets", "used by old kernels for forward acknowledgement"),
    .init(
      .lastDataSent, "lastsnd",
      """
      time since data was sent last; of a connection in an accept queue: since the \
      handshake ended
      """),
    .init(
      .lastAckSent, "",
      "time since an acknowledgement was sent last; the kernel leaves it at 0"),
    .init(
      .lastDataRecv, "lastrcv",
      "time since data arrived last",
      "A long time on a connection that should be busy: ask the peer."),
    .init(
      .lastAckRecv, "lastack",
      "time since an acknowledgement arrived last: the last sign of life of the peer"),
    .init(.pmtu, "pmtu", "largest packet that fits the way, as far as is known"),
    .init(
      .rcvSsthresh, "rcv_ssthresh",
      "largest window that the kernel is ready to announce at present"),
    .init(
      .rtt, "rtt",
      "round-trip time, smoothed",
      """
      On the screen `rtt:mean/deviation`, in milliseconds. It includes the time by which \
      the peer holds acknowledgements back.
      """),
    .init(
      .rttvar, "",
      "mean deviation of the round-trip time",
      "On the screen the second number of rtt."),
    .init(
      .sndSsthresh, "ssthresh",
      "congestion window at which slow start ends",
      "Below it the window doubles each round trip."),
    .init(
      .sndCwnd, "cwnd",
      "congestion window: how many segments may be on their way at once",
      "Small after losses; times mss and divided by rtt it is the rate that is possible."),
    .init(.advmss, "advmss", "largest segment that this end has announced it will take"),
    .init(
      .reordering, "reordering",
      "by how many segments others may be overtaken before they count as lost"),
    .init(
      .rcvRtt, "rcv_rtt",
      "round-trip time as the receiver measures it",
      "On the screen in milliseconds."),
    .init(
      .rcvSpace, "rcv_space",
      "how much the program reads in a round trip; the receive buffer is sized by it"),
    .init(
      .totalRetrans, "",
      "segments sent again in the life of the connection",
      """
      On the screen the second number of retrans. Divided by `data_segs_out`: the rate of \
      loss.
      """),
    .init(
      .pacingRate, "pacing_rate",
      "rate at which the kernel spreads segments out",
      "On the screen in bits per second."),
    .init(
      .maxPacingRate, "",
      "limit of that rate: SO_MAX_PACING_RATE",
      "On the screen behind the pacing rate, if there is one."),
    .init(.bytesAcked, "bytes_acked", "bytes that the peer has acknowledged"),
    .init(.bytesReceived, "bytes_received", "bytes of data that arrived, in order"),
    .init(.segsOut, "segs_out", "segments sent, those without data included"),
    .init(.segsIn, "segs_in", "segments received, those without data included"),
    .init(
      .notsentBytes, "notsent",
      "bytes that the program has written and the kernel has not sent yet",
      "Large: the window or congestion holds them back."),
    .init(
      .minRtt, "minrtt",
      "smallest round-trip time of the last minutes",
      "Much larger rtt than this: a queue on the way is full."),
    .init(.dataSegsIn, "data_segs_in", "segments with data received"),
    .init(.dataSegsOut, "data_segs_out", "segments with data sent, retransmissions included"),
    .init(
      .deliveryRate, "delivery_rate",
      "rate at which data reached the peer lately",
      "On the screen in bits per second; see `delivery_rate_app_limited`."),
    .init(.busyTime, "busy", "time in which there was data to send"),
    .init(
      .rwndLimited, "rwnd_limited",
      "of the busy time: in which the peer's window was the limit",
      "A large share: the peer's program reads too slowly. See `peer-not-reading`."),
    .init(
      .sndbufLimited, "sndbuf_limited",
      "of the busy time: in which the send buffer was the limit",
      "A large share: SO_SNDBUF is too small for the distance."),
    .init(.delivered, "delivered", "segments with data that reached the peer"),
    .init(
      .deliveredCe, "delivered_ce",
      "of them: with the report that they had met congestion (ECN)"),
    .init(.bytesSent, "bytes_sent", "bytes of data sent, retransmissions included"),
    .init(.bytesRetrans, "bytes_retrans", "bytes of data sent again"),
    .init(
      .dsackDups, "dsack_dups",
      "segments that the peer reported as duplicates",
      "Retransmissions that were not needed."),
    .init(.reordSeen, "reord_seen", "how often segments were seen to have overtaken others"),
    .init(.rcvOoopack, "rcv_ooopack", "segments that arrived out of order"),
    .init(
      .sndWnd, "snd_wnd",
      "window that the peer has announced: for how many bytes it has room",
      "0: its program does not read."),
    .init(.rcvWnd, "", "window that this end has announced", "0: the program here does not read."),
    .init(.rehash, "", "how often another way through the network was tried"),
    .init(.totalRto, "", "how often the retransmission timer has fired"),
    .init(.totalRtoRecoveries, "", "how many times the connection recovered after such time-outs"),
    .init(.totalRtoTime, "", "time spent recovering from such time-outs"),
    .init(.receivedCe, "", "segments received with the mark that they had met congestion"),
    .init(.deliveredE1Bytes, "", "bytes that reached the peer with the mark ECT(1)"),
    .init(.deliveredE0Bytes, "", "bytes that reached the peer with the mark ECT(0)"),
    .init(
      .deliveredCeBytes, "",
      "bytes that reached the peer with the mark that they had met congestion"),
    .init(.receivedE1Bytes, "", "bytes received with the mark ECT(1)"),
    .init(.receivedE0Bytes, "", "bytes received with the mark ECT(0)"),
    .init(.receivedCeBytes, "", "bytes received with the mark that they had met congestion"),
  ]
}

extension TCPInfoField {
  /// The name with its unit: the JSON key, and with dashes the column's name.
  var key: String {
    switch unit {
    case .microseconds: "\(name)_us"
    case .milliseconds: "\(name)_ms"
    case .bytesPerSecond: "\(name)_bytes_per_s"
    default: name
    }
  }
}

extension TCPInfoField.Unit {
  /// Nil where there is nothing to say.
  fileprivate var words: String? {
    switch self {
    case .count, .flags: nil
    case .bytes: "bytes"
    case .segments: "segments"
    case .microseconds: "microseconds"
    case .milliseconds: "milliseconds"
    case .bytesPerSecond: "bytes per second"
    }
  }
}
