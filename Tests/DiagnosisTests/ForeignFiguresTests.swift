import ProcNet
import Testing

@testable import Diagnosis

/// Numbers that somebody chose so that arithmetic on them does not fit: in a recording, in `/proc`.
@Suite("Figures that cannot be")
struct ForeignFiguresTests {
  private func limits(_ name: String, _ value: Int64) -> MadeObservation {
    MadeObservation(
      counters: ["TCP \(name)": (value, value)],
      settings: [
        "ipv4/tcp_max_tw_buckets": "1", "ipv4/tcp_max_orphans": "\(Int64.max)",
        "ipv4/tcp_mem": "1 2 3",
      ])
  }

  @Test("percentages of the largest counters are right")
  func percentages() {
    #expect(
      limits("tw", .max).titles(TimeWaitPressure()) == [
        "9223372036854775807 connections are in TIME-WAIT, 922337203685477580700 % of the limit of 1"
      ])
    #expect(
      limits("orphan", .max).titles(OrphanPressure()) == [
        "9223372036854775807 closed connections still send, 100 % of the limit of "
          + "9223372036854775807"
      ])
    #expect(
      limits("mem", .max).titles(TCPMemory()) == [
        "TCP buffers take 9223372036854775807 pages, 307445734561825860233 % of the limit of 3"
      ])
    #expect(limits("tw", .min).titles(TimeWaitPressure()).isEmpty)
  }

  @Test("a rise that does not fit is not known")
  func rise() {
    let made = MadeObservation(counters: [
      "TcpExt TCPAbortOnMemory": (.min, .max), "TcpExt ListenDrops": (-1, .max - 1),
    ])
    let (first, last) = (made.file.first.counters, made.file.last.counters)
    #expect(last.rise(of: "TcpExt", "TCPAbortOnMemory", since: first, in: 0) == nil)
    #expect(last.rise(of: "TcpExt", "ListenDrops", since: first, in: 0) == .max)
  }

  @Test("processor time that fell, or is more than can be, is not known")
  func ticks() {
    func ticks(_ before: (UInt64, UInt64), _ now: (UInt64, UInt64)) -> UInt64? {
      func process(_ ticks: (UInt64, UInt64)) -> ProcessSnapshot {
        var thread = ThreadSnapshot.running(7, ticks: ticks.0)
        thread.kernelTicks = ticks.1
        return MadeProcess(7, "app", [:], [thread]).now
      }
      return ObservedProcess(process(now), before: process(before)).threads[0].ticks
    }
    #expect(ticks((5, 1), (50, 3)) == 47)
    #expect(ticks((50, 3), (49, 3)) == nil)
    #expect(ticks((0, 0), (.max, 1)) == nil)
    #expect(ticks((0, 0), (.max, 0)) == .max)
  }

  @Test("shares of a CPU are exact, and what does not fit is no evidence")
  func shares() {
    #expect(ObservedThread.share(ofTicks: 30, 1000) == 30)
    #expect(ObservedThread.share(ofTicks: .max, 1) == Int128(UInt64.max) * 1000)
    #expect(ObservedThread.share(ofTicks: 3, .max) == 0)
    #expect(ObservedThread.share(ofTicks: 3, 0) == 0)
  }

  @Test("durations and sizes of any number")
  func phrases() {
    #expect(Phrase.duration(UInt64.max) == "213503982334 days")
    #expect(Phrase.duration(Int64.max) == "106751991167 days")
    #expect(Phrase.duration(Int64.min) == "-9223372036854775808 ms")
    #expect(Phrase.bytes(UInt64.max) == "17179869184 GiB")
  }

  @Test("of thousands of findings the worst are linked and shown, and the others counted")
  func many() {
    var made = MadeObservation()
    let count = RuleEngine.mostFindings + 40
    for number in 0..<count {
      let (inode, port) = (UInt32(1000 + number), UInt16(2000 + number))
      made.listener(.tcp([3, 3, 3], limit: 2, inode: inode, port: port))
    }
    made.readServers()
    let engine = RuleEngine(made.file)
    #expect(engine.left >= 40 && engine.findings.count <= RuleEngine.mostFindings)
    #expect(!engine.findings.isEmpty)
  }
}
