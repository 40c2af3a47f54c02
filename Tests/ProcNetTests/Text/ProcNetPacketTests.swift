import Testing

@testable import ProcNet

@Suite("/proc/net/packet")
struct ProcNetPacketTests {
  private func decode(_ line: String) -> Socket? {
    ProcNetPacket.decode(line: Array(line.utf8).span)
  }

  @Test("a raw socket for all protocols on all interfaces")
  func raw() throws {
    let socket = try #require(decode(ProcNetTables.line(ProcNetTables.packet, "00000000b570")))
    #expect(socket.netid == .packetRaw)  // Type 3
    #expect(socket.state == .close)
    #expect(socket.packetProtocol == 3)  // ETH_P_ALL
    #expect(socket.interface == 0)
    #expect(socket.queues.recvQ == 236296)  // Rmem
    #expect(socket.queues.sendQ == nil)
    #expect(socket.inode == 32476)
  }

  @Test("early after booting the kernel has no random numbers to hide addresses with")
  func noAddress() throws {
    let line = ProcNetTables.line(ProcNetTables.packet, "00000000b570")
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    let early = (["(____ptrval____)"] + words.dropFirst().map(String.init)).joined(separator: " ")
    let socket = try #require(decode(early))
    #expect(socket.netid == .packetRaw)
    #expect(socket.queues.recvQ == 236296)
    #expect(socket.inode == 32476)
  }

  @Test("a cooked socket for IPv4 on one interface")
  func cooked() throws {
    let socket = try #require(decode(ProcNetTables.line(ProcNetTables.packet, "000000009744")))
    #expect(socket.netid == .packetDatagram)  // Type 2
    #expect(socket.packetProtocol == 0x0800)
    #expect(socket.interface == 2)
    #expect(socket.uid == 1000)
  }

  @Test(
    "a line that is no row is nil",
    arguments: [
      "", "sk RefCnt", "0 3 3 0003 0 1 0 0", "0 3 3 0003 0 1 0 0 7x", "0 3 3 00030 0 1 0 0 7",
    ])
  func noRow(line: String) { #expect(decode(line)?.inode == nil) }
}
