import Testing

@testable import ProcNet

/// Our table of `struct tcp_info` against the installed `linux/tcp.h`, as far as that one goes.
@Suite struct TCPInfoLayoutTests {
  static let headerSize = HeaderOracle.size(of: "tcp_info") ?? 0
  static let wholeFields = TCPInfoField.all.filter { $0.place.bitCount == $0.width * 8 }
  static let bitFields = TCPInfoField.all.filter { $0.place.bitCount < $0.width * 8 }

  @Test("the header has at least what Linux 5.4 had, so that the comparison means something")
  func headerIsUsable() {
    #expect(Self.headerSize >= 232)
  }

  @Test("a field that the header knows stands where the header puts it")
  func offsets() {
    for field in Self.wholeFields {
      guard let theirs = HeaderOracle.place(of: "tcpi_" + field.name, in: "tcp_info") else {
        continue
      }
      #expect(
        theirs == HeaderOracle.Place(offset: field.offset, width: field.width), "\(field.name)")
    }
  }

  @Test("a field that the header does not know is newer than the header")
  func newerFields() throws {
    for field in Self.wholeFields where !isKnown(field) {
      #expect(try version(field.since) > HeaderOracle.version, "tcpi_\(field.name)")
    }
  }

  @Test("every bit of a bit field is read where the C compiler puts it, and nothing else is")
  func bits() throws {
    for field in Self.bitFields {
      for value in 0..<(UInt32(1) << UInt32(field.place.bitCount)) {
        let bytes = try #require(
          HeaderOracle.tcpInfo(settingBits: "tcpi_" + field.name, to: value))
        let info = TCPInfo(bytes: bytes)
        #expect(info[field] == UInt64(value), "tcpi_\(field.name)")
        for other in TCPInfoField.all where other != field {
          #expect((info[other] ?? 0) == 0, "tcpi_\(other.name) beside tcpi_\(field.name)")
        }
      }
    }
  }

  @Test("the table leaves no byte out, so no field was forgotten")
  func noGaps() {
    var reached = 0
    for field in TCPInfoField.all {
      #expect(field.offset <= reached, "a gap before tcpi_\(field.name)")
      reached = max(reached, field.offset + field.width)
    }
    #expect(reached >= min(Self.headerSize, 276), "the bytes from 276 on are left out on purpose")
  }

  @Test("names are unique, since JSON keys are made of them")
  func uniqueNames() {
    #expect(Set(TCPInfoField.all.map(\.name)).count == TCPInfoField.all.count)
  }

  private func isKnown(_ field: TCPInfoField) -> Bool {
    HeaderOracle.place(of: "tcpi_" + field.name, in: "tcp_info") != nil
  }

  /// `4.19` as a pair that can be compared; as text, 4.9 would be the later one.
  private func version(_ text: String) throws -> (Int, Int) {
    let parts = text.split(separator: ".").compactMap { Int($0) }
    try #require(parts.count == 2, "\(text) is not a version")
    return (parts[0], parts[1])
  }
}
