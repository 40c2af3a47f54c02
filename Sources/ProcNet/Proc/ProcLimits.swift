/// `/proc/<pid>/limits`: what a process may use at most; of it the number of open files.
///
///     Limit                     Soft Limit           Hard Limit           Units
///     Max open files            1024                 524288               files
struct ProcLimits: Sendable, Hashable {
  /// `RLIMIT_NOFILE` as it applies now: the first descriptor number that is not given out.
  var softOpenFiles: ResourceLimit
  /// How far the process may raise it itself.
  var hardOpenFiles: ResourceLimit

  /// nil when the text has no such line.
  static func decode(_ text: Span<UInt8>) -> ProcLimits? {
    var found: ProcLimits?
    text.forEachLine { line in
      if found == nil { found = openFiles(line) }
    }
    return found
  }

  private static func openFiles(_ line: Span<UInt8>) -> ProcLimits? {
    var fields = FieldReader(line)
    guard fields.skip(word: "Max open files "), let soft = bound(&fields),
      let hard = bound(&fields)
    else { return nil }
    return ProcLimits(softOpenFiles: soft, hardOpenFiles: hard)
  }

  private static func bound(_ fields: inout FieldReader) -> ResourceLimit? {
    fields.skipSpaces()
    if fields.skip(word: "unlimited") { return .unlimited }
    // Without the space behind it the number may have been cut off.
    guard let count = fields.decimal(), fields.isAtSpace else { return nil }
    return .count(count)
  }
}
