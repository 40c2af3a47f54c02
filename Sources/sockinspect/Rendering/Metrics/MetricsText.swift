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

  /// In OpenMetrics a counter's family lacks the `_total` of its samples and units are told; the
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
