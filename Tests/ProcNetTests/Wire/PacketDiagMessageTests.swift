import Testing

@testable import ProcNet

@Suite("One message of a packet dump") struct PacketDiagMessageTests {
  private static let everything = HexDump(
    """
    11                      ;  0 family: AF_PACKET
    03                      ;  1 type: SOCK_RAW
    03 00                   ;  2 protocol: ETH_P_ALL, in the host's order
    39 30 00 00             ;  4 inode 12345
    02 00 00 00 01 00 00 00 ;  8 cookie: low word 2, high word 1
    """
  ).bytes

  private func decode(_ attributes: [UInt8] = [], type: UInt8 = 3) -> Socket? {
    var bytes = Self.everything + attributes
    bytes[1] = type
    return PacketDiagMessage.decode(bytes.span)
  }

  @Test("without attributes nothing but the row is known")
  func bare() throws {
    let socket = try #require(decode())
    #expect(socket.netid == .packetRaw)
    #expect(socket.state == .close)
    #expect(socket.packetProtocol == 3)
    #expect(socket.inode == 12345)
    #expect(socket.cookie == 1 << 32 | 2)
    #expect(socket.uid == nil)
    #expect(socket.queues.recvQ == nil)
    #expect(socket.details?.packet == PacketDetails())
  }

  @Test("the type is the kind of socket; a type that does not exist is none")
  func types() {
    let kinds: [UInt8: Netid] = [3: .packetRaw, 2: .packetDatagram]
    for type in UInt8.min...UInt8.max { #expect(decode(type: type)?.netid == kinds[type]) }
  }

  @Test("a message that is too short or of another family is no socket")
  func refused() {
    for count in 0..<PacketDiagMessage.size {
      let bytes = Array(Self.everything.prefix(count))
      let socket = PacketDiagMessage.decode(bytes.span)
      #expect(socket == nil)
    }
    let other = [1] + Self.everything.dropFirst()
    let socket = PacketDiagMessage.decode(other.span)
    #expect(socket == nil)
  }

  @Test("info: interface, version, reserve, copy threshold, time stamp, flags")
  func info() throws {
    let words: [UInt32] = [2, 3, 4, 5, 6, 7]
    let socket = try #require(decode(HexDump.attribute(0, HexDump.words(words))))
    #expect(socket.interface == 2)
    #expect(socket.details?.packet?.version == 3)
    #expect(socket.details?.packet?.copyThreshold == 5)
    #expect(socket.details?.packet?.flags == 7)
    let short = try #require(decode(HexDump.attribute(0, HexDump.words(words.dropLast()))))
    #expect(short.interface == 0)
    #expect(short.details?.packet?.version == nil)
  }

  @Test("rings: block size and count, frame size and count, timeout, (private), features")
  func rings() throws {
    let words: [UInt32] = [65536, 2, 2048, 64, 60, 99, 1]
    let socket = try #require(
      decode(
        HexDump.attribute(2, HexDump.words(words))
          + HexDump.attribute(3, HexDump.words(Array(words.prefix(2))))
          + HexDump.attribute(4, HexDump.words([0x10007])) + HexDump.attribute(5, [1, 0, 0, 0])))
    let packet = try #require(socket.details?.packet)
    #expect(packet.receiveRing == .init(words: words))
    #expect(packet.receiveRing?.features == 1)
    #expect(packet.sendRing?.blockCount == 2)
    #expect(packet.sendRing?.frameSize == 0)
    #expect(packet.fanout == 0x10007)
    #expect(socket.uid == 1)
  }

  @Test("the receive queue is the memory of received packets")
  func memory() throws {
    let memory = HexDump.words([5, 2, 3, 4, 5, 6, 7, 8, 9])
    let socket = try #require(decode(HexDump.attribute(6, memory)))
    #expect(socket.queues.recvQ == 5)
    #expect(socket.details?.drops == 9)
  }
}
