/// `struct tcp_info` of `linux/tcp.h`, as many bytes of it as the kernel sent.
///
/// The structure grows at its end with new kernels. Fields beyond the received length are nil, so
/// an old kernel's answer and a new one's are both read right.
public struct TCPInfo: Sendable, Hashable {
  /// The structure as it arrived, in the host's byte order, the fields that we do not know
  /// included.
  public let bytes: [UInt8]

  /// Takes the bytes of an answer (`INET_DIAG_INFO`, or `getsockopt` with `TCP_INFO`), of any
  /// length.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The value of a field; nil when this kernel's structure ends before it, and when its value
  /// stands for "none".
  public subscript(_ field: TCPInfoField) -> UInt64? { self[field.place] }

  /// The same by the field's place alone, for loops over all fields of many sockets.
  public subscript(_ place: TCPInfoField.Place) -> UInt64? {
    guard place.offset + place.width <= bytes.count else { return nil }
    let span = bytes.span
    let value: UInt64 =
      switch place.width {
      case 1: UInt64(span[place.offset])
      case 2: UInt64(span.number16(at: place.offset))
      case 4: UInt64(span.number32(at: place.offset))
      default: span.number64(at: place.offset)
      }
    return value == place.unset ? nil : (value >> UInt64(place.bitShift)) & place.bitMask
  }
}

/// One field of `struct tcp_info`: where it stands, what it means, since when it exists.
///
/// The fields are those of `linux/tcp.h` to Linux 6.18 (280 bytes), in its order. A test compares
/// offsets and widths with the installed header as far as that one goes. The last four bytes (at
/// 276) are left out: 6.18 has two 16-bit numbers there, later kernels bit fields of other widths,
/// and the length is the same, so a value could not be told from its neighbour's.
public struct TCPInfoField: Sendable, Hashable {
  /// The kernel's name without `tcpi_`; the JSON key is this name and the unit.
  public let name: String
  /// Where in the structure it stands.
  public let place: Place
  /// What its number counts.
  public let unit: Unit
  /// The Linux version that brought the field.
  public let since: String

  /// Where the field's bits are.
  public struct Place: Sendable, Hashable {
    /// Bytes from the beginning of the structure.
    public let offset: Int
    /// Bytes.
    public let width: Int
    /// Bit fields: how far to shift right, and how many bits remain.
    public let bitShift: Int
    /// Bits that remain after the shift; all of the width for a field of whole bytes.
    public let bitCount: Int
    /// The value by which the kernel says "none": no limit, not measured.
    public let unset: UInt64?

    fileprivate var bitMask: UInt64 { bitCount >= 64 ? .max : (1 << UInt64(bitCount)) - 1 }
  }

  /// What the numbers of fields count; the raw value is the word for programs.
  public enum Unit: String, Sendable {
    /// A number of things or times, or a code.
    case count
    /// Bytes of data.
    case bytes
    /// TCP segments, without what is added below TCP.
    case segments
    /// Millionths of a second.
    case microseconds
    /// Thousandths of a second.
    case milliseconds
    /// Bytes, not bits.
    case bytesPerSecond
    /// Bits that each mean something.
    case flags
  }

  /// Bytes from the beginning of the structure.
  public var offset: Int { place.offset }
  /// Bytes that it takes; a bit field shares them with its neighbours.
  public var width: Int { place.width }

  init(
    _ name: String, _ offset: Int, _ width: Int, _ unit: Unit, _ since: String, shift: Int = 0,
    bits: Int? = nil, unset: UInt64? = nil
  ) {
    self.name = name
    place = Place(
      offset: offset, width: width, bitShift: shift, bitCount: bits ?? width * 8,
      unset: unset)
    self.unit = unit
    self.since = since
  }

  /// `tcpi_state`: the state of the connection, as `SocketState` numbers it.
  public static let state = TCPInfoField("state", 0, 1, .count, "2.4")
  /// `tcpi_ca_state`: state of congestion control: 0 open, 1 disorder, 2 congestion window reduced,
  /// 3 recovery, 4 loss.
  public static let caState = TCPInfoField("ca_state", 1, 1, .count, "2.4")
  /// `tcpi_retransmits`: how often in a row the retransmission timer has fired for the oldest data.
  public static let retransmits = TCPInfoField("retransmits", 2, 1, .count, "2.4")
  /// `tcpi_probes`: window probes or keepalive probes without an answer.
  public static let probes = TCPInfoField("probes", 3, 1, .count, "2.4")
  /// `tcpi_backoff`: how often the time-out has been doubled.
  public static let backoff = TCPInfoField("backoff", 4, 1, .count, "2.4")
  /// `tcpi_options`: options that both ends agreed on: 1 timestamps, 2 SACK, 4 window scaling, 8
  /// ECN, 16 ECN was seen, 32 data in the SYN was acknowledged.
  public static let options = TCPInfoField("options", 5, 1, .flags, "2.4")
  /// `tcpi_snd_wscale`: by how many bits the windows that the peer announces are scaled.
  public static let sndWscale = TCPInfoField("snd_wscale", 6, 1, .count, "2.4", shift: 0, bits: 4)
  /// `tcpi_rcv_wscale`: by how many bits the windows that this end announces are scaled.
  public static let rcvWscale = TCPInfoField("rcv_wscale", 6, 1, .count, "2.4", shift: 4, bits: 4)
  /// `tcpi_delivery_rate_app_limited`: 1 where the delivery rate was measured while the program
  /// wrote too little to fill the way.
  public static let deliveryRateAppLimited = TCPInfoField(
    "delivery_rate_app_limited", 7, 1, .flags, "4.9", shift: 0, bits: 1)
  /// `tcpi_fastopen_client_fail`: why TCP Fast Open did not work as a client: 0 unknown, 1 no
  /// cookie, 2 no answer to data, 3 SYN lost.
  public static let fastopenClientFail = TCPInfoField(
    "fastopen_client_fail", 7, 1, .count, "5.5", shift: 1, bits: 2)
  /// `tcpi_rto`: how long the kernel waits for an acknowledgement before it sends again.
  public static let rto = TCPInfoField("rto", 8, 4, .microseconds, "2.4")
  /// `tcpi_ato`: how long an acknowledgement may be held back for data to go with it.
  public static let ato = TCPInfoField("ato", 12, 4, .microseconds, "2.4")
  /// `tcpi_snd_mss`: the largest segment that is sent, in bytes of data.
  public static let sndMss = TCPInfoField("snd_mss", 16, 4, .bytes, "2.4")
  /// `tcpi_rcv_mss`: the size of the segments that arrive, as measured.
  public static let rcvMss = TCPInfoField("rcv_mss", 20, 4, .bytes, "2.4")
  /// `tcpi_unacked`: segments sent and not acknowledged yet; of a listener, connections waiting for
  /// accept.
  public static let unacked = TCPInfoField("unacked", 24, 4, .segments, "2.4")
  /// `tcpi_sacked`: segments acknowledged selectively, beyond a gap; of a listener, the limit of
  /// its accept queue.
  public static let sacked = TCPInfoField("sacked", 28, 4, .segments, "2.4")
  /// `tcpi_lost`: segments that are taken for lost and not sent again yet.
  public static let lost = TCPInfoField("lost", 32, 4, .segments, "2.4")
  /// `tcpi_retrans`: segments that were sent again and are not acknowledged yet.
  public static let retrans = TCPInfoField("retrans", 36, 4, .segments, "2.4")
  /// `tcpi_fackets`: what old kernels used for forward acknowledgement.
  public static let fackets = TCPInfoField("fackets", 40, 4, .segments, "2.4")
  /// `tcpi_last_data_sent`: time since data was sent last; of a connection in an accept queue,
  /// since its handshake ended.
  public static let lastDataSent = TCPInfoField("last_data_sent", 44, 4, .milliseconds, "2.4")
  /// `tcpi_last_ack_sent`: always 0, the kernel does not remember it.
  public static let lastAckSent = TCPInfoField("last_ack_sent", 48, 4, .milliseconds, "2.4")
  /// `tcpi_last_data_recv`: time since data arrived last.
  public static let lastDataRecv = TCPInfoField("last_data_recv", 52, 4, .milliseconds, "2.4")
  /// `tcpi_last_ack_recv`: time since an acknowledgement arrived last.
  public static let lastAckRecv = TCPInfoField("last_ack_recv", 56, 4, .milliseconds, "2.4")
  /// `tcpi_pmtu`: the largest packet that fits the way, as far as is known.
  public static let pmtu = TCPInfoField("pmtu", 60, 4, .bytes, "2.4")
  /// `tcpi_rcv_ssthresh`: the largest window that the kernel is ready to announce at present.
  public static let rcvSsthresh = TCPInfoField("rcv_ssthresh", 64, 4, .bytes, "2.4")
  /// `tcpi_rtt`: the round-trip time, smoothed; it includes what the peer holds acknowledgements
  /// back by.
  public static let rtt = TCPInfoField("rtt", 68, 4, .microseconds, "2.4")
  /// `tcpi_rttvar`: the mean deviation of the round-trip time.
  public static let rttvar = TCPInfoField("rttvar", 72, 4, .microseconds, "2.4")
  /// `tcpi_snd_ssthresh`: the congestion window at which slow start ends; nil while there is no
  /// such limit.
  public static let sndSsthresh = TCPInfoField(
    "snd_ssthresh", 76, 4, .segments, "2.4", unset: 0x7FFF_FFFF)
  /// `tcpi_snd_cwnd`: the congestion window, how many segments may be on their way at once.
  public static let sndCwnd = TCPInfoField("snd_cwnd", 80, 4, .segments, "2.4")
  /// `tcpi_advmss`: the largest segment that this end has announced it will take.
  public static let advmss = TCPInfoField("advmss", 84, 4, .bytes, "2.4")
  /// `tcpi_reordering`: by how many segments others may be overtaken before they count as lost.
  public static let reordering = TCPInfoField("reordering", 88, 4, .segments, "2.4")
  /// `tcpi_rcv_rtt`: the round-trip time as the receiver measures it.
  public static let rcvRtt = TCPInfoField("rcv_rtt", 92, 4, .microseconds, "2.6")
  /// `tcpi_rcv_space`: how much the program reads in a round trip; the receive buffer is sized by
  /// it.
  public static let rcvSpace = TCPInfoField("rcv_space", 96, 4, .bytes, "2.6")
  /// `tcpi_total_retrans`: segments sent again in the life of the connection.
  public static let totalRetrans = TCPInfoField("total_retrans", 100, 4, .segments, "2.6")
  /// `tcpi_pacing_rate`: the rate at which the kernel spreads segments out; nil for no limit.
  public static let pacingRate = TCPInfoField(
    "pacing_rate", 104, 8, .bytesPerSecond, "3.15", unset: .max)
  /// `tcpi_max_pacing_rate`: the limit of that rate (`SO_MAX_PACING_RATE`); nil for none.
  public static let maxPacingRate = TCPInfoField(
    "max_pacing_rate", 112, 8, .bytesPerSecond, "3.15", unset: .max)
  /// `tcpi_bytes_acked`: bytes that the peer has acknowledged.
  public static let bytesAcked = TCPInfoField("bytes_acked", 120, 8, .bytes, "4.1")
  /// `tcpi_bytes_received`: bytes of data that arrived, in order.
  public static let bytesReceived = TCPInfoField("bytes_received", 128, 8, .bytes, "4.1")
  /// `tcpi_segs_out`: segments sent, those without data included.
  public static let segsOut = TCPInfoField("segs_out", 136, 4, .segments, "4.2")
  /// `tcpi_segs_in`: segments received, those without data included.
  public static let segsIn = TCPInfoField("segs_in", 140, 4, .segments, "4.2")
  /// `tcpi_notsent_bytes`: bytes that the program has written and the kernel has not sent yet.
  public static let notsentBytes = TCPInfoField("notsent_bytes", 144, 4, .bytes, "4.6")
  /// `tcpi_min_rtt`: the smallest round-trip time of the last minutes; nil before the first was
  /// measured.
  public static let minRtt = TCPInfoField(
    "min_rtt", 148, 4, .microseconds, "4.6", unset: 0xFFFF_FFFF)
  /// `tcpi_data_segs_in`: segments with data received.
  public static let dataSegsIn = TCPInfoField("data_segs_in", 152, 4, .segments, "4.6")
  /// `tcpi_data_segs_out`: segments with data sent, retransmissions included.
  public static let dataSegsOut = TCPInfoField("data_segs_out", 156, 4, .segments, "4.6")
  /// `tcpi_delivery_rate`: the rate at which data reached the peer lately.
  public static let deliveryRate = TCPInfoField("delivery_rate", 160, 8, .bytesPerSecond, "4.9")
  /// `tcpi_busy_time`: time in which there was data to send.
  public static let busyTime = TCPInfoField("busy_time", 168, 8, .microseconds, "4.10")
  /// `tcpi_rwnd_limited`: of the busy time, that in which the peer's window was the limit.
  public static let rwndLimited = TCPInfoField("rwnd_limited", 176, 8, .microseconds, "4.10")
  /// `tcpi_sndbuf_limited`: of the busy time, that in which the send buffer was the limit.
  public static let sndbufLimited = TCPInfoField("sndbuf_limited", 184, 8, .microseconds, "4.10")
  /// `tcpi_delivered`: segments with data that reached the peer.
  public static let delivered = TCPInfoField("delivered", 192, 4, .segments, "4.18")
  /// `tcpi_delivered_ce`: those of them that the peer reported to have met congestion (ECN).
  public static let deliveredCe = TCPInfoField("delivered_ce", 196, 4, .segments, "4.18")
  /// `tcpi_bytes_sent`: bytes of data sent, retransmissions included.
  public static let bytesSent = TCPInfoField("bytes_sent", 200, 8, .bytes, "4.19")
  /// `tcpi_bytes_retrans`: bytes of data sent again.
  public static let bytesRetrans = TCPInfoField("bytes_retrans", 208, 8, .bytes, "4.19")
  /// `tcpi_dsack_dups`: segments that the peer reported as duplicates.
  public static let dsackDups = TCPInfoField("dsack_dups", 216, 4, .count, "4.19")
  /// `tcpi_reord_seen`: how often segments were seen to have overtaken others.
  public static let reordSeen = TCPInfoField("reord_seen", 220, 4, .count, "4.19")
  /// `tcpi_rcv_ooopack`: segments that arrived out of order.
  public static let rcvOoopack = TCPInfoField("rcv_ooopack", 224, 4, .segments, "5.4")
  /// `tcpi_snd_wnd`: the window that the peer has announced, scaled: for how many bytes it has
  /// room.
  public static let sndWnd = TCPInfoField("snd_wnd", 228, 4, .bytes, "5.4")
  /// `tcpi_rcv_wnd`: the window that this end has announced, scaled.
  public static let rcvWnd = TCPInfoField("rcv_wnd", 232, 4, .bytes, "6.2")
  /// `tcpi_rehash`: how often another way through the network was tried.
  public static let rehash = TCPInfoField("rehash", 236, 4, .count, "6.2")
  /// `tcpi_total_rto`: how often the retransmission timer has fired, for a SYN as well.
  public static let totalRto = TCPInfoField("total_rto", 240, 2, .count, "6.7")
  /// `tcpi_total_rto_recoveries`: how often the connection began to recover from such time-outs.
  public static let totalRtoRecoveries = TCPInfoField("total_rto_recoveries", 242, 2, .count, "6.7")
  /// `tcpi_total_rto_time`: time spent recovering from such time-outs.
  public static let totalRtoTime = TCPInfoField("total_rto_time", 244, 4, .milliseconds, "6.7")
  /// `tcpi_received_ce`: segments received with the mark that they had met congestion.
  public static let receivedCe = TCPInfoField("received_ce", 248, 4, .segments, "6.18")
  /// `tcpi_delivered_e1_bytes`: bytes that reached the peer with the mark ECT(1).
  public static let deliveredE1Bytes = TCPInfoField("delivered_e1_bytes", 252, 4, .bytes, "6.18")
  /// `tcpi_delivered_e0_bytes`: bytes that reached the peer with the mark ECT(0).
  public static let deliveredE0Bytes = TCPInfoField("delivered_e0_bytes", 256, 4, .bytes, "6.18")
  /// `tcpi_delivered_ce_bytes`: bytes that reached the peer with the mark that they had met
  /// congestion.
  public static let deliveredCeBytes = TCPInfoField("delivered_ce_bytes", 260, 4, .bytes, "6.18")
  /// `tcpi_received_e1_bytes`: bytes received with the mark ECT(1).
  public static let receivedE1Bytes = TCPInfoField("received_e1_bytes", 264, 4, .bytes, "6.18")
  /// `tcpi_received_e0_bytes`: bytes received with the mark ECT(0).
  public static let receivedE0Bytes = TCPInfoField("received_e0_bytes", 268, 4, .bytes, "6.18")
  /// `tcpi_received_ce_bytes`: bytes received with the mark that they had met congestion.
  public static let receivedCeBytes = TCPInfoField("received_ce_bytes", 272, 4, .bytes, "6.18")

  /// What the kernel has to say of a listener: its queue is in `unacked` and `sacked`, and a limit
  /// of the rate passes on to its connections. Other fields are 0, or defaults that never count.
  public static let ofListeners: [TCPInfoField] = [.state, .unacked, .sacked, .maxPacingRate]

  /// Every field, in order.
  public static let all: [TCPInfoField] = [
    .state, .caState, .retransmits, .probes, .backoff, .options, .sndWscale, .rcvWscale,
    .deliveryRateAppLimited, .fastopenClientFail, .rto, .ato, .sndMss, .rcvMss, .unacked, .sacked,
    .lost, .retrans, .fackets, .lastDataSent, .lastAckSent, .lastDataRecv, .lastAckRecv, .pmtu,
    .rcvSsthresh, .rtt, .rttvar, .sndSsthresh, .sndCwnd, .advmss, .reordering, .rcvRtt, .rcvSpace,
    .totalRetrans, .pacingRate, .maxPacingRate, .bytesAcked, .bytesReceived, .segsOut, .segsIn,
    .notsentBytes, .minRtt, .dataSegsIn, .dataSegsOut, .deliveryRate, .busyTime, .rwndLimited,
    .sndbufLimited, .delivered, .deliveredCe, .bytesSent, .bytesRetrans, .dsackDups, .reordSeen,
    .rcvOoopack, .sndWnd, .rcvWnd, .rehash, .totalRto, .totalRtoRecoveries, .totalRtoTime,
    .receivedCe, .deliveredE1Bytes, .deliveredE0Bytes, .deliveredCeBytes, .receivedE1Bytes,
    .receivedE0Bytes, .receivedCeBytes,
  ]
}
