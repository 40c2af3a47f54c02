import ProcNet
import Testing

@testable import sockinspect

/// What columns say, and the order of it.
@Suite struct ValueTests {
  @Test("unknown comes before numbers, numbers by value, text by bytes")
  func order() {
    let ordered: [Value] = [
      .unknown, .signed(-1), .count(0), .duration(9), .count(10), .count(.max),
      .signed(Int128(UInt64.max) + 1), .words(""), .words("10"), .words("9"),
      .name(Array("nginx".utf8)), .words("nginx2"), .name([0xFF]),
    ]
    #expect(ordered.reversed().sorted() == ordered)
    for (index, key) in ordered.enumerated() {
      for (other, second) in ordered.enumerated() { #expect((key < second) == (index < other)) }
    }
    let rates = [(1, 3), (1, 2), (2, 3)].map { Value.rate(EventRate(events: $0, interval: $1)) }
    #expect(rates.reversed().sorted() == rates)
  }

  private static func value(_ column: String, _ socket: Socket) throws -> Value {
    try #require(ColumnSet.sockets[column]).value(socket, RowContext())
  }

  @Test("a value is what the column shows")
  func values() throws {
    let listener = Socket.tcp(.listen, (0, 80), queues: (3, 2))
    #expect(try Self.value("recv-q", listener) == .count(3))
    // Of the two that fit by the limit, and one more.
    #expect(try Self.value("fill", listener) == .percent(100))
    #expect(try Self.value("age", listener) == .unknown)
    #expect(try Self.value("state", listener) == .words("LISTEN"))
    // A cookie is hexadecimal: text, though it may look like a number.
    let other = Socket.tcp(.listen, (0, 80), cookie: 0x10)
    #expect(try Self.value("cookie", other) == .words("10"))
  }

  @Test("people get signs and units, programs plain numbers, and nothing for what is not known")
  func text() {
    let shown: [(Value, String, String)] = [
      (.unknown, "-", ""), (.count(7), "7", "7"), (.change(7), "+7", "7"),
      (.change(-7), "-7", "-7"),
      (.duration(2812), "2.8s", "2812"), (.percent(80), "80%", "80"), (.tenths(25), "2.5", "2.5"),
      (.rate(EventRate(events: 1, interval: 3000)), "0.333333", "0.333333"),
      (.name([0x1B, 0x61]), "\\x1ba", "\\x1ba"), (.list([.count(1), .words("a")]), "1,a", "1,a"),
    ]
    for (value, people, programs) in shown {
      #expect(written { value.append(to: &$0) } == people)
      #expect(written { value.appendPlain(to: &$0) } == programs)
    }
  }

  @Test("equals keep the kernel's order, upwards and downwards")
  func stable() throws {
    let rows = [(1, 5), (2, 3), (3, 5), (4, 3)].map { port, queue in
      Socket.tcp(.listen, (0, port), queues: (queue, 0))
    }
    var order = RowOrder(column: try #require(ColumnSet.sockets["recv-q"]))
    #expect(order.sorted(rows, UnknownContext()).map(\.local.port) == [2, 4, 1, 3])
    order.isDescending = true
    #expect(order.sorted(rows, UnknownContext()).map(\.local.port) == [1, 3, 2, 4])
  }
}
