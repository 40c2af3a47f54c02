import DemoServers
import ProcNet

/// The report at the end of a load, for people and for programs.
extension LoadReport {
  func write(isJSON: Bool) throws(KernelError) {
    var output = Output()
    if isJSON { appendJSON(to: &output.writer) } else { output.writer.append(text) }
    try output.flush()
  }

  private var text: String {
    var lines = [
      "\(plan.kind.rawValue) to \(SafeText.string(plan.address.description)), "
        + DurationText.of(duration),
      "  connections   \(connectionsText)",
    ]
    if plan.kind.sendsMessages { lines.append("  requests      \(requestsText)") }
    if let times = connectTime.text { lines.append("  connect time  \(times)") }
    if let times = latency.text { lines.append("  latency       \(times)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var connectionsText: String {
    let counts = progress.counts
    let others = counts.otherFailures.sorted { $0.key < $1.key }
    return Self.list(
      ["\(counts.connected) connected of \(counts.begun) tried"],
      [
        (counts.refused, "refused"), (counts.reset, "reset"), (counts.timedOut, "timed out"),
        (counts.closedByServer, "closed by the server"), (unconnected, "not finished"),
      ] + others.map { ($0.value, "failed (\($0.key))") })
  }

  private var requestsText: String {
    let counts = progress.counts
    guard plan.kind == .talk else { return "\(counts.sent) sent, \(counts.bytesSent) bytes" }
    let text = Self.list(
      ["\(counts.sent) sent", "\(counts.answered) answered"],
      [
        (unanswered, "without answer"), (counts.wrong, "not the message itself"),
        (counts.repeated, "sent again"),
      ])
    let rate = answersPerKilosecond.map { "; \(DurationText.thousandths($0)) per second" }
    return text + (rate ?? "")
  }

  /// What always stands there, and what has happened.
  private static func list(_ first: [String], _ others: [(count: Int, what: String)]) -> String {
    (first + others.filter { $0.count > 0 }.map { "\($0.count) \($0.what)" })
      .joined(separator: ", ")
  }

  /// One object, times in nanoseconds. What was not measured is an absent key.
  private func appendJSON(to writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    json.member("schema", plain: "sockinspect/1", &writer)
    json.member("command", plain: "load", &writer)
    json.member("target", text: plan.address.description, &writer)
    json.member("kind", plain: plan.kind.rawValue, &writer)
    json.member("end", plain: end.rawValue, &writer)
    json.member("duration_ns", duration, &writer)
    appendConnections(&json, &writer)
    if plan.kind.sendsMessages { appendRequests(&json, &writer) }
    connectTime.append(as: "connect_ns", &json, &writer)
    latency.append(as: "latency_ns", &json, &writer)
    json.close("}", &writer)
    writer.append("\n")
  }

  private func appendConnections(_ json: inout JSONWriter, _ writer: inout ByteWriter) {
    let counts = progress.counts
    json.key("connections", &writer)
    json.open("{", &writer)
    json.count("asked", plan.connections, &writer)
    json.count("allowed", connections, &writer)
    json.count("tried", counts.begun, &writer)
    json.count("connected", counts.connected, &writer)
    json.count("open", progress.open, &writer)
    json.count("unfinished", unconnected, &writer)
    json.count("refused", counts.refused, &writer)
    json.count("reset", counts.reset, &writer)
    json.count("timed_out", counts.timedOut, &writer)
    json.count("closed_by_server", counts.closedByServer, &writer)
    json.key("other_failures", &writer)
    json.open("{", &writer)
    for (words, number) in counts.otherFailures.sorted(by: { $0.key < $1.key }) {
      json.key(words, &writer)
      json.number(UInt64(clamping: number), &writer)
    }
    json.close("}", &writer)
    json.close("}", &writer)
  }

  private func appendRequests(_ json: inout JSONWriter, _ writer: inout ByteWriter) {
    let counts = progress.counts
    json.key("requests", &writer)
    json.open("{", &writer)
    if let requests = plan.requests { json.count("asked", requests, &writer) }
    json.count("sent", counts.sent, &writer)
    if plan.kind == .talk {
      json.count("answered", counts.answered, &writer)
      json.count("unanswered", unanswered, &writer)
      json.count("wrong", counts.wrong, &writer)
      json.count("repeated", counts.repeated, &writer)
      json.thousandths("answered_per_second", answersPerKilosecond, &writer)
    }
    json.member("bytes_sent", counts.bytesSent, &writer)
    json.member("bytes_received", counts.bytesReceived, &writer)
    json.close("}", &writer)
  }
}

extension Histogram {
  /// `min 1.05 ms  50 % 2.10 ms  …  max 12.3 ms`; nil when nothing was measured.
  fileprivate var text: String? {
    guard let least, let most else { return nil }
    let middle = [50, 90, 99].compactMap { percent in
      percentile(percent).map { "\(percent) % \(DurationText.of($0))" }
    }
    return (["min \(DurationText.of(least))"] + middle + ["max \(DurationText.of(most))"])
      .joined(separator: "  ")
  }

  fileprivate func append(
    as name: StaticString, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard count > 0 else { return }
    json.key(name, &writer)
    json.open("{", &writer)
    json.member("count", count, &writer)
    json.member("min", least, &writer)
    json.member("p50", percentile(50), &writer)
    json.member("p90", percentile(90), &writer)
    json.member("p99", percentile(99), &writer)
    json.member("max", most, &writer)
    json.close("}", &writer)
  }
}

extension JSONWriter {
  /// A number with three decimals, given in thousandths; left out when there is none.
  fileprivate mutating func thousandths(
    _ name: StaticString, _ value: UInt64?, _ writer: inout ByteWriter
  ) {
    guard let value else { return }
    member(name, value / 1000, &writer)
    writer.append(".")
    // 1005 without its first digit is 005.
    writer.append(String(value % 1000 + 1000).dropFirst().description)
  }

  fileprivate mutating func count(
    _ name: StaticString, _ value: Int, _ writer: inout ByteWriter
  ) {
    member(name, UInt64(clamping: value), &writer)
  }
}

/// Durations and rates for people: three digits that count.
private enum DurationText {
  /// `850 ns`, `12.3 µs`, `1.05 s`.
  static func of(_ nanoseconds: UInt64) -> String {
    let units: [(UInt64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "µs")]
    for (unit, name) in units where nanoseconds >= unit {
      return "\(threeDigits(nanoseconds, over: unit)) \(name)"
    }
    return "\(nanoseconds) ns"
  }

  /// A number given in thousandths.
  static func thousandths(_ value: UInt64) -> String { threeDigits(value, over: 1000) }

  /// Rounded down; whole from 100 on.
  private static func threeDigits(_ value: UInt64, over unit: UInt64) -> String {
    let whole = value / unit
    let hundredths = value % unit * 100 / unit
    if whole >= 100 { return "\(whole)" }
    if whole >= 10 { return "\(whole).\(hundredths / 10)" }
    return "\(whole).\(hundredths < 10 ? "0" : "")\(hundredths)"
  }
}
