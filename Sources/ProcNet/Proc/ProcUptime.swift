/// `/proc/uptime`: how long the host has been up, suspension included.
///
/// `350735.47 234388.90`: seconds since boot, and seconds that its processors had nothing to do,
/// those of all of them added up.
public struct ProcUptime: Sendable, Hashable {
  /// Clock ticks (1/100 s) since boot, as `startTicks` of processes and threads counts them.
  public var ticks: UInt64
  /// Clock ticks (1/100 s) of all processors.
  var idleTicks: UInt64

  /// nil when the text is not such a line.
  public static func decode(_ text: Span<UInt8>) -> ProcUptime? {
    var fields = FieldReader(text)
    guard let ticks = hundredths(&fields), fields.skip(" "), let idle = hundredths(&fields),
      fields.skip("\n")
    else { return nil }
    return ProcUptime(ticks: ticks, idleTicks: idle)
  }

  /// Milliseconds since something began; 0 for what began after this was read.
  public func age(ofStart startTicks: UInt64) -> UInt64 {
    (ticks -| startTicks) *| 10
  }

  /// `12.05` with exactly two digits behind the point.
  private static func hundredths(_ fields: inout FieldReader) -> UInt64? {
    guard let seconds = fields.decimal(), fields.skip(".") else { return nil }
    let start = fields.position
    guard let fraction = fields.decimal(), fields.position - start == 2 else { return nil }
    return seconds.product(100).flatMap { [$0, fraction].checkedSum }
  }
}
