import DemoServers
import ProcNet

/// The report at the end of a load, for people.
enum LoadReportText {
  static func write(_ report: LoadReport, isJSON: Bool) throws(KernelError) {
    var output = Output()
    if isJSON {
      LoadReportJSON.append(report, to: &output.writer)
    } else {
      output.writer.append(text(report))
    }
    try output.flush()
  }

  private static func text(_ report: LoadReport) -> String {
    let plan = report.plan
    var lines = [
      "\(plan.kind.rawValue) to \(shown(plan.address)), \(DurationText.of(report.duration))",
      "  connections   \(connections(report))",
    ]
    if plan.kind.sendsMessages { lines.append("  requests      \(messages(report))") }
    if let times = percentiles(report.connectTime) { lines.append("  connect time  \(times)") }
    if let times = percentiles(report.latency) { lines.append("  latency       \(times)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func shown(_ address: SocketAddress) -> String {
    SafeText.string(address.description)
  }

  private static func connections(_ report: LoadReport) -> String {
    let counts = report.progress.counts
    let others = counts.otherFailures.sorted { $0.key < $1.key }
    let parts: [(Int, String)] =
      [
        (counts.refused, "refused"), (counts.reset, "reset"), (counts.timedOut, "timed out"),
        (counts.closedByServer, "closed by the server"), (report.unconnected, "not finished"),
      ] + others.map { ($0.value, "failed (\($0.key))") }
    return list(
      ["\(counts.connected) connected of \(counts.begun) tried"], parts.filter { $0.0 > 0 })
  }

  private static func messages(_ report: LoadReport) -> String {
    let counts = report.progress.counts
    guard report.plan.kind == .talk else {
      return "\(counts.sent) sent, \(counts.bytesSent) bytes"
    }
    let parts: [(Int, String)] = [
      (report.unanswered, "without answer"), (counts.wrong, "not the message itself"),
      (counts.repeated, "sent again"),
    ]
    var text = list(
      ["\(counts.sent) sent", "\(counts.answered) answered"], parts.filter { $0.0 > 0 })
    if let rate = report.answersPerKilosecond {
      text += "; \(DurationText.thousandths(rate)) per second"
    }
    return text
  }

  private static func list(_ first: [String], _ parts: [(Int, String)]) -> String {
    (first + parts.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
  }

  private static func percentiles(_ times: Histogram) -> String? {
    guard let least = times.least, let most = times.most else { return nil }
    let middle = [50, 90, 99].compactMap { percent in
      times.percentile(percent).map { "\(percent) % \(DurationText.of($0))" }
    }
    return (["min \(DurationText.of(least))"] + middle + ["max \(DurationText.of(most))"])
      .joined(separator: "  ")
  }
}

/// Durations and rates for people: three digits that count.
enum DurationText {
  /// `850 ns`, `12.3 µs`, `1.05 s`.
  static func of(_ nanoseconds: UInt64) -> String {
    let units: [(UInt64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "µs")]
    for (unit, name) in units where nanoseconds >= unit {
      return "\(threeDigits(nanoseconds, over: unit)) \(name)"
    }
    return "\(nanoseconds) ns"
  }

  /// Rounded down; whole from 100 on.
  private static func threeDigits(_ value: UInt64, over unit: UInt64) -> String {
    let whole = value / unit
    let hundredths = value % unit * 100 / unit
    if whole >= 100 { return "\(whole)" }
    if whole >= 10 { return "\(whole).\(hundredths / 10)" }
    return "\(whole).\(hundredths < 10 ? "0" : "")\(hundredths)"
  }

  /// A number given in thousandths.
  static func thousandths(_ value: UInt64) -> String { threeDigits(value, over: 1000) }
}
