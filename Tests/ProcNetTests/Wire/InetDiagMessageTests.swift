import TestSupport
import Testing

@testable import ProcNet

@Suite("One message of a TCP, UDP or raw dump") struct InetDiagMessageTests {
  /// 127.0.0.1:8080, listening with limit 128, one connection waiting.
  static let listener = HexDump(
    """
    02                      ;  0 family: AF_INET
    0a                      ;  1 state: TCP_LISTEN
    00                      ;  2 timer: off
    00                      ;  3 retransmits
    1f 90                   ;  4 own port, network order: 0x1f90 = 8080
    00 00                   ;  6 other port
    7f 00 00 01 00 00 00 00 ;  8 own address, network order, the first four bytes count
    00 00 00 00 00 00 00 00 ; 16
    00 00 00 00 00 00 00 00 ; 24 other address
    00 00 00 00 00 00 00 00 ; 32
    03 00 00 00             ; 40 interface
    ea 03 00 00 01 00 00 00 ; 44 cookie: low word 1002, high word 1
    00 00 00 00             ; 52 milliseconds until the timer fires
    01 00 00 00             ; 56 receive queue
    80 00 00 00             ; 60 send queue
    e8 03 00 00             ; 64 uid 1000
    15 cd 5b 07             ; 68 inode 123456789
    """
  ).bytes

  private func decode(
    _ bytes: [UInt8], _ netid: Netid = .tcp, details: SocketQuery.Details = []
  ) -> Socket? {
    InetDiagMessage.decode(bytes.span, netid, details: details)
  }

  private func changed(_ offset: Int, to bytes: [UInt8]) -> [UInt8] {
    var message = Self.listener
    message.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    return message
  }

  @Test("ports and addresses are in network order, all else in the host's")
  func listener() throws {
    let socket = try #require(decode(Self.listener))
    #expect(socket.netid == .tcp)
    #expect(socket.family == .inet)
    #expect(socket.state == .listen)
    #expect(socket.local == Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 8080))
    #expect(socket.peer == .anyV4)
    #expect(socket.interface == 3)
    #expect(socket.cookie == 1 << 32 | 1002)
    #expect(socket.timer == SocketTimer(kind: 0, expires: 0, retransmits: 0))
    #expect(socket.queues.recvQ == 1)
    #expect(socket.queues.sendQ == 128)
    #expect(socket.uid == 1000)
    #expect(socket.inode == 123_456_789)
    #expect(socket.details == nil)
    #expect(socket.isV6Only == nil)
  }

  @Test("bytes behind the first four of an IPv4 address do not count")
  func onlyFourBytes() throws {
    let socket = try #require(decode(changed(12, to: [9, 9, 9, 9])))
    #expect(socket.local.address == IPAddress(v4: 0x7F00_0001))
  }

  @Test("an IPv6 address takes sixteen bytes")
  func version6() throws {
    var message = changed(0, to: [10])
    message.replaceSubrange(
      8..<24, with: [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [7])
    let socket = try #require(decode(message))
    #expect(socket.family == .inet6)
    #expect(socket.local.address == IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 7))
    #expect(socket.peer.address == .anyV6)
  }

  @Test("the port of a raw socket is its protocol")
  func raw() throws {
    let socket = try #require(decode(changed(4, to: [0, 58]), .raw))
    #expect(socket.netid == .raw)
    #expect(socket.local.port == 58)
  }

  @Test("a timer is kept as it is, also one that we do not know")
  func timer() throws {
    for kind in [UInt8(1), 2, 3, 4, 5, 200] {
      let message = changed(1, to: [1, kind, 6])
      let timer = try #require(decode(message)?.timer)
      #expect(timer.kind == kind)
      #expect(timer.retransmits == 6)
    }
  }

  @Test("a state that we do not know is kept")
  func state() throws {
    #expect(try #require(decode(changed(1, to: [77]))).state.name == "state 77")
  }

  @Test(
    "nobody is the user of a remnant or a request, whose uid the kernel sets to 0",
    arguments: [
      (state: UInt8(6), timer: UInt8(3), inode: UInt8(0), uid: UInt32?.none),  // TIME-WAIT
      (5, 3, 0, nil),  // FIN-WAIT-2 as a remnant
      (3, 1, 0, nil),  // SYN-RECV
      (5, 0, 0, 1000),  // FIN-WAIT-2, closed by its program
      (1, 0, 0, 1000),  // waits for accept
      (10, 0, 1, 1000),
    ])
  func user(state: UInt8, timer: UInt8, inode: UInt8, uid: UInt32?) throws {
    var message = changed(1, to: [state, timer])
    message.replaceSubrange(68..<72, with: [inode, 0, 0, 0])
    #expect(try #require(decode(message)).uid == uid)
  }

  @Test("another family is no internet socket", arguments: [0, 1, 16, 17, 255] as [UInt8])
  func family(family: UInt8) {
    #expect(decode(changed(0, to: [family])) == nil)
  }

  @Test("a message shorter than its structure is no socket; behind it nothing is needed")
  func prefixes() {
    for count in 0..<InetDiagMessage.size {
      #expect(decode(Array(Self.listener.prefix(count)), details: .all) == nil)
    }
    #expect(decode(Self.listener, details: .all) != nil)
  }

  @Test("a plain listing of IPv6 looks for the one attribute that it needs, and skips others")
  func plainV6Only() throws {
    let message = changed(0, to: [10])
    let noise = HexDump.attribute(8, [3]) + HexDump.attribute(999, [1, 2, 3, 4, 5])
    for (payload, isV6Only) in [([1], true), ([0], false), ([], nil)] as [([UInt8], Bool?)] {
      let bytes = message + noise + HexDump.attribute(11, payload)
      #expect(try #require(decode(bytes)).isV6Only == isV6Only)
      #expect(try #require(decode(bytes, details: .memory)).isV6Only == isV6Only)
    }
  }
}
