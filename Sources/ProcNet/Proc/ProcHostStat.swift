/// `/proc/stat`: what the processors of the host have done since boot.
///
///     cpu  2255 34 2290 22625563 6290 127 456 0 0 0
///     cpu0 1132 34 1441 11311718 3675 127 438 0 0 0
///     procs_running 3
///     procs_blocked 1
///
/// The columns are user, nice, system, idle, iowait, irq, softirq, steal (since Linux 2.6.11), guest
/// and guest_nice, in clock ticks (1/100 s); the last two are part of user and nice. In a container
/// this is still the whole host, unless lxcfs stands in for the file.
struct ProcHostStat: Sendable, Hashable {
  /// Processors that are online: lines that begin with `cpu` and a number.
  var processors = 0
  /// Clock ticks of all processors in which one had work, and in which it had none or waited for a
  /// disk (idle, iowait). nil without a line for all of them.
  var busyTicks: UInt64?
  var idleTicks: UInt64?
  /// Clock ticks that a hypervisor gave to other guests; part of `busyTicks`.
  var stolenTicks: UInt64?
  /// Threads that run or could, and threads in an uninterruptible wait for a disk (state D).
  var running: UInt64?
  var blocked: UInt64?

  /// Lines that are not what they should be are left out.
  static func decode(_ text: Span<UInt8>) -> ProcHostStat {
    var stat = ProcHostStat()
    text.forEachLine { stat.take($0) }
    return stat
  }

  private mutating func take(_ line: Span<UInt8>) {
    var fields = FieldReader(line)
    if fields.skip(word: "cpu") {
      if fields.isAtSpace {
        takeTicks(&fields)
      } else if fields.decimal() != nil, fields.isAtSpace {
        processors += 1
      }
    } else if fields.skip(word: "procs_running ") {
      running = fields.decimal()
    } else if fields.skip(word: "procs_blocked ") {
      blocked = fields.decimal()
    }
  }

  private mutating func takeTicks(_ fields: inout FieldReader) {
    var ticks: [UInt64] = []
    while ticks.count < 8, let value = Self.column(&fields) { ticks.append(value) }
    // Idle is the fourth; kernels of today have all eight.
    guard ticks.count >= 4 else { return }
    idleTicks = ticks[3..<min(ticks.count, 5)].checkedSum
    busyTicks = (ticks[0..<3] + ticks.dropFirst(5)).checkedSum
    stolenTicks = ticks.count == 8 ? ticks[7] : nil
  }

  private static func column(_ fields: inout FieldReader) -> UInt64? {
    fields.skipSpaces()
    guard let value = fields.decimal(), fields.isAtSpace || fields.isAtEnd else { return nil }
    return value
  }
}
