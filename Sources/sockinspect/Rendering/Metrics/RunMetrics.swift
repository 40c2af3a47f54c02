import ProcNet

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
    version.add("version", Main.version)
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
