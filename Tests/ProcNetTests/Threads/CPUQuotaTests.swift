import TestSupport
import Testing

@testable import ProcNet

/// Limits of processor time, of both versions of control groups.
@Suite struct CPUQuotaTests {
  private static let mounts =
    "cg2 /sys/fs/cgroup cgroup2 rw 0 0\ncg /cg/cpu cgroup rw,relatime,cpu,cpuacct 0 0\n"
    + "cg /cg/cpuset cgroup rw,relatime,cpuset 0 0\n"

  /// Of Linux 6.18 and 5.10: the last two lines came with 5.14.
  private static let stat =
    "usage_usec 5000\nuser_usec 1\nsystem_usec 2\nnr_periods 2391\nnr_throttled 17\n"
    + "throttled_usec 1290443\nnr_bursts 0\nburst_usec 0\n"

  private static let kernel = FakeKernel().file("/proc/self/mounts", mounts)
    .file("/sys/fs/cgroup/pod/cpu.max", "50000 100000\n")
    .file("/sys/fs/cgroup/pod/cpu.stat", stat)
    .file("/sys/fs/cgroup/pod/a/cpu.max", "max 100000\n")
    .file("/sys/fs/cgroup/pod/b/cpu.max", "20000 100000\n")
    .file("/sys/fs/cgroup/pod/c/cpu.max", "400000 100000\n")
    .file("/cg/cpu/d/cpu.cfs_quota_us", "25000\n").file("/cg/cpu/d/cpu.cfs_period_us", "50000\n")
    .file("/cg/cpu/d/cpu.stat", "nr_periods 9\nnr_throttled 4\nthrottled_time 1500999\n")
    .file("/cg/cpu/e/cpu.cfs_quota_us", "-1\n").file("/cg/cpu/e/cpu.cfs_period_us", "100000\n")

  private static func quota(_ cgroup: String, _ kernel: any Kernel = kernel) -> CPUQuota? {
    CPUQuotas(through: kernel).quota(of: ProcCgroup(Array(cgroup.utf8)))
  }

  @Test("version 2: the group's own limit, or a tighter one above it")
  func unified() throws {
    let above = try #require(Self.quota("0::/pod/a\n"))
    #expect(above.group == Array("/pod".utf8) && above.quota == 50_000 && above.period == 100_000)
    #expect(above.processors == 0.5 && above.periods == 2391 && above.throttledPeriods == 17)
    #expect(above.throttledTime == 1_290_443)
    let own = try #require(Self.quota("0::/pod/b\n"))
    #expect(own.group == Array("/pod/b".utf8) && own.processors == 0.2)
    #expect(own.periods == nil, "there is no cpu.stat")
    #expect(Self.quota("0::/pod/c\n")?.group == Array("/pod".utf8))
  }

  @Test("version 1: microseconds and nanoseconds, -1 is no limit")
  func old() throws {
    let quota = try #require(Self.quota("3:cpu,cpuacct:/d\n0::/\n"))
    #expect(quota.processors == 0.5 && quota.throttledPeriods == 4 && quota.throttledTime == 1500)
    #expect(Self.quota("3:cpu,cpuacct:/e\n") == nil)
    #expect(Self.quota("3:cpuset:/d\n") == nil, "another hierarchy")
  }

  @Test("no limit, no group, none in our view: nil")
  func none() {
    for text in ["0::/\n", "0::/other\n", "0::/../pod\n", "", "0::/podium/a\n"] {
      #expect(Self.quota(text) == nil)
    }
    #expect(Self.quota("0::/pod\n", FakeKernel()) == nil)
  }

  @Test("each file is read once, whatever the number of processes")
  func once() {
    let once = FaultyKernel(
      Self.kernel,
      [
        Fault(.read, "/sys/fs/cgroup/pod/cpu.max", .shortPieces(99), times: 1),
        Fault(.read, "/sys/fs/cgroup/pod/cpu.max", .fails(2)),
      ])
    let quotas = CPUQuotas(through: once)
    for group in ["a", "c"] {
      let found = quotas.quota(of: ProcCgroup(Array("0::/pod/\(group)\n".utf8)))
      #expect(found?.quota == 50_000)
    }
  }

  @Test("a /sys without control groups sends us to those that the first process sees")
  func otherSys() {
    let kernel = FakeKernel().file("/proc/self/mounts", "sysfs /sys sysfs rw 0 0\n")
      .file("/proc/1/mounts", Self.mounts)
      .file("/proc/1/root/sys/fs/cgroup/a/cgroup.events", "populated 1\nfrozen 1\n")
      .file("/proc/1/root/sys/fs/cgroup/a/cpu.max", "1000 10000\n")
      .file("/sys/fs/cgroup/b/cgroup.events", "populated 1\nfrozen 1\n")
    let groups = { (text: String) in ProcCgroup(Array(text.utf8)) }
    #expect(FrozenCgroups(through: kernel).isFrozen(groups("0::/a\n")) == true)
    #expect(FrozenCgroups(through: kernel).isFrozen(groups("0::/b\n")) == nil)
    #expect(Self.quota("0::/a\n", kernel)?.processors == 0.1)
    let both = kernel.file("/proc/self/mounts", "cg2 /cg cgroup2 rw 0 0\n")
    #expect(FrozenCgroups(through: both).isFrozen(groups("0::/a\n")) == nil, "ours come first")
  }

  @Test("no beginning of a file is another limit", arguments: ["50000 100000\n", "max 100000\n"])
  func prefixes(text: String) {
    for count in 0..<text.utf8.count {
      #expect(CgroupCPUMax.decode(Array(text.utf8.prefix(count)).span) == nil)
    }
  }

  @Test(
    "what is no limit is none",
    arguments: [
      "1 0\n", "-1 100000\n", "maximum 1\n", "1\n", "1 2 3\n", "99999999999999999999 1\n",
    ])
  func broken(text: String) {
    #expect(CgroupCPUMax.decode(Array(text.utf8).span) == nil)
  }

  @Test(
    "nor in the two files of version 1",
    arguments: [
      ("", "1\n"), ("1", "1\n"), ("1\n", ""), ("1\n", "0\n"), ("max\n", "1\n"), ("1 2\n", "1\n"),
    ])
  func brokenPair(quota: String, period: String) {
    #expect(CgroupCPUMax.decode(quota: Array(quota.utf8), period: Array(period.utf8)) == nil)
  }

  @Test("lines of cpu.stat that are not numbers say nothing")
  func stats() {
    for count in 0...Self.stat.utf8.count {
      let stat = CgroupCPUStat.decode(Array(Self.stat.utf8.prefix(count)).span)
      #expect(stat.throttledTime == nil || stat.periods == 2391)
    }
    #expect(CgroupCPUStat.decode(Array("nr_periods x\nnr_throttled 1 2\n".utf8).span) == .init())
  }

  @Test("a probe tells the limit, how long threads waited for a processor, and their start")
  func probed() throws {
    let folder = try TemporaryFolder()
    let live = ProbedProcess.kernel.file("/proc/self/mounts", Self.mounts)
      .file("/sys/fs/cgroup/system.slice/server.service/cpu.max", "150000 100000\n")
      .file("/proc/7/task/8/schedstat", "2414271 1023110 31\n")
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: live, program: "1"))
    _ = try HostRecorder.record(through: live, into: writer)
    try writer.finish()
    let kernels: [any Kernel] = [live, try RecordedKernel(path: folder.file("a"))]
    for kernel in kernels {
      let process = try #require(ProcessProbe(through: kernel).probe(7))
      #expect(process.cpuQuota?.processors == 1.5)
      #expect(process.threads.map(\.runDelay) == [nil, 1_023_110])
      #expect(process.threads.map(\.startTicks) == [4711, 4711])
    }
  }
}
