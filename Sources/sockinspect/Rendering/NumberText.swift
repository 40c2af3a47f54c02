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
