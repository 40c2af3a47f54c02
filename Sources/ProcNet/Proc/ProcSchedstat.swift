/// `/proc/<pid>/task/<tid>/schedstat`: how long a thread ran, and waited for a processor.
///
/// `2414271 1023110 31`: nanoseconds on a processor, nanoseconds in which it could have run and had
/// to wait, and how often it was put on a processor. Readable by everybody.
struct ProcSchedstat: Sendable, Hashable {
  /// Nanoseconds.
  var running: UInt64
  /// Nanoseconds in which it could run and another thread had the processor.
  var waiting: UInt64
  var turns: UInt64

  /// nil when the text is not such a line, and when all are 0: so writes a kernel that does not
  /// count (neither `CONFIG_SCHEDSTATS` nor delay accounting).
  static func decode(_ text: Span<UInt8>) -> ProcSchedstat? {
    var fields = FieldReader(text)
    guard let running = fields.decimal(), fields.skip(" "), let waiting = fields.decimal(),
      fields.skip(" "), let turns = fields.decimal(), fields.skip("\n")
    else { return nil }
    let isCounted = running | waiting | turns != 0
    return isCounted ? ProcSchedstat(running: running, waiting: waiting, turns: turns) : nil
  }
}
