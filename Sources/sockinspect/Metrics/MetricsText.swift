import ProcNet

/// The text formats that monitoring reads.
enum MetricsFormat: String, CaseIterable, Sendable {
  /// OpenMetrics 1.0.
  case openmetrics
  /// Prometheus's older text format, the one that node_exporter's textfile collector parses.
  /// It takes OpenMetrics too, but makes nothing of the types of counters.
  case prometheus
}

/// One number with its labels.
struct MetricSample: Sendable, Hashable {
  let labels: MetricLabels
  let number: MetricNumber

  /// nil where the number is not known: then there is no sample.
  init?(_ labels: MetricLabels, _ number: MetricNumber?) {
    guard let number else { return nil }
    self.labels = labels
    self.number = number
  }
}

/// Writes metrics: what a family is, its samples, and the end.
struct MetricsText {
  let format: MetricsFormat

  /// In OpenMetrics a counter's family lacks the `_total` of its samples and has its unit; the
  /// older format knows neither.
  private func begin(_ name: MetricName, _ writer: inout ByteWriter) {
    let isOpen = format == .openmetrics
    let family = isOpen ? name.family : name.sample
    let kind = !isOpen && name.kind == .info ? MetricName.Kind.gauge : name.kind
    writer.append("# HELP \(family) \(name.help)\n# TYPE \(family) \(kind.rawValue)\n")
    if isOpen, let unit = name.unit { writer.append("# UNIT \(family) \(unit)\n") }
  }

  /// A family with all its samples; nothing when it has none.
  func family(
    _ name: MetricName, _ samples: [MetricSample], _ writer: inout ByteWriter
  ) {
    guard !samples.isEmpty else { return }
    begin(name, &writer)
    for sample in samples {
      writer.append(name.sample)
      append(sample.labels, &writer)
      append(sample.number, &writer)
      writer.append(UInt8(ascii: "\n"))
    }
  }

  private func append(_ labels: MetricLabels, _ writer: inout ByteWriter) {
    if !labels.text.isEmpty {
      writer.append(UInt8(ascii: "{"))
      writer.append(labels.text)
      writer.append(UInt8(ascii: "}"))
    }
    writer.append(UInt8(ascii: " "))
  }

  func end(_ writer: inout ByteWriter) {
    if format == .openmetrics { writer.append("# EOF\n") }
  }

  private func append(_ number: MetricNumber, _ writer: inout ByteWriter) {
    var scale: UInt64 = 1
    for _ in 0..<number.decimals { scale *= 10 }
    writer.append(decimal: number.digits / scale)
    guard number.decimals > 0 else { return }
    writer.append(UInt8(ascii: "."))
    var rest = number.digits % scale
    while scale > 1 {
      scale /= 10
      writer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / scale))
      rest %= scale
    }
  }
}

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

/// The labels of a sample as they are written, without braces: `netid="tcp",port="80"`.
struct MetricLabels: Sendable, Hashable {
  private(set) var text: [UInt8] = []

  /// Adds a label; one without a value is left out, which is what an empty one would mean.
  mutating func add(_ name: String, _ value: [UInt8]?) {
    guard let value, !value.isEmpty else { return }
    if !text.isEmpty { text.append(UInt8(ascii: ",")) }
    text += Array(name.utf8) + [UInt8(ascii: "="), UInt8(ascii: "\"")]
    Self.append(value, to: &text)
    text.append(UInt8(ascii: "\""))
  }

  mutating func add(_ name: String, _ value: String?) {
    add(name, value?.rawBytes)
  }

  /// Any bytes as a label's value.
  ///
  /// Backslash, quote and newline have escapes. The formats have none for other controls, and
  /// readers differ in what they make of them, so those are written visibly (`\x1b`, as text);
  /// so are characters that deceive the eye, and bytes that are no UTF-8 (`\xff`).
  private static func append(_ value: [UInt8], to text: inout [UInt8]) {
    var index = 0
    while index < value.count {
      guard let (scalar, length) = UTF8Reader.scalar(in: value, at: index),
        !SafeText.isPrivate(scalar)
      else {
        text += Array("\\\\x\(hexadecimal(UInt32(value[index]), 2))".utf8)
        index += 1
        continue
      }
      switch scalar {
      case 0x0A: text += Array("\\n".utf8)
      case 0x22: text += Array("\\\"".utf8)
      case 0x5C: text += Array("\\\\".utf8)
      case 0..<0x20, 0x7F: text += Array("\\\\x\(hexadecimal(scalar, 2))".utf8)
      case _ where SafeText.isDeceptive(scalar):
        text += Array("\\\\u\(hexadecimal(scalar, 4))".utf8)
      default: text += value[index..<index + length]
      }
      index += length
    }
  }

  private static func hexadecimal(_ scalar: UInt32, _ width: Int) -> String {
    let digits = String(scalar, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// What the tool tells of itself: whether the look came off, what it lacked, when, for how long.
struct RunMetrics {
  static let gaps = MetricName(
    "gaps", .gauge, "Things that could not be read, by kind; what depends on them has no samples.")
  static let success = MetricName(
    "run_success", .gauge, "1 when the look came off, 0 when it failed.")
  static let duration = MetricName(
    "run_duration_seconds", .gauge, unit: "seconds", "How long the look took.")
  static let time = MetricName(
    "run_timestamp_seconds", .gauge, unit: "seconds",
    "When the look was begun, or recorded; seconds since 1970.")
  static let build = MetricName("build", .info, "The program that wrote this.")

  /// nil when the look failed.
  let found: [Gap]?
  /// Milliseconds since 1970; nil when it did not get that far.
  let moment: UInt64?
  let microseconds: UInt64

  func append(_ text: MetricsText, to writer: inout ByteWriter) {
    if let found { appendGaps(found, text, &writer) }
    single(Self.success, .truth(found != nil), text, &writer)
    single(Self.duration, .microseconds(microseconds), text, &writer)
    single(Self.time, .milliseconds(moment), text, &writer)
    var version = MetricLabels()
    version.add("version", Session.version)
    text.family(Self.build, [MetricSample(version, .truth(true))].compactMap(\.self), &writer)
  }

  private func single(
    _ name: MetricName, _ number: MetricNumber?, _ text: MetricsText,
    _ writer: inout ByteWriter
  ) {
    text.family(name, [MetricSample(MetricLabels(), number)].compactMap(\.self), &writer)
  }

  /// Every kind, so that a rule can tell nothing missing from not told.
  private func appendGaps(_ gaps: [Gap], _ text: MetricsText, _ writer: inout ByteWriter) {
    let counts = gaps.reduce(into: [Gap.Kind: Int]()) { $0[$1.kind, default: 0] += 1 }
    let samples = Gap.Kind.allCases.compactMap { kind in
      var labels = MetricLabels()
      labels.add("kind", kind.rawValue)
      return MetricSample(labels, .count(counts[kind] ?? 0))
    }
    text.family(Self.gaps, samples, &writer)
  }
}
