import ProcNet
import Testing

@testable import sockinspect

/// Counters as people see them, and as a pipe gets them.
@Suite("The table of counters")
struct CounterListingTests {
  private static let rows = [
    CounterRow(
      KernelCounter(group: "Tcp", name: "AttemptFails", value: 216), in: .here,
      change: CounterChange(delta: 2, interval: 1000)),
    CounterRow(
      KernelCounter(group: "Tcp", name: "OutRsts", value: 0), in: .here,
      change: CounterChange(delta: 0, interval: 1000)),
  ]

  private func lines(_ columns: String, width: Int?, isColoured: Bool = false) throws -> [String] {
    var writer = ByteWriter()
    AlignedTable(
      try ColumnSet.counters.chosen(columns, usual: []), showsHeader: true, width: width,
      palette: Palette(isColoured: isColoured)
    ).write(Self.rows, to: &writer)
    return writer.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("in a pipe each counter is a line, whatever its length")
  func pipe() throws {
    #expect(
      try lines("name,value,delta,per-second,meaning", width: nil) == [
        "Name             Value  Delta  Per second  Meaning",
        """
        TcpAttemptFails    216     +2           2  a connection ended before it was established: \
        refused, reset or given up
        """,
        "TcpOutRsts           0      0           0  a reset was sent",
        "",
      ])
  }

  @Test("on a terminal the meaning is wrapped beside the numbers")
  func beside() throws {
    #expect(
      try lines("name,value,meaning", width: 60) == [
        "Name             Value  Meaning",
        "TcpAttemptFails    216  a connection ended before it was",
        "                        established: refused, reset or given",
        "                        up",
        "TcpOutRsts           0  a reset was sent",
        "",
      ])
  }

  @Test("where there is no room beside them, the meaning stands below")
  func below() throws {
    #expect(
      try lines("name,value,meaning", width: 44) == [
        "Name             Value",
        "    Meaning",
        "TcpAttemptFails    216",
        "    a connection ended before it was",
        "    established: refused, reset or given up",
        "TcpOutRsts           0",
        "    a reset was sent",
        "",
      ])
  }

  @Test("what rises stands out, zeros are faint")
  func colours() throws {
    let text = try lines("name,value,delta", width: 80, isColoured: true)
    #expect(text[1].contains("\u{1b}[33m+2\u{1b}[0m"))
    #expect(text[2].contains("\u{1b}[2m0\u{1b}[0m"))
  }
}
