import ProcNet

/// Writes numbers with a point in them without floating point, the way `%g` and `%.1f` do.
enum NumberText {
  /// A fraction with six significant digits and no trailing zeros, C's `%g`.
  ///
  /// Beyond six digits before the point it stays a whole number: better read than `1.23457e+06`.
  static func append(
    _ numerator: UInt64, over denominator: UInt64, to writer: inout ByteWriter
  ) {
    guard denominator > 0 else { return }
    var decimals = decimalsFor(numerator, denominator)
    var (scaled, scale) = round(numerator, denominator, decimals)
    // Rounding up can bring one digit more: 9.999999 becomes 10.
    if decimals > 0, scaled >= 1_000_000, numerator / denominator > 0 {
      decimals -= 1
      (scaled, scale) = round(numerator, denominator, decimals)
    }
    writer.append(decimal: scaled / scale)
    appendFraction(scaled % scale, digits: decimals, to: &writer)
  }

  /// How many digits after the point make six significant ones.
  private static func decimalsFor(_ numerator: UInt64, _ denominator: UInt64) -> Int {
    let whole = numerator / denominator
    if whole == 0 {
      var decimals = 6
      var rest = numerator
      while decimals < 9, rest > 0, rest *| 10 < denominator {
        rest *= 10
        decimals += 1
      }
      return decimals
    }
    var decimals = 5
    var limit: UInt64 = 10
    while decimals > 0, whole >= limit {
      decimals -= 1
      limit *= 10
    }
    return decimals
  }

  /// numerator × 10^decimals ÷ denominator, rounded to nearest.
  private static func round(
    _ numerator: UInt64, _ denominator: UInt64, _ decimals: Int
  ) -> (scaled: UInt64, scale: UInt64) {
    var scale: UInt64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let product = numerator.multipliedFullWidth(by: scale)
    guard product.high < denominator else { return (numerator / denominator, 1) }
    let (quotient, remainder) = denominator.dividingFullWidth(product)
    return (remainder >= denominator - remainder ? quotient +| 1 : quotient, scale)
  }

  private static func appendFraction(
    _ fraction: UInt64, digits: Int, to writer: inout ByteWriter
  ) {
    guard fraction > 0 else { return }
    var rest = fraction
    var digits = digits
    while rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    writer.append(UInt8(ascii: "."))
    var leading: UInt64 = 1
    for _ in 1..<max(digits, 1) { leading *= 10 }
    while rest < leading {
      writer.append(UInt8(ascii: "0"))
      leading /= 10
    }
    writer.append(decimal: rest)
  }

  /// part ÷ whole in per cent with one decimal, C's `%.1f%%`.
  static func appendPercent(_ part: UInt64, of whole: UInt64, to writer: inout ByteWriter) {
    guard whole > 0 else { return }
    let product = part.multipliedFullWidth(by: 1000)
    guard product.high < whole else { return }
    let (quotient, remainder) = whole.dividingFullWidth(product)
    let tenths = remainder >= whole - remainder ? quotient +| 1 : quotient
    writer.append(decimal: tenths / 10)
    writer.append(UInt8(ascii: "."))
    writer.append(decimal: tenths % 10)
    writer.append(UInt8(ascii: "%"))
  }
}

/// A length of time for people: `812ms`, `2.8s`, `3m12s`, `2h05m`, `4d03h`.
enum AgeText {
  static func append(_ milliseconds: UInt64, to writer: inout ByteWriter) {
    let seconds = milliseconds / 1000
    switch seconds {
    case 0:
      writer.append(decimal: milliseconds)
      writer.append("ms")
    case ..<60:
      writer.append(decimal: seconds)
      writer.append(UInt8(ascii: "."))
      writer.append(decimal: milliseconds % 1000 / 100)
      writer.append(UInt8(ascii: "s"))
    case ..<3600: append(seconds / 60, "m", seconds % 60, "s", to: &writer)
    case ..<86400: append(seconds / 3600, "h", seconds / 60 % 60, "m", to: &writer)
    default: append(seconds / 86400, "d", seconds / 3600 % 24, "h", to: &writer)
    }
  }

  private static func append(
    _ large: UInt64, _ unit: StaticString, _ small: UInt64, _ smallUnit: StaticString,
    to writer: inout ByteWriter
  ) {
    writer.append(decimal: large)
    writer.append(unit)
    if small < 10 { writer.append(UInt8(ascii: "0")) }
    writer.append(decimal: small)
    writer.append(smallUnit)
  }

  static func string(_ milliseconds: UInt64) -> String {
    var writer = ByteWriter(capacity: 64)
    append(milliseconds, to: &writer)
    return writer.text
  }
}

/// Points in time as text.
enum TimeText {
  /// `2026-11-23T03:22:47.123Z`.
  static func iso8601(milliseconds: UInt64) -> String {
    let seconds = milliseconds / 1000
    let date = civilDate(dayNumber: Int(seconds / 86400))
    let clock = Int(seconds % 86400)
    let parts = [clock / 3600, clock / 60 % 60, clock % 60].map { padded($0, 2) }
    let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    return "\(day)T\(parts.joined(separator: ":")).\(padded(Int(milliseconds % 1000), 3))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The Gregorian date of a day counted from 1970-01-01, in eras of 400 years that begin in
  /// March, so that the leap day is the last of its year.
  private static func civilDate(dayNumber: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}
