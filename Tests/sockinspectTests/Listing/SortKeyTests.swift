import ProcNet
import Testing

@testable import sockinspect

@Suite struct SortKeyTests {
  @Test("unknown comes before numbers, numbers by value, text by bytes")
  func order() {
    let ordered: [SortKey] = [
      .unknown, .number(0), .number(9), .number(10), .number(.max), .text([]),
      .text(Array("10".utf8)), .text(Array("9".utf8)), .text(Array("nginx".utf8)),
      .text(Array("nginx2".utf8)), .text([0xFF]),
    ]
    #expect(ordered.reversed().sorted() == ordered)
    for (index, key) in ordered.enumerated() {
      for (other, second) in ordered.enumerated() { #expect((key < second) == (index < other)) }
    }
  }

  private static func key(_ column: String, _ socket: Socket) throws -> SortKey {
    SortKey(socket, RowSurroundings(), try #require(Column.named(column)))
  }

  @Test("a key is what the column shows")
  func keys() throws {
    let listener = Socket.tcp(.listen, (0, 80), queues: (3, 2))
    #expect(try Self.key("recv-q", listener) == .number(3))
    #expect(try Self.key("fill", listener) == .number(150))
    #expect(try Self.key("age", listener) == .unknown)
    #expect(try Self.key("state", listener) == .text(Array("LISTEN".utf8)))
    // A cookie is hexadecimal: text, though it may look like a number.
    let other = Socket.tcp(.listen, (0, 80), cookie: 0x10)
    #expect(try Self.key("cookie", other) == .text(Array("10".utf8)))
  }

  @Test("equal keys keep the kernel's order, upwards and downwards")
  func stable() {
    let rows = [(1, 5), (2, 3), (3, 5), (4, 3)].map { position, number in
      SortedRow(.tcp(.listen, (0, 80)), key: .number(UInt64(number)), position)
    }
    #expect(rows.sorted { $0.isBefore($1) }.map(\.position) == [2, 4, 1, 3])
    #expect(rows.sorted { $0.isAfter($1) }.map(\.position) == [1, 3, 2, 4])
  }
}
