import Diagnosis
import ProcNet

/// A diagnosis as a JSON document: the same story as data.
enum DiagnosisJSON {
  static func append(_ report: DiagnosisReport, to writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(report.head, &json, &writer)
    json.member("verdict", text: report.verdict, &writer)
    json.member("severity", plain: report.severity?.name ?? "ok", &writer)
    json.member("target", text: report.target, &writer)
    append(report.diagnosis.scope, &json, &writer)
    append(report.groups, &json, &writer)
    json.key("findings", &writer)
    json.open("[", &writer)
    for finding in findings(report) {
      json.newLine(&writer)
      FindingJSON(host: report.head.host).append(finding, &json, &writer)
    }
    json.close("]", &writer)
    if let headline = report.headline, !headline.cause.chain.isEmpty {
      ChainJSON.append(headline.cause.chain, &json, &writer)
    }
    JSONEnvelope.append(report.diagnosis.gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }

  /// One for each root cause that is more than worth knowing.
  private static func append(
    _ groups: [FindingGroup], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("roots", &writer)
    json.open("[", &writer)
    for group in groups where group.severity > .notice {
      json.newLine(&writer)
      json.open("{", &writer)
      json.member("title", text: group.cause.title, &writer)
      json.member("severity", plain: group.severity.name, &writer)
      if let waiting = group.waiting {
        json.key("waiting", &writer)
        json.open("{", &writer)
        json.member("requests", waiting.requests.map { UInt64(clamping: $0) }, &writer)
        json.member("connections", waiting.connections.map { UInt64(clamping: $0) }, &writer)
        json.member("oldest_ms", waiting.oldest, &writer)
        json.close("}", &writer)
      }
      json.key("path", &writer)
      json.open("[", &writer)
      for link in group.chain { append(link, &json, &writer) }
      json.close("]", &writer)
      json.key("findings", &writer)
      json.open("[", &writer)
      for finding in [group.cause] + group.effects { json.text(finding.id, &writer) }
      json.close("]", &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }

  private static func append(
    _ link: ChainLink, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("process", text: link.process.name, &writer)
    json.member("pid", UInt64(clamping: link.process.process), &writer)
    json.member("waits_for", text: link.waitsFor?.text, &writer)
    json.member("since_ms", link.since, &writer)
    json.close("}", &writer)
  }

  /// Each cause before what follows from it.
  private static func findings(_ report: DiagnosisReport) -> [Finding] {
    report.groups.flatMap { [$0.cause] + $0.effects }
  }

  private static func append(
    _ scope: Diagnosis.Scope, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("looked_at", &writer)
    json.open("{", &writer)
    let namespaces = scope.namespaces > 1 ? UInt64(clamping: scope.namespaces) : nil
    json.member("namespaces", namespaces, &writer)
    json.member("listeners", UInt64(clamping: scope.listeners), &writer)
    json.member("sockets", UInt64(clamping: scope.sockets), &writer)
    json.member("processes", UInt64(clamping: scope.processes), &writer)
    json.member("interval_ms", scope.interval, &writer)
    json.close("}", &writer)
  }
}
