import ProcNet

/// What kind of number a measure is, and the units it may be given in.
enum UnitFamily: Sendable, Hashable {
  case count, bytes, time, percent, rate

  /// A unit's factor to the base unit; nil when the family has no such unit.
  func factor(of unit: String) -> UInt64? {
    let name = unit.lowercased()
    return units.first { $0.names.contains(name) }?.factor
  }

  /// What a bare number is multiplied with; nil when it needs a unit.
  var bareFactor: UInt64? {
    switch self {
    case .time: nil
    case .percent: 1000
    case .count, .bytes, .rate: 1
    }
  }

  /// Whether any family knows the unit, so that it can be called misplaced rather than unknown.
  static func isKnown(_ unit: String) -> Bool {
    [bytes, time, percent, rate].contains { $0.factor(of: unit) != nil }
  }

  /// `a time`, and the units to write, for an error message.
  var article: String {
    switch self {
    case .count: "a count"
    case .bytes: "a size"
    case .time: "a time"
    case .percent: "a percentage"
    case .rate: "a rate"
    }
  }

  var advice: String {
    switch self {
    case .count: "takes no unit"
    case .bytes: "takes b, k, m, g or t"
    case .time: "takes us, ms, s, m, h or d"
    case .percent: "takes %"
    case .rate: "takes b, k, m or g (bytes per second) or kbps, mbps, gbps"
    }
  }

  private var units: [(names: [String], factor: UInt64)] {
    switch self {
    case .count: []
    case .bytes: Self.sizes
    case .time: Self.times
    case .percent: [(["%", "percent"], 1000)]
    case .rate: Self.sizes + Self.bitRates
    }
  }

  /// As everywhere in ss and the kernel, k is 1024.
  private static let sizes: [(names: [String], factor: UInt64)] = [
    (["b", "bytes"], 1), (["k", "kb", "kib"], 1 << 10), (["m", "mb", "mib"], 1 << 20),
    (["g", "gb", "gib"], 1 << 30), (["t", "tb", "tib"], 1 << 40),
  ]

  private static let times: [(names: [String], factor: UInt64)] = [
    (["us", "µs", "μs", "usec"], 1), (["ms", "msec"], 1000),
    (["s", "sec"], 1_000_000), (["m", "min"], 60_000_000), (["h"], 3_600_000_000),
    (["d"], 86_400_000_000),
  ]

  /// Bits per second as ss prints them, decimal.
  private static let bitRates: [(names: [String], factor: UInt64)] = [
    (["kbps"], 125), (["mbps"], 125_000), (["gbps"], 125_000_000),
  ]
}

extension UnitFamily {
  init(_ unit: TCPInfoField.Unit) {
    switch unit {
    case .count, .segments, .flags: self = .count
    case .bytes: self = .bytes
    case .microseconds, .milliseconds: self = .time
    case .bytesPerSecond: self = .rate
    }
  }
}
