import CLinux
import Glibc

/// The scheduler's clock of each processor, as a file that the kernel does not have.
///
/// `se.exec_start` of a thread is a time on the clock of the processor it last ran on, and these
/// clocks drift apart: each leaves out the time that went into interrupts, or to other guests of a
/// virtual machine. So the reader lets itself be run on one after the other and reads its own
/// figure there, which is now. Nothing but its own thread is moved, and it is put back.
enum ProcessorClocks {
  /// The path by which the figures pass the seam, so that recordings hold them.
  static let path = "/proc/self/sched/processors"
  /// Processors that are asked; a visit takes some 30 µs.
  private static let most = 256
  private static let words = 64

  /// A line `PROCESSOR MILLISECONDS` for each that we may run on.
  static func text(reading sched: () throws(KernelError) -> [UInt8]) throws(KernelError) -> [UInt8]
  {
    var before = [UInt](repeating: 0, count: words)
    let size = UInt(words * MemoryLayout<UInt>.size)
    guard unsafe sched_getaffinity(0, size, &before) >= 0 else { return [] }
    defer { _ = unsafe sched_setaffinity(0, size, before) }
    var text: [UInt8] = []
    for processor in 0..<most where before[processor / 64] >> UInt(processor % 64) & 1 == 1 {
      var only = [UInt](repeating: 0, count: words)
      only[processor / 64] = 1 << UInt(processor % 64)
      guard unsafe sched_setaffinity(0, size, only) == 0 else { continue }
      let own = try sched()
      guard let now = ProcSched.decode(own.span)?.lastRan else { return [] }
      text += Array("\(processor) \(now)\n".utf8)
    }
    return text
  }
}
