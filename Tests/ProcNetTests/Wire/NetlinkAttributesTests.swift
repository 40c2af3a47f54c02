import Testing

@testable import ProcNet

@Suite("Walking attributes") struct NetlinkAttributesTests {
  /// Type and payload of all that the walk comes by.
  private func walk(_ bytes: [UInt8], from start: Int = 0) -> [(type: UInt16, payload: [UInt8])] {
    var found: [(UInt16, [UInt8])] = []
    var attributes = NetlinkAttributes(from: start)
    while attributes.next(in: bytes.span) {
      found.append((attributes.type, attributes.bytes(in: bytes.span)))
    }
    return found
  }

  private static let good = HexDump(
    """
    05 00  08 00  aa 00 00 00 ; length 5, type 8, one byte, three of padding
    04 00  09 00              ; length 4, type 9, nothing
    08 00  0f 00  01 02 03 04 ; length 8, type 15, four bytes
    """
  ).bytes

  @Test("each begins at a multiple of four behind the one before")
  func padding() {
    let found = walk(Self.good)
    #expect(found.map(\.type) == [8, 9, 15])
    #expect(found.map(\.payload) == [[0xAA], [], [1, 2, 3, 4]])
  }

  @Test("the last one needs no padding")
  func lastWithoutPadding() {
    #expect(walk(Array(Self.good.prefix(5))).map(\.payload) == [[0xAA]])
  }

  @Test(
    "a length that does not reach the payload, or reaches behind the message, ends the walk",
    arguments: [0, 1, 3, 9, 0x7FFF, 0xFFFF] as [UInt16])
  func badLength(length: UInt16) {
    let bad = HexDump.attribute(15, claiming: length, [1, 2, 3, 4])
    #expect(walk(Self.good + bad).map(\.type) == [8, 9, 15])
    #expect(walk(bad).isEmpty)
  }

  @Test("a walk that begins at or behind the end finds nothing")
  func nothing() {
    for start in [Self.good.count - 3, Self.good.count, Self.good.count + 100] {
      #expect(walk(Self.good, from: start).isEmpty)
    }
    #expect(walk([]).isEmpty)
  }

  @Test("every prefix is walked, up to the attribute that was cut")
  func prefixes() {
    for count in 0...Self.good.count {
      let expected = [5, 12, 20].count { $0 <= count }
      #expect(walk(Array(Self.good.prefix(count))).count == expected, "\(count) bytes")
    }
  }

  @Test("numbers need all of their bytes; more are no harm")
  func numbers() {
    for count in 0...9 {
      let bytes = HexDump.attribute(1, Array([1, 2, 3, 4, 5, 6, 7, 8, 9].prefix(count)))
      var attribute = NetlinkAttributes(from: 0)
      let isThere = attribute.next(in: bytes.span)
      #expect(isThere)
      let number8 = attribute.number8(in: bytes.span)
      let number16 = attribute.number16(in: bytes.span)
      let number32 = attribute.number32(in: bytes.span)
      let number64 = attribute.number64(in: bytes.span)
      let words = attribute.words(in: bytes.span)
      #expect(number8 == (count >= 1 ? 1 : nil))
      #expect(number16 == (count >= 2 ? 0x0201 : nil))
      #expect(number32 == (count >= 4 ? 0x0403_0201 : nil))
      #expect(number64 == (count >= 8 ? 0x0807_0605_0403_0201 : nil))
      #expect(words.count == count / 4)
    }
  }

  @Test("text ends at its first zero byte, or where the attribute does")
  func text() {
    for (payload, text) in [("cubic\0", "cubic"), ("a\0b\0", "a"), ("bbr", "bbr"), ("\0", "")] {
      let bytes = HexDump.attribute(4, Array(payload.utf8))
      var attribute = NetlinkAttributes(from: 0)
      let isThere = attribute.next(in: bytes.span)
      #expect(isThere)
      let found = attribute.text(in: bytes.span)
      #expect(found == Array(text.utf8))
    }
  }
}
