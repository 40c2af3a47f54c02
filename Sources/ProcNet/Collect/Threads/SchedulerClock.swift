import Synchronization

/// What time it is for the scheduler, on each processor.
///
/// The clocks of the processors are compared once; from then on our own tells those of the others.
final class SchedulerClock: Sendable {
  private let kernel: any Kernel
  private let state = Mutex<[Int32: UInt64]?>(nil)

  init(through kernel: any Kernel) { self.kernel = kernel }

  /// One reading: the time on every processor at that moment.
  struct Moment: Sendable {
    fileprivate let clocks: [Int32: UInt64]
    /// How much later it is than when the clocks were compared.
    fileprivate let passed: UInt64

    /// Microseconds; nil for a processor that could not be asked.
    func now(on processor: Int32) -> UInt64? {
      clocks[processor].map { $0 +| passed }
    }
  }

  /// nil where the kernel has no such figures.
  func now() -> Moment? {
    let clocks = state.withLock { known in
      let found = known ?? Self.compare(kernel)
      known = found
      return found
    }
    guard !clocks.isEmpty, let own = own(clocks) else { return nil }
    return Moment(clocks: clocks, passed: own)
  }

  /// Microseconds since the comparison, by the clock of the processor that we run on now.
  private func own(_ clocks: [Int32: UInt64]) -> UInt64? {
    guard let last = ThreadProbe.lastRan("/proc/self/sched", kernel),
      let stat = ProcFile("/proc/self/stat", kernel).text.flatMap({ ProcStat($0) }),
      let then = stat.processor.flatMap({ clocks[$0] })
    else { return nil }
    return last -| then
  }

  private static func compare(_ kernel: any Kernel) -> [Int32: UInt64] {
    var found: [Int32: UInt64] = [:]
    guard let text = ProcFile(ProcessorClocks.path, kernel).text else { return found }
    text.span.forEachLine { line in
      var fields = FieldReader(line)
      guard let processor = fields.decimal().flatMap({ Int32(exactly: $0) }),
        fields.skip(word: " "),
        let now = fields.decimal()
      else { return }
      found[processor] = now
    }
    return found
  }
}
