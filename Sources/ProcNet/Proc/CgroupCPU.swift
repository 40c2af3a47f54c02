/// What a control group may use of the processors, from its files.
///
/// Version 2 has `cpu.max` with `50000 100000` or `max 100000`: microseconds of processor time in
/// each period of so many microseconds. Version 1 has the two in `cpu.cfs_quota_us`, where -1 is no
/// limit, and `cpu.cfs_period_us`.
struct CgroupCPUMax: Sendable, Hashable {
  /// Microseconds; nil for no limit.
  var quota: UInt64?
  var period: UInt64

  /// nil when the text is not what `cpu.max` has.
  static func decode(_ text: Span<UInt8>) -> CgroupCPUMax? {
    var fields = FieldReader(text)
    let isUnlimited = fields.skip(word: "max")
    let quota = isUnlimited ? nil : fields.decimal()
    guard isUnlimited || quota != nil, fields.skip(" "), let period = fields.decimal(),
      fields.skip("\n"), period > 0
    else { return nil }
    return CgroupCPUMax(quota: quota, period: period)
  }

  /// The two files of version 1.
  static func decode(quota: [UInt8], period: [UInt8]) -> CgroupCPUMax? {
    guard quota.last == 10, period.last == 10,
      let period = UInt64(procDigits: period.dropLast()), period > 0
    else { return nil }
    if quota.first == UInt8(ascii: "-") { return CgroupCPUMax(quota: nil, period: period) }
    return UInt64(procDigits: quota.dropLast()).map { CgroupCPUMax(quota: $0, period: period) }
  }
}

/// `cpu.stat` of a control group: how often and how long its limit held it back.
///
///     nr_periods 2391
///     nr_throttled 17
///     throttled_usec 1290443
///
/// Version 1 has `throttled_time` instead, in nanoseconds. Without a limit version 2 has other lines
/// only, or zeros.
struct CgroupCPUStat: Sendable, Hashable {
  var periods: UInt64?
  var throttled: UInt64?
  /// Microseconds.
  var throttledTime: UInt64?

  static func decode(_ text: Span<UInt8>) -> CgroupCPUStat {
    var stat = CgroupCPUStat()
    text.forEachLine { line in
      var fields = FieldReader(line)
      if fields.skip(word: "nr_periods ") {
        stat.periods = Self.number(&fields)
      } else if fields.skip(word: "nr_throttled ") {
        stat.throttled = Self.number(&fields)
      } else if fields.skip(word: "throttled_usec ") {
        stat.throttledTime = Self.number(&fields)
      } else if fields.skip(word: "throttled_time ") {
        stat.throttledTime = Self.number(&fields).map { $0 / 1000 }
      }
    }
    return stat
  }

  private static func number(_ fields: inout FieldReader) -> UInt64? {
    fields.decimal().flatMap { fields.isAtEnd ? $0 : nil }
  }
}
