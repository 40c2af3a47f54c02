import Testing

@testable import ProcNet

@Suite("/proc/net/udp, raw and their IPv6 sisters")
struct ProcNetUDPTests {
  private func decode(
    _ line: String, _ netid: Netid = .udp, _ family: AddressFamily = .inet, drops: Bool = true
  ) -> Socket? {
    ProcNetUDP.decode(
      line: Array(line.utf8).span, netid: netid, family: family, drops: drops)
  }

  @Test("a receiver with a full buffer")
  func receiver() throws {
    let socket = try #require(decode(ProcNetTables.line(ProcNetTables.udp, "6273")))
    #expect(socket.netid == .udp)
    #expect(socket.state == .close)  // 07: not connected
    #expect(socket.queues.recvQ == 0xF00)
    #expect(socket.queues.sendQ == 0)
    #expect(socket.local.port == 0xC610)
    #expect(socket.inode == 32471)
    #expect(socket.timer == nil)
    #expect(socket.details?.drops == 17)  // last column
    #expect(socket.details?.memory == nil)
  }

  @Test("a kernel without the drops column says nothing of drops")
  func withoutDrops() throws {
    let line = ProcNetTables.line(ProcNetTables.udp, "6273")
    let old = try #require(line.split(separator: " 2 00000000").first)
    let socket = try #require(decode(old + " 2 000000006f46efa2"))
    #expect(socket.details == nil)
    #expect(socket.inode == 32471)
  }

  @Test("a raw socket's port is its protocol")
  func raw() throws {
    let icmp = try #require(decode(ProcNetTables.line(ProcNetTables.raw, "171"), .raw))
    #expect(icmp.local.port == 1)
    #expect(icmp.netid == .raw)
    let icmp6 = try #require(decode(ProcNetTables.line(ProcNetTables.raw6, "137"), .raw, .inet6))
    #expect(icmp6.local.port == 58)
    #expect(icmp6.local.address == .anyV6)
    #expect(icmp6.details?.drops == 0)
  }

  @Test("a cut row gives the whole row's numbers or nothing")
  func prefixes() throws {
    for line in ProcNetTables.udp.split(separator: "\n").dropFirst() {
      let whole = try #require(decode(String(line), drops: false))
      for count in 0..<line.count {
        guard let socket = decode(String(line.prefix(count)), drops: false) else { continue }
        #expect("\(socket)" == "\(whole)", "the first \(count) bytes of \(line)")
      }
    }
  }
}
