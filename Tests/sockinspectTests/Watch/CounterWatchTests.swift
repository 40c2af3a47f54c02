import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// The counters of `watch`, read from a kernel made of text.
@Suite struct CounterWatchTests {
  private static func kernel(drops: Int, again: Int) -> FakeKernel {
    FakeKernel()
      .file("/proc/net/netstat", "TcpExt: ListenDrops Unheard\nTcpExt: \(drops) 7\n")
      .file("/proc/net/snmp", "Tcp: MaxConn RetransSegs\nTcp: -1 \(again)\n")
  }

  @Test("rates come with the second sample, losses are marked, unknown counters are left out")
  func rates() {
    var watch = CounterWatch()
    watch.sample(in: [.here], through: Self.kernel(drops: 5, again: 1), at: 1000)
    #expect(watch.rows.map(\.counter.name) == ["ListenDrops", "RetransSegs"])
    #expect(watch.rows.allSatisfy { $0.rise == nil } && watch.gaps.isEmpty)
    watch.sample(in: [.here], through: Self.kernel(drops: 8, again: 2), at: 3000)
    #expect(watch.rows.map(\.value) == [8, 2] && watch.rows.map(\.rise) == [3, 1])
    #expect(watch.rows[0].tenthsPerSecond == 15)
    #expect(watch.history["ListenDrops"].newest?.isMarked == true)
    #expect(watch.history["RetransSegs"].newest?.isMarked == false)
    watch.sample(in: [.here], through: Self.kernel(drops: 1, again: 2), at: 4000)
    #expect(watch.rows[0].rise == 0, "a namespace that went took its counters along")
  }

  @Test("a file that cannot be read is a gap, not a zero")
  func gap() {
    var watch = CounterWatch()
    watch.sample(in: [.here], through: FakeKernel(), at: 1000)
    #expect(watch.rows.isEmpty && watch.gaps.count == 2)
  }

  @Test("each counter is there once, with a meaning that fits behind its figures")
  func list() {
    let names = WatchedCounter.all.map(\.name)
    #expect(Set(names).count == names.count)
    for counter in WatchedCounter.all {
      #expect(counter.name.count <= 20 && !counter.meaning.isEmpty && counter.meaning.count <= 48)
    }
  }
}
