import Testing

@testable import ProcNet

/// How long the host is up, what its processors did, and how long threads waited for one.
@Suite struct HostTimesTests {
  private static func uptime(_ text: String) -> ProcUptime? {
    ProcUptime.decode(Array(text.utf8).span)
  }

  @Test("uptime is in hundredths, as the start of processes is")
  func up() throws {
    let uptime = try #require(Self.uptime("350735.47 234388.90\n"))
    #expect(uptime.ticks == 35_073_547 && uptime.idleTicks == 23_438_890)
    #expect(uptime.age(ofStart: 35_073_500) == 470)
    #expect(uptime.age(ofStart: 35_073_548) == 0, "it began after the file was read")
    #expect(ProcUptime(ticks: .max, idleTicks: 0).age(ofStart: 0) == .max)
  }

  @Test(
    "what is cut off, or written otherwise, is no time",
    arguments: [
      "", "1", "1.5 2.50\n", "1.005 2.50\n", "1.50 2.50", "x.50 2.50\n", "1.50\n", "-1.50 2.50\n",
      "184467440737095516.16 0.00\n", "99999999999999999999.00 0.00\n",
    ])
  func noTime(text: String) { #expect(Self.uptime(text) == nil) }

  @Test("no beginning of the line is another time")
  func prefixes() {
    let line = "350735.47 234388.90\n"
    for count in 0..<line.utf8.count { #expect(Self.uptime(String(line.prefix(count))) == nil) }
  }

  /// Of Linux 6.18, with lines left out; `intr` is much longer.
  private static let stat = """
    cpu  197032 34 24016 129169 2863 7 897 228 5 6
    cpu0 97155 15 11660 67511 191 0 469 108 0 0
    cpu11 99876 18 12355 61658 2672 0 428 119 0 0
    intr 1736763 0 0 0
    ctxt 4455
    btime 1794000000
    processes 9000
    procs_running 3
    procs_blocked 1
    softirq 12 1 2 3

    """

  private static func host(_ text: String) -> ProcHostStat {
    ProcHostStat.decode(Array(text.utf8).span)
  }

  @Test("processors, and what they did")
  func processors() {
    let host = Self.host(Self.stat)
    #expect(host.processors == 2 && host.running == 3 && host.blocked == 1)
    #expect(host.busyTicks == 197_032 + 34 + 24_016 + 7 + 897 + 228)
    #expect(host.idleTicks == 129_169 + 2863 && host.stolenTicks == 228)
  }

  @Test("the first kernels had four columns; fewer, or numbers too large, say nothing")
  func columns() {
    let old = Self.host("cpu 1 2 3 4\ncpu0 1 2 3 4\n")
    #expect(old.busyTicks == 6 && old.idleTicks == 4 && old.stolenTicks == nil)
    #expect(Self.host("cpu 1 2 3\n").busyTicks == nil)
    #expect(Self.host("cpu 1 2 3 4 5 6 7 8 9 10 11 12\n").busyTicks == 27)
    let most = UInt64.max / 10
    #expect(Self.host("cpu \(most) \(most) 1 0\n").busyTicks == most * 2 + 1)
    #expect(Self.host("cpu  99999999999999999999 1 1 1\n").busyTicks == nil)
    #expect(Self.host("cpufreq 1 2\ncpux 1\nprocs_runningx 1\n") == ProcHostStat())
    for count in 0...Self.stat.utf8.count {
      #expect(Self.host(String(Self.stat.prefix(count))).processors <= 2)
    }
  }

  private static func sched(_ text: String) -> ProcSchedstat? {
    ProcSchedstat.decode(Array(text.utf8).span)
  }

  @Test("how long a thread waited for a processor; zeros are a kernel that does not count")
  func waited() {
    let line = "2414271 1023110 31\n"
    #expect(Self.sched(line) == ProcSchedstat(running: 2_414_271, waiting: 1_023_110, turns: 31))
    #expect(Self.sched("0 50234 1\n")?.waiting == 50_234)
    #expect(Self.sched("0 0 0\n") == nil)
    for count in 0..<line.utf8.count { #expect(Self.sched(String(line.prefix(count))) == nil) }
    for text in ["1 2 3 4\n", "a b c\n", "1 2 99999999999999999999\n", "1  2 3\n"] {
      #expect(Self.sched(text) == nil)
    }
  }
}
