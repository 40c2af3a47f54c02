import ProcNet
import Testing

@testable import sockinspect

@Suite("The words of -i") struct SSTCPInfoTests {
  private static func text(
    _ fields: [TCPInfoField: UInt64], state: SocketState = .established, options: Bool = false,
    congestion: String? = nil, more: CongestionInfo? = nil
  ) -> String {
    let info = TCPInfo(fields)
    let details = SocketDetails(
      tcp: info, congestion: congestion.map { Array($0.utf8) }, congestionInfo: more)
    return written {
      SSTCPInfo(info: info, details: details, state: state, showsOptions: options).append(to: &$0)
    }
  }

  /// A value for every field, all different.
  private static let everything: [TCPInfoField: UInt64] = [
    .options: 63, .sndWscale: 7, .rcvWscale: 8, .rto: 204_000, .backoff: 2, .rtt: 16_123,
    .rttvar: 8060, .ato: 40_000, .sndMss: 1448, .pmtu: 1500, .rcvMss: 536, .advmss: 1449,
    .sndCwnd: 10, .sndSsthresh: 20, .bytesSent: 101, .bytesRetrans: 102, .bytesAcked: 103,
    .bytesReceived: 104, .segsOut: 105, .segsIn: 106, .dataSegsOut: 107, .dataSegsIn: 108,
    .lastDataSent: 109, .lastDataRecv: 110, .lastAckRecv: 111, .pacingRate: 1000,
    .maxPacingRate: 2000, .deliveryRate: 3000, .delivered: 112, .deliveredCe: 113,
    .deliveryRateAppLimited: 1, .busyTime: 10_000, .rwndLimited: 2500, .sndbufLimited: 1000,
    .unacked: 114, .retrans: 1, .totalRetrans: 115, .lost: 116, .sacked: 117, .dsackDups: 118,
    .fackets: 119, .reordering: 4, .reordSeen: 120, .rcvRtt: 5000, .rcvSpace: 121,
    .rcvSsthresh: 122, .notsentBytes: 123, .minRtt: 44, .rcvOoopack: 124, .sndWnd: 125,
  ]

  @Test("every word in ss's order")
  func order() {
    let expected = [
      " ts sack ecn ecnseen fastopen cubic wscale:7,8 rto:204 backoff:2 rtt:16.123/8.06 ato:40",
      "mss:1448 pmtu:1500 rcvmss:536 advmss:1449 cwnd:10 ssthresh:20 bytes_sent:101",
      "bytes_retrans:102 bytes_acked:103 bytes_received:104 segs_out:105 segs_in:106",
      "data_segs_out:107 data_segs_in:108 send 7184767bps lastsnd:109 lastrcv:110 lastack:111",
      "pacing_rate 8000bps/16000bps delivery_rate 24000bps delivered:112 delivered_ce:113",
      "app_limited busy:10ms rwnd_limited:2ms(25.0%) sndbuf_limited:1ms(10.0%) unacked:114",
      "retrans:1/115 lost:116 sacked:117 dsack_dups:118 fackets:119 reordering:4 reord_seen:120",
      "rcv_rtt:5 rcv_space:121 rcv_ssthresh:122 notsent:123 minrtt:0.044 rcv_ooopack:124",
      "snd_wnd:125",
    ]
    #expect(
      Self.text(Self.everything, options: true, congestion: "cubic")
        == expected.joined(separator: " "))
  }

  @Test("the upper layer and the MD5 networks at the end, as ss writes them, but no key")
  func upperLayer() {
    var flow = UpperLayer.MPTCPInfo()
    (flow.flags, flow.remoteToken, flow.localToken) = (0xC3, 0, 0x5A1B_A3E7)
    (flow.remoteID, flow.localID) = (0, 1)
    (flow.mapSequence, flow.mapSubflowSequence) = (0xE10_7778_C1BA_21F9, 301)
    (flow.subflowOffset, flow.mapLength) = (0xDEEA_8C35, 40)
    #expect(
      Self.layer("mptcp", .mptcp(flow))
        == " tcp-ulp-mptcp flags:Mmec token:0000(id:0)/5a1ba3e7(id:1) seq:e107778c1ba21f9 "
        + "sfseq:12d ssnoff:deea8c35 maplen:28")
    var tls = UpperLayer.TLSInfo()
    (tls.version, tls.cipher, tls.receiving, tls.sending) = (0x0304, 52, 2, 9)
    #expect(
      Self.layer("tls", .tls(tls))
        == " tcp-ulp-tls version: 1.3 cipher: aes-gcm-256 rxconf: sw txconf: unknown(9)")
    #expect(Self.layer("smc", nil) == " tcp-ulp-smc")
    let peers = [
      MD5Peers(address: IPAddress(v4: 0x0A00_0000), prefix: 8),
      MD5Peers(address: IPAddress(v6High: 0x2001_0DB8 << 32, low: 0), prefix: 32),
    ]
    #expect(Self.layer(nil, nil, peers) == " md5keys:10.0.0.0/8,2001:db8::/32")
  }

  private static func layer(
    _ name: String?, _ layer: UpperLayer?, _ peers: [MD5Peers] = []
  ) -> String {
    let details = SocketDetails(
      upperLayerName: name.map { Array($0.utf8) }, upperLayer: layer, md5Peers: peers)
    return written { SSUpperLayer.append(details, to: &$0) }
  }

  @Test("without -o or -e the negotiated options are left out")
  func noOptions() {
    #expect(Self.text([.options: 3], congestion: "cubic") == " cubic")
  }

  @Test("zeros and values that say nothing are left out")
  func nothing() {
    #expect(
      Self.text([.rto: 3_000_000, .sndSsthresh: 0xFFFF, .reordering: 3, .minRtt: 0xFFFF_FFFF]) == ""
    )
    #expect(Self.text([.pacingRate: .max]) == "")
  }

  @Test("an ended-early answer of an old kernel is read as far as it goes")
  func oldKernel() {
    let info = TCPInfo(Self.everything, length: 104)
    let shown = written {
      SSTCPInfo(
        info: info, details: SocketDetails(tcp: info), state: .established, showsOptions: false
      ).append(to: &$0)
    }
    #expect(shown.contains(" rto:204 ") && shown.contains(" rcv_space:121"))
    #expect(!shown.contains("bytes_sent") && !shown.contains("snd_wnd"))
  }

  @Test("of a listener, sacked is the limit of the queue and not shown")
  func listener() {
    #expect(Self.text([.sacked: 128, .unacked: 3], state: .listen) == " unacked:3")
  }

  @Test("with vegas, its own round trip makes the send rate")
  func vegas() {
    let fields: [TCPInfoField: UInt64] = [.rtt: 1000, .sndMss: 1000, .sndCwnd: 10]
    let own = CongestionInfo.vegas(enabled: true, rttCount: 9, rtt: 2000, minRTT: 500)
    let off = CongestionInfo.vegas(enabled: false, rttCount: 9, rtt: 2000, minRTT: 500)
    #expect(Self.text(fields, more: own).contains(" send 40000000bps"))
    #expect(Self.text(fields, more: off).contains(" send 80000000bps"))
  }

  @Test("dctcp and bbr tell of themselves")
  func others() {
    #expect(
      Self.text(
        [:], more: .dctcp(enabled: true, ceState: 1, alpha: 1024, ecnBytes: 3, totalBytes: 4))
        == " dctcp:(ce_state:1,alpha:1024,ab_ecn:3,ab_tot:4)")
    #expect(
      Self.text([:], more: .dctcp(enabled: false, ceState: 0, alpha: 0, ecnBytes: 0, totalBytes: 0))
        == " dctcp:fallback_mode")
    #expect(
      Self.text([:], more: .bbr(bandwidth: 1000, minRTT: 44, pacingGain: 739, windowGain: 512))
        == " bbr:(bw:8000bps,mrtt:0.044,pacing_gain:2.88672,cwnd_gain:2)")
  }
}
