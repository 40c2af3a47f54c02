/// `struct tcp_info` of `linux/tcp.h`, as many bytes of it as the kernel sent.
///
/// The structure grows at its end with new kernels. Fields beyond the received length are nil, so
/// an old kernel's answer and a new one's are both read right.
public struct TCPInfo: Sendable, Hashable {
  public let bytes: [UInt8]

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
  public let place: Place
  public let unit: Unit
  /// The Linux version that brought the field.
  public let since: String

  /// Where the field's bits are.
  public struct Place: Sendable, Hashable {
    public let offset: Int
    /// Bytes.
    public let width: Int
    /// Bit fields: how far to shift right, and how many bits remain.
    public let bitShift: Int
    public let bitCount: Int
    /// The value by which the kernel says "none": no limit, not measured.
    public let unset: UInt64?

    fileprivate var bitMask: UInt64 { bitCount >= 64 ? .max : (1 << UInt64(bitCount)) - 1 }
  }

  public enum Unit: String, Sendable {
    case count, bytes, segments, microseconds, milliseconds, bytesPerSecond, flags
  }

  public var offset: Int { place.offset }
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

  public static let state = TCPInfoField("state", 0, 1, .count, "2.4")
  public static let caState = TCPInfoField("ca_state", 1, 1, .count, "2.4")
  public static let retransmits = TCPInfoField("retransmits", 2, 1, .count, "2.4")
  public static let probes = TCPInfoField("probes", 3, 1, .count, "2.4")
  public static let backoff = TCPInfoField("backoff", 4, 1, .count, "2.4")
  public static let options = TCPInfoField("options", 5, 1, .flags, "2.4")
  public static let sndWscale = TCPInfoField("snd_wscale", 6, 1, .count, "2.4", shift: 0, bits: 4)
  public static let rcvWscale = TCPInfoField("rcv_wscale", 6, 1, .count, "2.4", shift: 4, bits: 4)
  public static let deliveryRateAppLimited = TCPInfoField(
    "delivery_rate_app_limited", 7, 1, .flags, "4.9", shift: 0, bits: 1)
  public static let fastopenClientFail = TCPInfoField(
    "fastopen_client_fail", 7, 1, .count, "5.5", shift: 1, bits: 2)
  public static let rto = TCPInfoField("rto", 8, 4, .microseconds, "2.4")
  public static let ato = TCPInfoField("ato", 12, 4, .microseconds, "2.4")
  public static let sndMss = TCPInfoField("snd_mss", 16, 4, .bytes, "2.4")
  public static let rcvMss = TCPInfoField("rcv_mss", 20, 4, .bytes, "2.4")
  public static let unacked = TCPInfoField("unacked", 24, 4, .segments, "2.4")
  public static let sacked = TCPInfoField("sacked", 28, 4, .segments, "2.4")
  public static let lost = TCPInfoField("lost", 32, 4, .segments, "2.4")
  public static let retrans = TCPInfoField("retrans", 36, 4, .segments, "2.4")
  public static let fackets = TCPInfoField("fackets", 40, 4, .segments, "2.4")
  public static let lastDataSent = TCPInfoField("last_data_sent", 44, 4, .milliseconds, "2.4")
  public static let lastAckSent = TCPInfoField("last_ack_sent", 48, 4, .milliseconds, "2.4")
  public static let lastDataRecv = TCPInfoField("last_data_recv", 52, 4, .milliseconds, "2.4")
  public static let lastAckRecv = TCPInfoField("last_ack_recv", 56, 4, .milliseconds, "2.4")
  public static let pmtu = TCPInfoField("pmtu", 60, 4, .bytes, "2.4")
  public static let rcvSsthresh = TCPInfoField("rcv_ssthresh", 64, 4, .bytes, "2.4")
  public static let rtt = TCPInfoField("rtt", 68, 4, .microseconds, "2.4")
  public static let rttvar = TCPInfoField("rttvar", 72, 4, .microseconds, "2.4")
  public static let sndSsthresh = TCPInfoField(
    "snd_ssthresh", 76, 4, .segments, "2.4", unset: 0x7FFF_FFFF)
  public static let sndCwnd = TCPInfoField("snd_cwnd", 80, 4, .segments, "2.4")
  public static let advmss = TCPInfoField("advmss", 84, 4, .bytes, "2.4")
  public static let reordering = TCPInfoField("reordering", 88, 4, .segments, "2.4")
  public static let rcvRtt = TCPInfoField("rcv_rtt", 92, 4, .microseconds, "2.6")
  public static let rcvSpace = TCPInfoField("rcv_space", 96, 4, .bytes, "2.6")
  public static let totalRetrans = TCPInfoField("total_retrans", 100, 4, .segments, "2.6")
  public static let pacingRate = TCPInfoField(
    "pacing_rate", 104, 8, .bytesPerSecond, "3.15", unset: .max)
  public static let maxPacingRate = TCPInfoField(
    "max_pacing_rate", 112, 8, .bytesPerSecond, "3.15", unset: .max)
  public static let bytesAcked = TCPInfoField("bytes_acked", 120, 8, .bytes, "4.1")
  public static let bytesReceived = TCPInfoField("bytes_received", 128, 8, .bytes, "4.1")
  public static let segsOut = TCPInfoField("segs_out", 136, 4, .segments, "4.2")
  public static let segsIn = TCPInfoField("segs_in", 140, 4, .segments, "4.2")
  public static let notsentBytes = TCPInfoField("notsent_bytes", 144, 4, .bytes, "4.6")
  public static let minRtt = TCPInfoField(
    "min_rtt", 148, 4, .microseconds, "4.6", unset: 0xFFFF_FFFF)
  public static let dataSegsIn = TCPInfoField("data_segs_in", 152, 4, .segments, "4.6")
  public static let dataSegsOut = TCPInfoField("data_segs_out", 156, 4, .segments, "4.6")
  public static let deliveryRate = TCPInfoField("delivery_rate", 160, 8, .bytesPerSecond, "4.9")
  public static let busyTime = TCPInfoField("busy_time", 168, 8, .microseconds, "4.10")
  public static let rwndLimited = TCPInfoField("rwnd_limited", 176, 8, .microseconds, "4.10")
  public static let sndbufLimited = TCPInfoField("sndbuf_limited", 184, 8, .microseconds, "4.10")
  public static let delivered = TCPInfoField("delivered", 192, 4, .segments, "4.18")
  public static let deliveredCe = TCPInfoField("delivered_ce", 196, 4, .segments, "4.18")
  public static let bytesSent = TCPInfoField("bytes_sent", 200, 8, .bytes, "4.19")
  public static let bytesRetrans = TCPInfoField("bytes_retrans", 208, 8, .bytes, "4.19")
  public static let dsackDups = TCPInfoField("dsack_dups", 216, 4, .count, "4.19")
  public static let reordSeen = TCPInfoField("reord_seen", 220, 4, .count, "4.19")
  public static let rcvOoopack = TCPInfoField("rcv_ooopack", 224, 4, .segments, "5.4")
  public static let sndWnd = TCPInfoField("snd_wnd", 228, 4, .bytes, "5.4")
  public static let rcvWnd = TCPInfoField("rcv_wnd", 232, 4, .bytes, "6.2")
  public static let rehash = TCPInfoField("rehash", 236, 4, .count, "6.2")
  public static let totalRto = TCPInfoField("total_rto", 240, 2, .count, "6.7")
  public static let totalRtoRecoveries = TCPInfoField("total_rto_recoveries", 242, 2, .count, "6.7")
  public static let totalRtoTime = TCPInfoField("total_rto_time", 244, 4, .milliseconds, "6.7")
  public static let receivedCe = TCPInfoField("received_ce", 248, 4, .segments, "6.18")
  public static let deliveredE1Bytes = TCPInfoField("delivered_e1_bytes", 252, 4, .bytes, "6.18")
  public static let deliveredE0Bytes = TCPInfoField("delivered_e0_bytes", 256, 4, .bytes, "6.18")
  public static let deliveredCeBytes = TCPInfoField("delivered_ce_bytes", 260, 4, .bytes, "6.18")
  public static let receivedE1Bytes = TCPInfoField("received_e1_bytes", 264, 4, .bytes, "6.18")
  public static let receivedE0Bytes = TCPInfoField("received_e0_bytes", 268, 4, .bytes, "6.18")
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
