import ProcNet
import Testing

@testable import sockinspect

/// What is said instead of a number that would not be true.
@Suite("Gaps of counters")
struct CounterGapsTests {
  private func row(_ name: String, delta: Int128) -> CounterRow {
    CounterRow(
      KernelCounter(group: "Tcp", name: name, value: 5), in: .here,
      change: CounterChange(delta: delta, interval: 1000))
  }

  @Test("counters that fell are told by the first name; levels may fall")
  func wentBack() {
    let level = row("CurrEstab", delta: -3)
    #expect(CounterGaps.wentBack([row("InSegs", delta: 1), level]) == [])
    #expect(
      CounterGaps.wentBack([level, row("InSegs", delta: -9)]).map(\.message) == [
        """
        change of TcpInSegs not shown: it fell: the kernel's number wrapped, or the namespace is \
        another one now
        """
      ])
    let both = CounterGaps.wentBack([row("InSegs", delta: -9), row("OutSegs", delta: -9)])
    #expect(both.map(\.missing) == ["change of TcpInSegs and 1 more"])
  }

  @Test("a namespace that another one has replaced is told, one that is gone is not")
  func replaced() {
    let place = NetworkNamespace(inode: 7, path: nil, tables: "/proc/9/net")
    func sample(_ mark: UInt64) -> CounterSample {
      CounterSample(place: place, counters: [], time: 0, mark: mark)
    }
    #expect(
      CounterGaps.replaced(sample(1), sample(2))?.message
        == """
        changes of network namespace 7 not shown: another namespace took its place between the two \
        samples
        """)
    #expect(CounterGaps.replaced(sample(1), sample(1)) == nil)
    #expect(CounterGaps.replaced(sample(1), nil) == nil)
  }

  @Test("a name that this kernel lacks, and a host without counters")
  func lacking() {
    #expect(
      CounterGaps.lacking("TcpExtTCPAOGood").message
        == "counter TcpExtTCPAOGood not shown: this kernel does not have it, or not yet")
    let gap = Gap(missing: "counters of x", reason: "it is not there", remedy: "look elsewhere")
    #expect(
      CounterGaps.nothing(gap).message
        == "cannot read counters of x: it is not there; look elsewhere")
  }
}
