/// What a metric is called, what it counts, and what it means.
struct MetricName: Sendable {
  enum Kind: String, Sendable {
    case gauge, counter
    /// Always 1; what it says are its labels.
    case info
  }

  /// Without the suffix that its kind brings: `sockinspect_listener_drops`.
  let family: String
  let kind: Kind
  /// The last word of the name, where that is a unit.
  let unit: String?
  /// One sentence; has neither quotes nor backslashes, so it needs no escapes.
  let help: String

  init(_ name: String, _ kind: Kind, unit: String? = nil, _ help: String) {
    family = "sockinspect_\(name)"
    self.kind = kind
    self.unit = unit
    self.help = help
  }

  /// The name of its samples.
  var sample: String {
    switch kind {
    case .gauge: family
    case .counter: "\(family)_total"
    case .info: "\(family)_info"
    }
  }
}

/// A number with a fixed number of decimals, since metrics have base units: seconds, not
/// milliseconds.
struct MetricNumber: Sendable, Hashable {
  let digits: UInt64
  let decimals: Int

  private init(_ digits: UInt64, decimals: Int) {
    self.digits = digits
    self.decimals = decimals
  }

  static func count<Number: BinaryInteger>(_ number: Number?) -> MetricNumber? {
    number.map { MetricNumber(UInt64(clamping: $0), decimals: 0) }
  }

  static func truth(_ value: Bool?) -> MetricNumber? { .count(value.map { $0 ? 1 : 0 }) }

  static func milliseconds<Number: BinaryInteger>(_ number: Number?) -> MetricNumber? {
    number.map { MetricNumber(UInt64(clamping: $0), decimals: 3) }
  }

  static func microseconds(_ number: UInt64) -> MetricNumber {
    MetricNumber(number, decimals: 6)
  }
}
