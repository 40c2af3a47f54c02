import Foundation
import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// What is shown of a counter, and what is not because it would mean nothing.
@Suite("A row of counters")
struct CounterRowTests {
  private func row(
    _ group: String, _ name: String, _ value: Int128, delta: Int128? = nil,
    in interval: UInt64 = 1000
  ) -> CounterRow {
    CounterRow(
      KernelCounter(group: group, name: name, value: value), in: .here,
      change: delta.map { CounterChange(delta: $0, interval: interval) })
  }

  private func cells(_ row: CounterRow, _ names: String...) -> [String] {
    ColumnSet.counters.named(names).map { column in
      var writer = ByteWriter()
      column.append(row, UnknownContext(), to: &writer)
      return writer.text
    }
  }

  @Test("a counter has its change, with a sign, and a rate")
  func counter() {
    let row = row("TcpExt", "ListenDrops", 15, delta: 3, in: 2000)
    #expect(cells(row, "value", "delta", "per-second", "kind") == ["15", "+3", "1.5", "counter"])
  }

  @Test("a rare event has a rate other than 0")
  func rare() {
    let row = row("TcpExt", "ListenDrops", 15, delta: 1, in: 60_000)
    #expect(cells(row, "per-second") == ["0.0166667"])
  }

  @Test("a level goes up and down and has no rate")
  func level() {
    let row = row("Tcp", "CurrEstab", 5, delta: -2)
    #expect(cells(row, "delta", "per-second", "kind") == ["-2", "-", "level"])
    #expect(!row.wentBack)
  }

  @Test("a setting has neither change nor rate")
  func setting() {
    let row = row("Tcp", "RtoMin", 200, delta: 0)
    #expect(cells(row, "delta", "per-second", "kind") == ["-", "-", "setting"])
  }

  @Test("of a counter that fell no change is told")
  func wentBack() {
    let row = row("Tcp", "InSegs", 5, delta: -4_294_967_290)
    #expect(row.wentBack)
    #expect(cells(row, "value", "delta", "per-second") == ["5", "-", "-"])
  }

  @Test("one that is not known counts as a counter, and is said not to be known")
  func unknown() {
    let row = row("TcpExt", "TCPFromTheFuture", 7, delta: 7)
    #expect(cells(row, "delta", "kind") == ["+7", "counter"])
    #expect(row.meaning == "not known to this version of sockinspect")
  }

  @Test("the meaning has no marks")
  func meaning() {
    #expect(!row("TcpExt", "TCPMemoryPressures", 1).meaning.contains("`"))
  }

  @Test("JSON leaves out what is not known, and keeps signs")
  func json() {
    func text(_ row: CounterRow) -> String {
      var writer = ByteWriter()
      var json = JSONWriter()
      CounterJSON.append(row, at: nil, &json, &writer)
      return writer.text.components(separatedBy: #","meaning""#)[0]
    }
    #expect(
      text(row("Tcp", "MaxConn", -1))
        == #"{"name":"TcpMaxConn","group":"Tcp","value":-1,"kind":"setting""#)
    #expect(
      text(row("Tcp", "CurrEstab", 5, delta: -2))
        == #"{"name":"TcpCurrEstab","group":"Tcp","value":5,"delta":-2,"interval_ms":1000,"kind":"level""#
    )
    #expect(
      text(row("Tcp", "InSegs", 5, delta: 5, in: 400))
        == #"{"name":"TcpInSegs","group":"Tcp","value":5,"delta":5,"per_second":12.5,"interval_ms":400,"kind":"counter""#
    )
  }
}
