import DemoServers
import ProcNet

/// The report at the end of a load, for programs: one object, times in nanoseconds. What was not
/// measured is an absent key.
enum LoadReportJSON {
  static func append(_ report: LoadReport, to writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    json.member("schema", plain: "sockinspect/1", &writer)
    json.member("command", plain: "load", &writer)
    json.member("target", text: report.plan.address.description, &writer)
    json.member("kind", plain: report.plan.kind.rawValue, &writer)
    json.member("end", plain: report.end.rawValue, &writer)
    json.member("duration_ns", report.duration, &writer)
    appendConnections(report, &json, &writer)
    if report.plan.kind.sendsMessages { appendMessages(report, &json, &writer) }
    append(report.connectTime, as: "connect_ns", &json, &writer)
    append(report.latency, as: "latency_ns", &json, &writer)
    json.close("}", &writer)
    writer.append("\n")
  }

  private static func appendConnections(
    _ report: LoadReport, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    let counts = report.progress.counts
    json.key("connections", &writer)
    json.open("{", &writer)
    json.count("asked", report.plan.connections, &writer)
    json.count("allowed", report.connections, &writer)
    json.count("tried", counts.begun, &writer)
    json.count("connected", counts.connected, &writer)
    json.count("open", report.progress.open, &writer)
    json.count("unfinished", report.unconnected, &writer)
    json.count("refused", counts.refused, &writer)
    json.count("reset", counts.reset, &writer)
    json.count("timed_out", counts.timedOut, &writer)
    json.count("closed_by_server", counts.closedByServer, &writer)
    appendFailures(counts, &json, &writer)
    json.close("}", &writer)
  }

  private static func appendFailures(
    _ counts: LoadCounts, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("other_failures", &writer)
    json.open("{", &writer)
    for (words, number) in counts.otherFailures.sorted(by: { $0.key < $1.key }) {
      json.key(words, &writer)
      json.number(UInt64(clamping: number), &writer)
    }
    json.close("}", &writer)
  }

  private static func appendMessages(
    _ report: LoadReport, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    let counts = report.progress.counts
    json.key("requests", &writer)
    json.open("{", &writer)
    if let requests = report.plan.requests { json.count("asked", requests, &writer) }
    json.count("sent", counts.sent, &writer)
    if report.plan.kind == .talk {
      json.count("answered", counts.answered, &writer)
      json.count("unanswered", report.unanswered, &writer)
      json.count("wrong", counts.wrong, &writer)
      json.count("repeated", counts.repeated, &writer)
      json.thousandths("answered_per_second", report.answersPerKilosecond, &writer)
    }
    json.member("bytes_sent", counts.bytesSent, &writer)
    json.member("bytes_received", counts.bytesReceived, &writer)
    json.close("}", &writer)
  }

  private static func append(
    _ times: Histogram, as name: StaticString, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    guard times.count > 0 else { return }
    json.key(name, &writer)
    json.open("{", &writer)
    json.member("count", times.count, &writer)
    json.member("min", times.least, &writer)
    json.member("p50", times.percentile(50), &writer)
    json.member("p90", times.percentile(90), &writer)
    json.member("p99", times.percentile(99), &writer)
    json.member("max", times.most, &writer)
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
