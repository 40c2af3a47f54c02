import Testing

@testable import Diagnosis
@testable import ProcNet

/// Threads that are ready to run and get little processor time.
@Suite("Short CPUs")
struct CPUShortageTests {
  /// A thread that took so many ticks of 10 ms within a second; microseconds for which its control
  /// group was held back, milliseconds for which it waited for a CPU.
  private func made(ticks: UInt64, held: UInt64? = nil, waited: UInt64 = 0) -> MadeObservation {
    var process = MadeProcess(10, "app", [:], [.running(10, ticks: ticks)])
    process.before.threads[0].runDelay = 0
    process.now.threads[0].runDelay = waited * 1_000_000
    if let held {
      var quota = CPUQuota(
        group: Array("/shop".utf8), quota: 10_000, period: 100_000, periods: nil,
        throttledPeriods: nil, throttledTime: 5)
      process.before.cpuQuota = quota
      quota.throttledTime = 5 + held
      process.now.cpuQuota = quota
    }
    var made = MadeObservation()
    made.take(process)
    made.file.interval = 1000
    return made
  }

  private func doing(_ made: MadeObservation) -> String? {
    made.file.processes[10]?.threads.first.map { WaitDescription(made.file).doing($0) }
  }

  @Test("a quota that is used up, or CPUs that others have, are said instead of computing")
  func reasons() {
    #expect(
      doing(made(ticks: 10, held: 800_000))
        == "is ready to run and gets 10 % of one CPU: the CPU quota of control group /shop is used "
        + "up (10 ms in each 100 ms)")
    #expect(
      doing(made(ticks: 2, waited: 950))
        == "is ready to run and gets 2 % of one CPU: others have the CPUs")
  }

  @Test("who gets a good share of a CPU is busy, whatever the quota; so is who waited but briefly")
  func busy() {
    #expect(doing(made(ticks: 50, held: 400_000)) == "is busy computing (50 % of one CPU)")
    #expect(doing(made(ticks: 10, held: 0)) == "is busy computing (10 % of one CPU)")
    #expect(doing(made(ticks: 20, waited: 600)) == "is busy computing (20 % of one CPU)")
  }

  @Test("the advice is about the CPUs, not about the program")
  func advice() {
    func remedy(_ made: MadeObservation) -> String? {
      guard let thread = made.file.processes[10]?.threads.first else { return nil }
      let path = WaitPath(links: [], end: .processor(thread))
      return Advice(made.file, path).remedy.first
    }
    #expect(
      remedy(made(ticks: 10, held: 800_000))?.contains("quota of control group /shop") == true)
    #expect(remedy(made(ticks: 2, waited: 950))?.contains("what uses the CPUs") == true)
    #expect(remedy(made(ticks: 100))?.contains("computes") == true)
  }
}
