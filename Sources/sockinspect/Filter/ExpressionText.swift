import ProcNet

/// Writes an expression in the filter language, one spelling for each meaning.
extension Expression: CustomStringConvertible {
  var description: String {
    switch self {
    case .all(let parts): parts.isEmpty ? "state all" : Self.join(parts, "and")
    case .any(let parts): parts.isEmpty ? "not state all" : Self.join(parts, "or")
    case .not(let part): "not \(part.operand)"
    case .holds(let predicate): predicate.description
    }
  }

  /// With parentheses where it is a list.
  private var operand: String {
    switch self {
    case .all(let parts), .any(let parts):
      parts.count == 1 ? parts[0].operand : "(\(description))"
    case .not, .holds: description
    }
  }

  private static func join(_ parts: [Expression], _ word: String) -> String {
    if parts.count == 1 { return parts[0].description }
    return parts.map(\.operand).joined(separator: " \(word) ")
  }
}

extension Predicate: CustomStringConvertible {
  var description: String {
    switch self {
    case .states(let states): StateNames.words(for: states)
    case .families(let families): "family = \(FamilyNames.name(of: families))"
    case .netids(let netids): "netid = \(NetidNames.name(of: netids))"
    case .address(let end, let pattern): "\(end.addressWord) \(pattern.description)"
    case .port(let end, let comparison, let port): "\(end.portWord) \(comparison.sign) :\(port)"
    case .path(let end, let glob): "\(end.addressWord) unix:\(Self.text(glob.pattern))"
    case .exactPath(let path): Self.text(path)
    case .packetProtocol(let number): "protocol \(number)"
    case .interface(let index, let name): "dev \(name.map(Self.text) ?? String(index))"
    case .mark(let value, let mask): "fwmark \(Self.mark(value, mask))"
    case .cgroup(_, let path): "cgroup \(Self.text(path))"
    case .autobound: "autobound"
    case .ownership(let ownership): "ownership = \(ownership.rawValue)"
    case .number(let measure, let comparison, let bound):
      "\(measure.name) \(comparison.sign) \(measure.family.text(of: bound))"
    case .text(let subject, let pattern, let isNegated):
      "\(subject.rawValue) \(isNegated ? "!=" : "=") \(Self.text(pattern.bytes))"
    }
  }

  private static func mark(_ value: UInt32, _ mask: UInt32) -> String {
    let number = "0x" + String(value, radix: 16)
    return mask == .max ? number : "\(number)/0x\(String(mask, radix: 16))"
  }

  private static func text(_ bytes: [UInt8]) -> String {
    let word = String(decoding: bytes, as: UTF8.self)
    let plain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "_-./@:*?[]".unicodeScalars.contains($0)
    }
    return plain && !word.isEmpty ? word : "\"\(word)\""
  }
}

extension UnitFamily {
  /// A quantity with the largest unit that leaves it whole.
  func text(of quantity: Quantity) -> String {
    let rest = quantity.isCut ? "…" : ""
    switch self {
    case .percent: return Self.thousandths(quantity.whole) + rest + "%"
    case .time:
      let units: [(String, UInt64)] = [
        ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000),
      ]
      return Self.scaled(quantity.whole, units, smallest: "us", rest)
    case .bytes, .rate:
      let units: [(String, UInt64)] = [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)]
      return Self.scaled(quantity.whole, units, smallest: "", rest)
    case .count: return "\(quantity.whole)\(rest)"
    }
  }

  private static func scaled(
    _ value: UInt64, _ units: [(String, UInt64)], smallest: String, _ rest: String
  ) -> String {
    let fitting = units.first { value >= $0.1 && value % $0.1 == 0 && rest.isEmpty }
    return fitting.map { "\(value / $0.1)\($0.0)" } ?? "\(value)\(rest)\(smallest)"
  }

  private static func thousandths(_ value: UInt64) -> String {
    var digits = String(value % 1000 + 1000).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return digits.isEmpty ? "\(value / 1000)" : "\(value / 1000).\(digits)"
  }
}
