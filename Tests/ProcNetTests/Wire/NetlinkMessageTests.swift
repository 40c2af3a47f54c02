import Testing

@testable import ProcNet

@Suite("The header of a netlink message") struct NetlinkMessageTests {
  private static let done = HexDump(
    """
    14 00 00 00 ;  0 length with header: 20
    03 00       ;  4 type: NLMSG_DONE
    12 00       ;  6 flags: NLM_F_MULTI | NLM_F_DUMP_INTR
    01 00 00 00 ;  8 sequence
    92 10 00 00 ; 12 port
    fe ff ff ff ; 16 status: -2
    """
  ).bytes

  @Test("its fields, also in the middle of a datagram")
  func fields() throws {
    for lead in [0, 4, 60] {
      let bytes = [UInt8](repeating: 0xEE, count: lead) + Self.done
      let decoded = NetlinkMessage.header(in: bytes.span, at: lead)
      let header = try #require(decoded)
      #expect(header.length == 20)
      #expect(header.type == NetlinkMessage.Control.done)
      #expect(header.flags & NetlinkMessage.Flag.dumpInterrupted != 0)
      #expect(header.sequence == 1)
    }
  }

  @Test(
    "a length that is shorter than the header or longer than the datagram is refused",
    arguments: [0, 1, 15, 21, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
  func length(length: UInt32) {
    let bytes = HexDump.words([length]) + Self.done.dropFirst(4)
    let header = NetlinkMessage.header(in: bytes.span, at: 0)
    #expect(header == nil)
  }

  @Test("every prefix is refused, as is a place behind the end")
  func prefixes() {
    for count in 0..<Self.done.count {
      let bytes = Array(Self.done.prefix(count))
      let header = NetlinkMessage.header(in: bytes.span, at: 0)
      #expect(header == nil)
    }
    for place in [20, 1000] {
      let header = NetlinkMessage.header(in: Self.done.span, at: place)
      #expect(header == nil)
    }
  }

  @Test("the number of an error is positive, and 0 without one")
  func errorNumber() {
    for (payload, number) in [
      ([0xFE, 0xFF, 0xFF, 0xFF], 2), ([0, 0, 0, 0], 0), ([], 0), ([0xFE, 0xFF, 0xFF], 0),
      ([0, 0, 0, 0x80], Int32.min),  // cannot be turned round, and does not trap
    ] as [([UInt8], Int32)] {
      let found = NetlinkMessage.errorNumber(in: payload.span)
      #expect(found == number)
    }
  }

  @Test("messages are padded to multiples of four")
  func aligned() {
    #expect((16...21).map(NetlinkMessage.aligned) == [16, 20, 20, 20, 20, 24])
  }
}
