import TestSupport
import Testing

@testable import ProcNet

@Suite("The attributes behind an inet_diag_msg") struct InetDiagAttributesTests {
  private func details(_ attributes: [UInt8]) throws -> SocketDetails {
    let bytes = InetDiagMessageTests.listener + attributes
    let socket = InetDiagMessage.decode(bytes.span, .tcp, details: .all)
    return try #require(socket?.details)
  }

  private static func all(except: UInt16? = nil) -> [(UInt16, [UInt8])] {
    let all: [(UInt16, [UInt8])] = [
      (2, [UInt8](repeating: 1, count: 280)),  // INET_DIAG_INFO
      (4, Array("cubic\0".utf8)),  // INET_DIAG_CONG
      (5, [0x10]),  // INET_DIAG_TOS
      (6, [0x20]),  // INET_DIAG_TCLASS
      (7, HexDump.words([1, 2, 3, 4, 5, 6, 7, 8, 9])),  // INET_DIAG_SKMEMINFO
      (8, [2]),  // INET_DIAG_SHUTDOWN
      (15, [0x2A, 0, 0, 0]),  // INET_DIAG_MARK
      (17, [6, 0, 1, 0]),  // INET_DIAG_CLASS_ID
      (19, HexDump.attribute(1, Array("tls\0".utf8))),  // INET_DIAG_ULP_INFO
      (21, [1, 2, 3, 4, 5, 6, 7, 8]),  // INET_DIAG_CGROUP_ID
      (22, [0x52, 0x01]),  // INET_DIAG_SOCKOPT
    ]
    return all.filter { $0.0 != except }
  }

  /// How many of the facts above are there.
  private func count(_ details: SocketDetails) -> Int {
    let there = [
      details.tcp != nil, details.congestion != nil, details.typeOfService != nil,
      details.trafficClass != nil, details.memory != nil, details.shutdown != nil,
      details.mark != nil, details.classID != nil, details.upperLayerName != nil,
      details.cgroupID != nil, details.socketOptions != nil,
    ]
    return there.count { $0 }
  }

  @Test("every attribute finds its place")
  func values() throws {
    let details = try details(Self.all().flatMap { HexDump.attribute($0.0, $0.1) })
    #expect(details.tcp?.bytes == [UInt8](repeating: 1, count: 280))
    #expect(details.congestion == Array("cubic".utf8))
    #expect(details.typeOfService == 0x10)
    #expect(details.trafficClass == 0x20)
    #expect(details.memory == SocketMemory(words: [1, 2, 3, 4, 5, 6, 7, 8, 9]))
    #expect(details.drops == 9)
    #expect(details.shutdown == 2)
    #expect(details.mark == 0x2A)
    #expect(details.classID == 0x10006)
    #expect(details.upperLayerName == Array("tls".utf8))
    #expect(details.cgroupID == 0x0807_0605_0403_0201)
    #expect(details.socketOptions == 0x152)
  }

  @Test("one that is not sent is unknown, and only that one", arguments: all().map(\.0))
  func absent(type: UInt16) throws {
    let rest = Self.all(except: type).flatMap { HexDump.attribute($0.0, $0.1) }
    #expect(count(try details(rest)) == Self.all().count - 1)
  }

  @Test("one that is a byte too short for its number is unknown, not zero")
  func tooShort() throws {
    for (type, payload) in Self.all() where ![2, 4, 7, 19].contains(type) {
      let short = try details(HexDump.attribute(type, payload.dropLast()))
      #expect(count(short) == 0, "attribute \(type)")
    }
  }

  @Test("types that we do not know are skipped")
  func unknown() throws {
    let known = Self.all().flatMap {
      HexDump.attribute(0x2FFF, [9, 9, 9]) + HexDump.attribute($0.0, $0.1)
    }
    #expect(count(try details(known)) == Self.all().count)
  }

  @Test("the bits for nested and network order in a type do not count")
  func typeFlags() throws {
    #expect(try details(HexDump.attribute(15 | 0x8000, [7, 0, 0, 0])).mark == 7)
    #expect(try details(HexDump.attribute(15 | 0x4000, [7, 0, 0, 0])).mark == 7)
  }

  @Test("old kernels' memory ends before backlog and drops")
  func shortMemory() throws {
    let words: [UInt32] = [1, 2, 3, 4, 5, 6, 7]
    let memory = try #require(try details(HexDump.attribute(7, HexDump.words(words))).memory)
    #expect(memory.options == 7)
    #expect(memory.backlog == nil)
    #expect(memory.drops == nil)
  }

  @Test("the name of the upper layer is found behind other nested attributes")
  func nested() throws {
    let inner = HexDump.attribute(3, [1, 2]) + HexDump.attribute(1, Array("mptcp\0".utf8))
    #expect(try details(HexDump.attribute(19, inner)).upperLayerName == Array("mptcp".utf8))
  }

  @Test("MPTCP's flags, tokens and places in the stream")
  func mptcp() throws {
    // MPTCP_SUBFLOW_ATTR_*: tokens 1 and 2, map 4 to 7, flags 8, numbers 9 and 10.
    let subflow =
      HexDump.attribute(1, [1, 2, 3, 4]) + HexDump.attribute(2, [5, 6, 7, 8])
      + HexDump.attribute(4, [9, 0, 0, 0, 0, 0, 0, 1]) + HexDump.attribute(5, [0x2D, 1, 0, 0])
      + HexDump.attribute(6, [7, 0, 0, 0]) + HexDump.attribute(7, [40, 0])
      + HexDump.attribute(8, [0xC1, 0, 0, 0]) + HexDump.attribute(9, [2])
      + HexDump.attribute(10, [3])
    let inner = HexDump.attribute(1, Array("mptcp\0".utf8)) + HexDump.attribute(3, subflow)
    let details = try details(HexDump.attribute(19, inner))
    guard case .mptcp(let flow)? = details.upperLayer else {
      Issue.record("no MPTCP in \(details)")
      return
    }
    #expect(flow.flags == 0xC1)
    #expect(flow.remoteToken == 0x0403_0201)
    #expect(flow.localToken == 0x0807_0605)
    #expect((flow.remoteID, flow.localID) == (2, 3))
    #expect(flow.mapSequence == 0x0100_0000_0000_0009)
    #expect((flow.mapSubflowSequence, flow.subflowOffset, flow.mapLength) == (301, 7, 40))
  }

  @Test("the kernel's TLS: version, cipher, who encrypts")
  func tls() throws {
    let facts =
      HexDump.attribute(1, [4, 3]) + HexDump.attribute(2, [51, 0]) + HexDump.attribute(3, [2, 0])
      + HexDump.attribute(4, [3, 0]) + HexDump.attribute(5, [])
    let inner = HexDump.attribute(1, Array("tls\0".utf8)) + HexDump.attribute(2, facts)
    var expected = UpperLayer.TLSInfo()
    expected.version = 0x0304
    expected.cipher = 51
    expected.sending = 2
    expected.receiving = 3
    expected.sendsWithoutCopy = true
    #expect(try details(HexDump.attribute(19, inner)).upperLayer == .tls(expected))
  }

  @Test("who must sign with TCP-MD5, and never the key")
  func md5() throws {
    // struct tcp_diag_md5sig: family, prefix, key's length, address, key of 80 bytes.
    let v4 = [2, 24, 6, 0, 10, 1, 2, 0] + [UInt8](repeating: 0, count: 12)
    let v6 = [10, 64, 6, 0, 0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 12)
    let key = Array("secret".utf8) + [UInt8](repeating: 0, count: 74)
    let details = try details(HexDump.attribute(18, v4 + key + v6 + key))
    #expect(details.md5Peers.map(\.prefix) == [24, 64])
    #expect(details.md5Peers.first?.address == IPAddress(v4: 0x0A01_0200))
    #expect(details.md5Peers.last?.address == IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 0))
    // One that is cut off is left out.
    #expect(try self.details(HexDump.attribute(18, v4)).md5Peers.isEmpty)
  }

  @Test("a nested attribute that is longer than the one around it is not followed outside")
  func nestedOverrun() throws {
    let liar = HexDump.attribute(1, claiming: 40, Array("tls\0".utf8))
    let behind = HexDump.attribute(15, [7, 0, 0, 0])
    let details = try details(HexDump.attribute(19, liar) + behind + behind + behind + behind)
    #expect(details.upperLayerName == nil)
    #expect(details.mark == 7)
  }

  @Test(
    "what a congestion control says",
    arguments: [
      // tcpvegas_info: enabled, rtt count, rtt, smallest rtt
      (UInt16(3), [1, 2, 3, 4], .vegas(enabled: true, rttCount: 2, rtt: 3, minRTT: 4)),
      // tcp_dctcp_info: enabled u16, ce_state u16, alpha, bytes with ECN, all bytes
      (
        9, [0x0005_0001, 6, 7, 8],
        .dctcp(enabled: true, ceState: 5, alpha: 6, ecnBytes: 7, totalBytes: 8)
      ),
      (
        9, [0x0005_0000, 6, 7, 8],
        .dctcp(enabled: false, ceState: 5, alpha: 6, ecnBytes: 7, totalBytes: 8)
      ),
      // tcp_bbr_info: bandwidth low and high, smallest rtt, gains
      (
        16, [1, 2, 3, 4, 5],
        .bbr(bandwidth: 2 << 32 | 1, minRTT: 3, pacingGain: 4, windowGain: 5)
      ),
    ] as [(UInt16, [UInt32], CongestionInfo)])
  func congestionInfo(type: UInt16, words: [UInt32], info: CongestionInfo) throws {
    let bytes = HexDump.words(words)
    #expect(try details(HexDump.attribute(type, bytes)).congestionInfo == info)
    #expect(try details(HexDump.attribute(type, bytes + [9, 9])).congestionInfo == info)
    #expect(try details(HexDump.attribute(type, bytes.dropLast())).congestionInfo == nil)
  }
}
