import ProcNet

/// The words of ss's `-i` in its order; values that are zero are left out, as ss does.
struct SSTCPInfo {
  let info: TCPInfo
  let details: SocketDetails
  let state: SocketState
  /// With `-o` or `-e` the negotiated TCP options come first.
  let showsOptions: Bool

  func append(to writer: inout ByteWriter) {
    if showsOptions { appendOptions(to: &writer) }
    if let name = details.congestion {
      writer.append(UInt8(ascii: " "))
      SafeText.append(name, to: &writer)
    }
    appendTimes(to: &writer)
    appendSizes(to: &writer)
    appendTraffic(to: &writer)
    if let more = details.congestionInfo { SSCongestion.append(more, to: &writer) }
    appendRates(to: &writer)
    appendLimits(to: &writer)
    appendLoss(to: &writer)
    appendReceiving(to: &writer)
    SSUpperLayer.append(details, to: &writer)
  }

  private func value(_ field: TCPInfoField) -> UInt64 { info[field] ?? 0 }

  private func append(
    _ label: StaticString, _ field: TCPInfoField, to writer: inout ByteWriter
  ) {
    let number = value(field)
    guard number != 0 else { return }
    writer.append(label)
    writer.append(decimal: number)
  }

  /// Microseconds as milliseconds.
  private func append(
    _ label: StaticString, milliseconds field: TCPInfoField, to writer: inout ByteWriter
  ) {
    let number = value(field)
    guard number != 0 else { return }
    writer.append(label)
    NumberText.append(number, over: 1000, to: &writer)
  }

  /// `TCPI_OPT_*`: timestamps 1, sack 2, window scaling 4, ecn 8, ecn seen 16, data in SYN 32.
  private func appendOptions(to writer: inout ByteWriter) {
    let options = value(.options)
    let names: [(UInt64, StaticString)] = [
      (1, " ts"), (2, " sack"), (8, " ecn"), (16, " ecnseen"), (32, " fastopen"),
    ]
    for (bit, name) in names where options & bit != 0 { writer.append(name) }
  }

  private func appendTimes(to writer: inout ByteWriter) {
    if value(.options) & 4 != 0 {
      writer.append(" wscale:")
      writer.append(decimal: value(.sndWscale))
      writer.append(UInt8(ascii: ","))
      writer.append(decimal: value(.rcvWscale))
    }
    // The initial 3 s say nothing.
    if value(.rto) != 3_000_000 { append(" rto:", milliseconds: .rto, to: &writer) }
    append(" backoff:", .backoff, to: &writer)
    if value(.rtt) != 0 {
      append(" rtt:", milliseconds: .rtt, to: &writer)
      writer.append(UInt8(ascii: "/"))
      NumberText.append(value(.rttvar), over: 1000, to: &writer)
    }
    append(" ato:", milliseconds: .ato, to: &writer)
  }

  private func appendSizes(to writer: inout ByteWriter) {
    append(" mss:", .sndMss, to: &writer)
    append(" pmtu:", .pmtu, to: &writer)
    append(" rcvmss:", .rcvMss, to: &writer)
    append(" advmss:", .advmss, to: &writer)
    append(" cwnd:", .sndCwnd, to: &writer)
    if value(.sndSsthresh) < 0xFFFF { append(" ssthresh:", .sndSsthresh, to: &writer) }
  }

  private func appendTraffic(to writer: inout ByteWriter) {
    append(" bytes_sent:", .bytesSent, to: &writer)
    append(" bytes_retrans:", .bytesRetrans, to: &writer)
    append(" bytes_acked:", .bytesAcked, to: &writer)
    append(" bytes_received:", .bytesReceived, to: &writer)
    append(" segs_out:", .segsOut, to: &writer)
    append(" segs_in:", .segsIn, to: &writer)
    append(" data_segs_out:", .dataSegsOut, to: &writer)
    append(" data_segs_in:", .dataSegsIn, to: &writer)
  }

  private func appendRates(to writer: inout ByteWriter) {
    appendSendRate(to: &writer)
    append(" lastsnd:", .lastDataSent, to: &writer)
    append(" lastrcv:", .lastDataRecv, to: &writer)
    append(" lastack:", .lastAckRecv, to: &writer)
    if appendRate(" pacing_rate ", .pacingRate, to: &writer) {
      appendRate("/", .maxPacingRate, to: &writer)
    }
    appendRate(" delivery_rate ", .deliveryRate, to: &writer)
    append(" delivered:", .delivered, to: &writer)
    append(" delivered_ce:", .deliveredCe, to: &writer)
    if value(.deliveryRateAppLimited) != 0 { writer.append(" app_limited") }
  }

  /// Congestion window × segment size per round trip.
  private func appendSendRate(to writer: inout ByteWriter) {
    var rtt = value(.rtt)
    if case .vegas(true, _, let measured, _) = details.congestionInfo, measured != 0,
      measured != 0x7FFF_FFFF
    {
      rtt = UInt64(measured)
    }
    let window = value(.sndCwnd).multipliedFullWidth(by: value(.sndMss) * 8_000_000)
    guard rtt > 0, window.low > 0, window.high < rtt else { return }
    let (rate, remainder) = rtt.dividingFullWidth(window)
    writer.append(" send ")
    writer.append(decimal: remainder >= rtt - remainder ? rate +| 1 : rate)
    writer.append("bps")
  }

  /// Bytes per second as bits per second; all ones means "no limit" and is not shown.
  @discardableResult
  private func appendRate(
    _ label: StaticString, _ field: TCPInfoField, to writer: inout ByteWriter
  ) -> Bool {
    let rate = value(field)
    guard rate != 0, rate != .max else { return false }
    writer.append(label)
    SSCongestion.append(bitsOf: rate, to: &writer)
    writer.append("bps")
    return true
  }

  private func appendLimits(to writer: inout ByteWriter) {
    let busy = value(.busyTime)
    guard busy != 0 else { return }
    writer.append(" busy:")
    writer.append(decimal: busy / 1000)
    writer.append("ms")
    appendShare(" rwnd_limited:", .rwndLimited, of: busy, to: &writer)
    appendShare(" sndbuf_limited:", .sndbufLimited, of: busy, to: &writer)
  }

  private func appendShare(
    _ label: StaticString, _ field: TCPInfoField, of busy: UInt64, to writer: inout ByteWriter
  ) {
    let time = value(field)
    guard time != 0 else { return }
    writer.append(label)
    writer.append(decimal: time / 1000)
    writer.append("ms(")
    NumberText.appendPercent(time, of: busy, to: &writer)
    writer.append(UInt8(ascii: ")"))
  }

  private func appendLoss(to writer: inout ByteWriter) {
    append(" unacked:", .unacked, to: &writer)
    if value(.retrans) != 0 || value(.totalRetrans) != 0 {
      writer.append(" retrans:")
      writer.append(decimal: value(.retrans))
      writer.append(UInt8(ascii: "/"))
      writer.append(decimal: value(.totalRetrans))
    }
    append(" lost:", .lost, to: &writer)
    // Of a listener, `sacked` is the limit of the accept queue.
    if state != .listen { append(" sacked:", .sacked, to: &writer) }
    append(" dsack_dups:", .dsackDups, to: &writer)
    append(" fackets:", .fackets, to: &writer)
    if value(.reordering) != 3 { append(" reordering:", .reordering, to: &writer) }
    append(" reord_seen:", .reordSeen, to: &writer)
  }

  private func appendReceiving(to writer: inout ByteWriter) {
    append(" rcv_rtt:", milliseconds: .rcvRtt, to: &writer)
    append(" rcv_space:", .rcvSpace, to: &writer)
    append(" rcv_ssthresh:", .rcvSsthresh, to: &writer)
    append(" notsent:", .notsentBytes, to: &writer)
    if value(.minRtt) != 0xFFFF_FFFF { append(" minrtt:", milliseconds: .minRtt, to: &writer) }
    append(" rcv_ooopack:", .rcvOoopack, to: &writer)
    append(" snd_wnd:", .sndWnd, to: &writer)
  }
}

/// ` bbr:(bw:…)`, ` dctcp:(…)`.
enum SSCongestion {
  static func append(_ info: CongestionInfo, to writer: inout ByteWriter) {
    switch info {
    case .vegas: break
    case .dctcp(let enabled, let ceState, let alpha, let ecnBytes, let totalBytes):
      guard enabled else { return writer.append(" dctcp:fallback_mode") }
      appendParts(
        [
          (" dctcp:(ce_state:", UInt64(ceState)), (",alpha:", UInt64(alpha)),
          (",ab_ecn:", UInt64(ecnBytes)), (",ab_tot:", UInt64(totalBytes)),
        ], to: &writer)
      writer.append(UInt8(ascii: ")"))
    case .bbr(let bandwidth, let minRTT, let pacingGain, let windowGain):
      writer.append(" bbr:(bw:")
      append(bitsOf: bandwidth, to: &writer)
      writer.append("bps,mrtt:")
      NumberText.append(UInt64(minRTT), over: 1000, to: &writer)
      appendGain(",pacing_gain:", pacingGain, to: &writer)
      appendGain(",cwnd_gain:", windowGain, to: &writer)
      writer.append(UInt8(ascii: ")"))
    }
  }

  /// Eight times the bytes, also where that does not fit 64 bits.
  static func append(bitsOf bytes: UInt64, to writer: inout ByteWriter) {
    if let bits = bytes.product(8) {
      writer.append(decimal: bits)
    } else {
      writer.append("\(bytes.scaled(by: 8, over: 1))")
    }
  }

  private static func appendParts(
    _ parts: [(StaticString, UInt64)], to writer: inout ByteWriter
  ) {
    for (label, number) in parts {
      writer.append(label)
      writer.append(decimal: number)
    }
  }

  private static func appendGain(
    _ label: StaticString, _ gain: UInt32, to writer: inout ByteWriter
  ) {
    guard gain != 0 else { return }
    writer.append(label)
    NumberText.append(UInt64(gain), over: 256, to: &writer)
  }
}
