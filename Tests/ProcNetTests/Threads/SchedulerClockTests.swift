import TestSupport
import Testing

@testable import ProcNet

/// What time it is for the scheduler on each processor, and for how long threads sleep by it.
@Suite struct SchedulerClockTests {
  private static func sched(_ milliseconds: String) -> String {
    "x (7, #threads: 1)\n---\nse.exec_start   :  \(milliseconds)\nse.vruntime   :  1.000000\n"
  }

  private static func stat(_ number: Int32, on processor: Int32, state: String = "S") -> String {
    "\(number) (x) \(state) 1 7 7 0 -1 4194304 99 0 0 0 11 12 0 0 20 0 2 0 4711 1000 50 "
      + Array(repeating: "0", count: 13).joined(separator: " ") + " 17 \(processor) 0 0\n"
  }

  /// Processors 0 and 1, whose clocks are far apart; our own thread runs on 1, and its clock says
  /// that 2.5 ms have passed since they were compared.
  private static let kernel = FakeKernel()
    .file(ProcessorClocks.path, "0 1000000\n1 5000000\n")
    .file("/proc/self/stat", stat(9, on: 1)).file("/proc/self/sched", sched("5002.500000"))

  private static func now(_ kernel: FakeKernel, on processor: Int32) -> UInt64? {
    SchedulerClock(through: kernel).now()?.now(on: processor)
  }

  @Test("what passed on our own processor passed on the others as well")
  func passed() {
    #expect(Self.now(Self.kernel, on: 1) == 5_002_500)
    #expect(Self.now(Self.kernel, on: 0) == 1_002_500)
    #expect(Self.now(Self.kernel, on: 2) == nil)
    // Before the next tick our own figure is a little old.
    let early = Self.kernel.file("/proc/self/sched", Self.sched("4999.000000"))
    #expect(Self.now(early, on: 0) == 1_000_000)
  }

  @Test(
    "without one of the files, or on a processor that could not be asked, there is no time",
    arguments: [ProcessorClocks.path, "/proc/self/stat", "/proc/self/sched"])
  func missing(path: String) {
    var kernel = Self.kernel
    kernel.files[path] = nil
    #expect(SchedulerClock(through: kernel).now() == nil)
    kernel = Self.kernel.file(path, "x\n")
    #expect(SchedulerClock(through: kernel).now() == nil)
    #expect(
      SchedulerClock(through: Self.kernel.file("/proc/self/stat", Self.stat(9, on: 7))).now() == nil
    )
  }

  @Test("odd lines cost themselves; figures of any size do not trap")
  func lines() {
    let odd = "0 1000000\nx 1\n2\n-3 5\n99999999999 1\n1 5000000\n4 99999999999999999999\n"
    let kernel = Self.kernel.file(ProcessorClocks.path, odd)
    #expect(Self.now(kernel, on: 0) == 1_002_500 && Self.now(kernel, on: 1) == 5_002_500)
    for processor in [2, 3, 4] as [Int32] { #expect(Self.now(kernel, on: processor) == nil) }
    let most = Self.kernel.file(ProcessorClocks.path, "0 18446744073709551605\n1 0\n")
    #expect(Self.now(most, on: 0) != nil && Self.now(most, on: 1) == 5_002_500)
    for count in 0..<odd.utf8.count {
      _ = Self.now(Self.kernel.file(ProcessorClocks.path, String(odd.prefix(count))), on: 0)
    }
  }

  /// Thread 7 of process 7, which last ran on processor 0.
  private static func asleep(
    _ sched: String?, on processor: Int32 = 0, state: String = "S", clock: Bool = true
  ) throws -> UInt64? {
    var kernel = clock ? ProbedProcess.kernel.joined(with: Self.kernel) : ProbedProcess.kernel
    kernel = kernel.file("/proc/7/task/7/stat", stat(7, on: processor, state: state))
    if let sched { kernel = kernel.file("/proc/7/task/7/sched", Self.sched(sched)) }
    return try #require(ProcessProbe(through: kernel).probe(7)?.threads.first).asleep
  }

  @Test("a thread sleeps since it last ran, by the clock of the processor that it ran on")
  func threads() throws {
    #expect(try Self.asleep("2.500000") == 1000)
    #expect(try Self.asleep("1002.400000") == 0, "less than a millisecond")
    #expect(try Self.asleep("4002.500000", on: 1) == 1000)
    // It has run after the clock was read.
    #expect(try Self.asleep("1003.500000") == 0)
  }

  @Test("nothing is said of one that runs, of other processors, and without the files")
  func untold() throws {
    #expect(try Self.asleep("2.500000", state: "R") == nil)
    #expect(try Self.asleep("2.500000", on: 5) == nil)
    #expect(try Self.asleep(nil) == nil && Self.asleep("2.5") == nil)
    #expect(try Self.asleep("2.500000", clock: false) == nil)
  }
}

extension FakeKernel {
  /// The files of both.
  fileprivate func joined(with other: FakeKernel) -> FakeKernel {
    var kernel = self
    kernel.files.merge(other.files) { _, new in new }
    return kernel
  }
}
