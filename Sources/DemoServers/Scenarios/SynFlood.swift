import CLinux
import Glibc

/// Half-open connections from addresses that never answer.
struct SynFlood: Scenario {
  let name = "syn-flood"
  let summary = "half-open connections fill the SYN queue; the kernel answers with cookies"
  let recipe = "serve event --backlog 64; 100 SYNs a second from addresses that do not answer"
  let expects: [FindingID] = [.synQueuePressure]
  let needs: [Need] = [.ownNetwork]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    try HarnessNamespace.setSysctl("ipv4/tcp_syncookies", to: "1")
    let server = try harness.serve("event", "--port", "9000", "--backlog", "64")
    let source = try SynSource()
    harness.keep(source.socket)
    var number: UInt32 = 0
    try harness.wait("a full SYN queue") {
      number += 1
      source.send(number, to: server.port)
      return server.connections(.synReceived).count >= 64
        && HostTables.counter("SyncookiesSent") > 0
    }
    return RunningScenario(server)
  }

  func keepUp(_ running: RunningScenario, on harness: inout ScenarioHarness) throws(DemoError) {
    guard let socket = harness.sockets.first, let server = running.servers.first else { return }
    let source = SynSource(socket)
    for _ in 0..<5 { source.send(UInt32.random(in: 0...UInt32.max), to: server.port) }
  }
}

/// Sends SYNs from addresses of 10.0.0.0/8 that never answer; in a network of the harness's own.
private struct SynSource {
  let socket: Socket

  init() throws(DemoError) {
    try SilentRoute.add()
    // IPPROTO_RAW: we write the IP header ourselves, and so the address of the sender.
    socket = try Socket(
      SOCK_RAW, family: AF_INET, protocol: Int32(IPPROTO_RAW), "make a raw socket")
  }

  /// The one whose socket a harness keeps.
  init(_ socket: Socket) { self.socket = socket }

  /// A SYN from an address and port made of the number, to a port of 127.0.0.1.
  func send(_ number: UInt32, to port: UInt16) {
    let packet = SynPacket.bytes(
      from: 0x0A00_0000 | number & 0xFF_FFFF, port: 1024 | UInt16(truncatingIfNeeded: number),
      to: INADDR_LOOPBACK, port: port)
    _ = unsafe SocketAddress.loopback(port).withSockaddr {
      unsafe sendto(socket.descriptor, packet, packet.count, 0, $0, $1)
    }
  }
}

/// A TCP SYN with its IP header (RFC 791, RFC 9293), no options.
enum SynPacket {
  static func bytes(
    from source: UInt32, port sourcePort: UInt16, to target: UInt32, port targetPort: UInt16
  ) -> [UInt8] {
    var tcp = big(sourcePort) + big(targetPort) + big(source) + big(UInt32(0))
    // 5 words of header, SYN, a window, the checksum's place, no urgent data.
    tcp += [5 << 4, 0x02] + big(UInt16(8192)) + [0, 0, 0, 0]
    let pseudoHeader = big(source) + big(target) + [0, 6] + big(UInt16(tcp.count))
    tcp.replaceSubrange(16..<18, with: big(checksum(pseudoHeader + tcp)))
    // The kernel fills in the identification and the header's checksum.
    let ip: [UInt8] = [0x45, 0] + big(UInt16(40)) + [0, 0, 0, 0, 64, 6, 0, 0]
    return ip + big(source) + big(target) + tcp
  }

  /// The one's complement of the one's complement sum of all 16-bit words (RFC 1071).
  static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
    }
    while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
    return ~UInt16(truncatingIfNeeded: sum)
  }

  private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (1...Number.bitWidth / 8).map {
      UInt8(truncatingIfNeeded: number >> Number(Number.bitWidth - 8 * $0))
    }
  }
}

/// A route for 10.0.0.0/8 into the loopback device: what is sent there and has no address of this
/// host vanishes without an answer, and so do the kernel's SYN-ACKs.
private enum SilentRoute {
  static func add() throws(DemoError) {
    let socket = try Socket(
      SOCK_RAW, family: SOCKINSPECT_AF_NETLINK, protocol: SOCKINSPECT_NETLINK_ROUTE,
      "make a netlink socket")
    var answer = [UInt8](repeating: 0, count: 256)
    try socket.send(request)
    guard try socket.receive(into: &answer) >= 20 else { throw DemoError("no answer for a route") }
    // NLMSG_ERROR, whose error number is 0 for done.
    guard answer[16..<20].allSatisfy({ $0 == 0 }) else {
      throw DemoError("the kernel refused a route into the loopback device")
    }
  }

  /// struct nlmsghdr, struct rtmsg, RTA_DST, RTA_OIF (linux/rtnetlink.h).
  private static var request: [UInt8] {
    let newRoute: UInt16 = 24
    let flags: UInt16 = 0x0405  // NLM_F_REQUEST, NLM_F_ACK, NLM_F_CREATE
    let header = native(UInt32(44)) + native(newRoute) + native(flags) + native(UInt64(1))
    // AF_INET, /8; table main, RTPROT_STATIC, RT_SCOPE_LINK, RTN_UNICAST.
    let route: [UInt8] = [2, 8, 0, 0, 254, 4, 253, 1, 0, 0, 0, 0]
    let target = native(UInt16(8)) + native(UInt16(1)) + [10, 0, 0, 0]
    let device = native(UInt16(8)) + native(UInt16(4)) + native(UInt32(1))
    return header + route + target + device
  }

  /// Netlink speaks the processor's own byte order.
  private static func native<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map {
      UInt8(truncatingIfNeeded: number.littleEndian >> Number(8 * $0))
    }
  }
}
