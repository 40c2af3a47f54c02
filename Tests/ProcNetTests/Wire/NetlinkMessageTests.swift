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

  /// An error as the kernel writes it with `NETLINK_EXT_ACK`.
  private static let refusal = HexDump(
    """
    44 00 00 00 ;  0 length with header: 68
    02 00       ;  4 type: NLMSG_ERROR
    00 02       ;  6 flags: NLM_F_ACK_TLVS
    01 00 00 00 ;  8 sequence
    92 10 00 00 ; 12 port
    ea ff ff ff ; 16 error: -EINVAL
    14 00 00 00 ; 20 the request, whole: length 20
    12 00 01 03 ; 24 RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP
    01 00 00 00 ; 28 sequence
    00 00 00 00 ; 32 port
    11 00 00 00 ; 36 its body
    08 00 02 00 ; 40 NLMSGERR_ATTR_OFFS
    10 00 00 00 ; 44 16
    11 00 01 00 ; 48 NLMSGERR_ATTR_MSG, length 17
    4e 6f 1b 20 ; 52 "No", an escape character, " "
    73 75 63 68 ; 56 "such"
    20 6b 65 79 ; 60 " key"
    00 00 00 00 ; 64 end of the text, padding
    """
  ).bytes

  private static func text(_ message: [UInt8]) -> String? {
    guard let header = NetlinkMessage.header(in: message.span, at: 0) else { return nil }
    return NetlinkMessage.errorText(header, in: message.span.extracting(16..<header.length))
  }

  @Test("an error has the kernel's words behind the request that it repeats")
  func extendedAcknowledgement() {
    #expect(Self.text(Self.refusal) == "No such key")
    // NLM_F_CAPPED: of the request there is the header only.
    var capped = Array(Self.refusal[..<36] + Self.refusal[40...])
    (capped[0], capped[7]) = (64, 3)
    #expect(Self.text(capped) == "No such key")
    // Without NLM_F_ACK_TLVS these bytes mean nothing.
    var plain = Self.refusal
    plain[7] = 0
    #expect(Self.text(plain) == nil)
  }

  @Test("a done message has them behind its status")
  func wordsAtTheEnd() {
    var done = Array(Self.refusal[..<20] + Self.refusal[48...])
    (done[0], done[4]) = (40, 3)
    #expect(Self.text(done) == "No such key")
  }

  @Test("a length that lies hides the words, and nothing traps")
  func hostileAcknowledgement() {
    for length in [0, 1, 15, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32] {
      let lies = Self.refusal[..<20] + HexDump.words([length]) + Self.refusal[24...]
      #expect(Self.text(Array(lies)) != "No such key")
    }
    for count in 16..<Self.refusal.count {
      var cut = Array(Self.refusal[..<count])
      cut[0] = UInt8(count)
      #expect(count >= 65 || Self.text(cut) == nil, "\(count) bytes")
    }
  }
}
