import TestSupport
import Testing

@testable import ProcNet

/// Counters above 2^63, and values that are no numbers.
@Suite struct LargeCounterTests {
  private static let largest = Int128(UInt64.max)

  @Test("counters go up to 2^64 - 1, settings below 0")
  func range() {
    let text = """
      Tcp: MaxConn CurrEstab InSegs
      Tcp: -1 18446744073709551615 9223372036854775808

      """
    let table = ProcNetSnmp.decode(Array(text.utf8).span)
    #expect(table["Tcp", "MaxConn"] == -1)
    #expect(table["Tcp", "CurrEstab"] == Self.largest)
    #expect(table["Tcp", "InSegs"] == 9_223_372_036_854_775_808)
    #expect(table.unread.isEmpty)
    let other = ProcNetSnmp6.decode(Array("Ip6InOctets 18446744073709551615\n".utf8).span)
    #expect(other["Ip6", "InOctets"] == Self.largest)
    let third = ProcSockstat.decode(Array("TCP: inuse 18446744073709551615 tw 1\n".utf8).span)
    #expect(third["TCP", "inuse"] == Self.largest)
  }

  @Test(
    "a value that is no number of the kernel's is told, not dropped",
    arguments: ["18446744073709551616", "-9223372036854775809", "1e3", "x", ""])
  func unread(value: String) {
    let text = "TcpExt: SyncookiesSent ListenDrops\nTcpExt: 1 \(value)\n"
    let table = ProcNetNetstat.decode(Array(text.utf8).span)
    #expect(table["TcpExt", "SyncookiesSent"] == 1)
    #expect(table["TcpExt", "ListenDrops"] == nil)
    #expect(table.unread == ["TcpExtListenDrops"])
    #expect(
      table.gap(of: "/proc/net/netstat")?.missing == "TcpExtListenDrops of /proc/net/netstat")
  }

  @Test("a sample that lacks something says that it does")
  func sample() throws {
    let whole = FakeKernel()
      .file("/proc/net/netstat", "TcpExt: ListenDrops\nTcpExt: 5\n")
      .file("/proc/net/snmp", "Tcp: InSegs\nTcp: 7\n")
      .file("/proc/net/sockstat", "TCP: inuse 1\n")
    var gaps: [Gap] = []
    let good = CounterSample.read(.here, through: whole, at: 1, gaps: &gaps)
    #expect(try #require(good).isComplete)
    #expect(gaps.isEmpty)
    let bad = whole.file("/proc/net/netstat", "TcpExt: ListenDrops\nTcpExt: ?\n")
    let sample = CounterSample.read(.here, through: bad, at: 1, gaps: &gaps)
    #expect(try !#require(sample).isComplete)
    #expect(gaps.count == 1)
  }
}
