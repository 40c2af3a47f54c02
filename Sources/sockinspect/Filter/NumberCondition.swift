import ProcNet

/// Reads comparisons of measures: `fill >= 80%`, `age > 5s`, `pid 812`.
extension FilterParser {
  mutating func number(_ measure: NumericField, _ subject: Token) throws(FilterError) -> Expression
  {
    guard let comparison = optionalComparison() ?? (measure.isIdentity ? .equal : nil) else {
      throw missing("a comparison (> >= < <= = !=) of \(subject.text)")
    }
    let word = try value("a number")
    return .holds(.number(measure, comparison, try quantity(measure.family, subject, word)))
  }

  /// A number with its unit, which may stand in the next word.
  private mutating func quantity(
    _ family: UnitFamily, _ subject: Token, _ word: Token
  ) throws(FilterError) -> Quantity {
    let digits = String(word.text.unicodeScalars.prefix { ("0"..."9").contains($0) || $0 == "." })
    var unit = String(word.text.unicodeScalars.dropFirst(digits.unicodeScalars.count))
    guard Self.isNumber(digits) else {
      throw error("\(subject.text) is compared with a number, not '\(word.text)'", at: word)
    }
    if unit.isEmpty, let next = current, family.factor(of: next.keyword) != nil {
      unit = next.text
      index += 1
    }
    let factor = try factor(unit, family, subject, word, after: digits.unicodeScalars.count)
    if let quantity = Quantity(digits: digits, times: factor) { return quantity }
    throw error("'\(word.text)' is too large or has too many digits", at: word)
  }

  private func factor(
    _ unit: String, _ family: UnitFamily, _ subject: Token, _ word: Token, after digits: Int
  ) throws(FilterError) -> UInt64 {
    if unit.isEmpty, let factor = family.bareFactor { return factor }
    if let factor = family.factor(of: unit) { return factor }
    let subject = "\(subject.text) is \(family.article) and \(family.advice)"
    if unit.isEmpty {
      // Zero is the same in every unit.
      if word.text.utf8.allSatisfy({ $0 == 0x30 }) { return 1 }
      throw error("a unit is missing: \(subject)", at: word)
    }
    let place = word.isLiteral ? word.range : word.range.dropFirst(digits)
    let kind = UnitFamily.isKnown(unit) ? "wrong" : "unknown"
    throw FilterError("\(kind) unit '\(unit)': \(subject)", text: text, at: place)
  }

  private static func isNumber(_ digits: String) -> Bool {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { AddressReader.isDecimal($0) }
  }
}
