/// A number to compare with: whole base units, and whether a fraction of one was cut off.
///
/// Base units are bytes, microseconds, thousandths of a per cent, or pieces. With the cut-off told
/// apart, `rtt > 0.5us` and `fill = 33%` are decided exactly without floating point.
struct Quantity: Sendable, Hashable, Comparable {
  var whole: UInt64
  /// Whether the true value lies above `whole`, below the next number.
  var isCut = false

  /// The fraction `dividend / divisor`; the divisor is not 0.
  init(_ dividend: UInt64, over divisor: UInt64) {
    whole = dividend / divisor
    isCut = dividend % divisor != 0
  }

  init(_ whole: UInt64) { self.whole = whole }

  static func < (left: Quantity, right: Quantity) -> Bool {
    left.whole != right.whole ? left.whole < right.whole : !left.isCut && right.isCut
  }

  /// Reads `80`, `1.5`, with the digits' unit applied; nil when the number is too large.
  init?(digits: String, times factor: UInt64) {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    guard let number = UInt64(parts[0] + fraction), fraction.utf8.count <= 9 else { return nil }
    let scaled = number.multipliedReportingOverflow(by: factor)
    guard !scaled.overflow else { return nil }
    let divisor = fraction.utf8.reduce(UInt64(1)) { product, _ in product * 10 }
    self.init(scaled.partialValue, over: divisor)
  }
}
