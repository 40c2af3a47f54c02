import Testing

@testable import ProcNet

@Suite("tcp_info of many kernels") struct TCPInfoTests {
  /// Every byte says where it stands.
  private static let long = (0..<280).map { UInt8(truncatingIfNeeded: $0) }

  @Test(
    "fields that end within what the kernel sent are known, all others are not",
    arguments: [
      (0, nil, "state"), (7, "rcv_wscale", "delivery_rate_app_limited"),
      (104, "total_retrans", "pacing_rate"),  // the C library's structure
      (192, "sndbuf_limited", "delivered"),  // Linux 4.10
      (232, "snd_wnd", "rcv_wnd"),  // Linux 5.4
      (240, "rehash", "total_rto"),  // Linux 6.2
      (248, "total_rto_time", "received_ce"),  // Linux 6.7
      (280, "received_ce_bytes", nil),
    ] as [(Int, String?, String?)])
  func lengths(length: Int, last: String?, next: String?) {
    let info = TCPInfo(bytes: Array(Self.long.prefix(length)))
    let known = TCPInfoField.all.filter { info[$0] != nil }
    #expect(known == Array(TCPInfoField.all.prefix(known.count)))
    #expect(known.last?.name == last)
    #expect(TCPInfoField.all.dropFirst(known.count).first?.name == next)
  }

  @Test("of a listener its queue, the limit and a limit of the rate are known, nothing else")
  func listener() {
    var socket = Socket(netid: .tcp, family: .inet, state: .listen)
    socket.details = SocketDetails(tcp: TCPInfo(bytes: Self.long))
    let known = TCPInfoField.all.filter { socket.tcpInfo($0) != nil }
    #expect(known.map(\.name) == ["state", "unacked", "sacked", "max_pacing_rate"])
    socket.state = .established
    #expect(TCPInfoField.all.allSatisfy { socket.tcpInfo($0) != nil })
  }

  @Test("a field that is cut in the middle is not known, whatever the length")
  func everyLength() {
    for length in 0...Self.long.count {
      let info = TCPInfo(bytes: Array(Self.long.prefix(length)))
      for field in TCPInfoField.all {
        #expect((info[field] != nil) == (field.offset + field.width <= length), "\(field.name)")
      }
    }
  }

  @Test("numbers have their lowest byte first, in every width")
  func widths() {
    let info = TCPInfo(bytes: Self.long)
    #expect(info[.state] == 0)
    #expect(info[.totalRto] == 0xF1F0)
    #expect(info[.rtt] == 0x4746_4544)
    #expect(info[.bytesAcked] == 0x7F7E_7D7C_7B7A_7978)
  }

  @Test("two fields share a byte, the first in its low bits")
  func bits() {
    var bytes = Self.long
    bytes[6] = 0x97
    bytes[7] = 0b101
    let info = TCPInfo(bytes: bytes)
    #expect(info[.sndWscale] == 7)
    #expect(info[.rcvWscale] == 9)
    #expect(info[.deliveryRateAppLimited] == 1)
    #expect(info[.fastopenClientFail] == 2)
  }

  @Test("a value that stands for none is none")
  func unset() {
    var bytes = [UInt8](repeating: 0, count: 280)
    #expect(TCPInfo(bytes: bytes)[.sndSsthresh] == 0)
    bytes.replaceSubrange(76..<80, with: [0xFF, 0xFF, 0xFF, 0x7F])
    bytes.replaceSubrange(104..<112, with: [UInt8](repeating: 0xFF, count: 8))
    bytes.replaceSubrange(148..<152, with: [UInt8](repeating: 0xFF, count: 4))
    let info = TCPInfo(bytes: bytes)
    #expect(info[.sndSsthresh] == nil)
    #expect(info[.pacingRate] == nil)
    #expect(info[.minRtt] == nil)
    #expect(info[.maxPacingRate] == 0)
  }
}
