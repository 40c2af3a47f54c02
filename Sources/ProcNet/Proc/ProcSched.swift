/// `/proc/<pid>/task/<tid>/sched`: what the scheduler knows of a thread, readable by everybody.
///
///     python3 (3040, #threads: 3)
///     -------------------------------------------------------------------
///     se.exec_start                                :       1531961.636711
///
/// A kernel without `CONFIG_SCHED_DEBUG` does not have the file.
struct ProcSched: Sendable, Hashable {
  /// When the thread last ran, in microseconds of the scheduler's clock: that of a thread asleep
  /// stands still. Only differences mean something.
  var lastRan: UInt64

  /// Bytes in which the line is found.
  static let beginning = 512

  /// nil when there is no such line.
  static func decode(_ text: Span<UInt8>) -> ProcSched? {
    var found: ProcSched?
    text.forEachLine { line in
      var fields = FieldReader(line)
      guard found == nil, fields.skip(word: "se.exec_start") else { return }
      fields.skipSpaces()
      guard fields.skip(word: ":") else { return }
      fields.skipSpaces()
      found = microseconds(&fields).map { ProcSched(lastRan: $0) }
    }
    return found
  }

  /// `1531961.636711`: milliseconds with exactly six digits behind the point.
  private static func microseconds(_ fields: inout FieldReader) -> UInt64? {
    guard let whole = fields.decimal(), fields.skip(word: ".") else { return nil }
    let start = fields.position
    guard let fraction = fields.decimal(), fields.position - start == 6 else { return nil }
    return whole.product(1000).flatMap { [$0, fraction / 1000].checkedSum }
  }
}
