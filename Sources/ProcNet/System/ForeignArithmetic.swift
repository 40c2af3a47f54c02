/// Arithmetic on numbers from outside: a file, `/proc`, netlink, a recording.
///
/// Swift's own `+`, `-` and `*` end the program when a result does not fit, and an attacker can
/// choose a number for that. What is compared is computed with the operators below: where
/// the true result does not fit, they stop at the nearest number that does. What is shown is
/// computed with `difference(from:)`, `product(_:)` and `checkedSum`: nil, so unknown, is better
/// than a number that nobody wrote. Percentages are exact: `percent(of:)`.
infix operator +| : AdditionPrecedence

infix operator -| : AdditionPrecedence

infix operator *| : MultiplicationPrecedence

extension FixedWidthInteger {
  /// The sum, or the largest or smallest number where that does not fit.
  @inlinable @inline(__always)
  public static func +| (left: Self, right: Self) -> Self {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (right < 0 ? .min : .max) : sum
  }

  /// The difference, or the largest or smallest number where that does not fit: without a sign 0.
  @inlinable @inline(__always)
  public static func -| (left: Self, right: Self) -> Self {
    let (difference, overflow) = left.subtractingReportingOverflow(right)
    return overflow ? (right < 0 ? .max : .min) : difference
  }

  /// The product, or the largest or smallest number where that does not fit.
  @inlinable @inline(__always)
  public static func *| (left: Self, right: Self) -> Self {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? ((left < 0) != (right < 0) ? .min : .max) : product
  }

  /// How much more it is than an earlier number; nil where that does not fit, so of numbers without
  /// a sign also where it is less.
  public func difference(from earlier: Self) -> Self? {
    let (difference, overflow) = subtractingReportingOverflow(earlier)
    return overflow ? nil : difference
  }

  /// nil where the product does not fit.
  public func product(_ factor: Self) -> Self? {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }

  /// A whole number in decimal digits and nothing else; nil when there are none or too many.
  init?(procDigits digits: some Sequence<UInt8>) {
    var value: Self = 0
    var isEmpty = true
    for digit in digits {
      guard digit >= 48, digit <= 57 else { return nil }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Self(truncatingIfNeeded: digit - 48))
      guard !overflow, !carry else { return nil }
      (value, isEmpty) = (sum, false)
    }
    guard !isEmpty else { return nil }
    self = value
  }
}

extension BinaryInteger {
  /// How many per cent this is of a whole, without the fraction; 0 of nothing. Exact for numbers of
  /// up to 64 bits, however many per cent it is.
  public func percent(of whole: some BinaryInteger) -> Int128 {
    scaled(by: 100, over: whole)
  }

  /// This times a factor, divided by a number; 0 for a divisor that is not positive. Exact where
  /// this and the factor have up to 64 bits, one of them with a sign.
  public func scaled(by factor: Int128, over divisor: some BinaryInteger) -> Int128 {
    divisor > 0 ? Int128(clamping: self) *| factor / Int128(clamping: divisor) : 0
  }
}

extension Sequence where Element: FixedWidthInteger {
  /// nil where the sum does not fit.
  public var checkedSum: Element? {
    var sum: Element = 0
    for element in self {
      let (next, overflow) = sum.addingReportingOverflow(element)
      if overflow { return nil }
      sum = next
    }
    return sum
  }
}
