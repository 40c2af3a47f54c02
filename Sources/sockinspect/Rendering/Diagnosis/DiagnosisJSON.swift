import Diagnosis
import ProcNet

/// A diagnosis as a JSON document: the same story as data.
enum DiagnosisJSON {
  static func append(_ report: DiagnosisReport, to writer: inout ByteWriter) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONHead.append(report.head, &json, &writer)
    json.member("verdict", text: report.verdict, &writer)
    json.member("severity", plain: report.severity?.name ?? "ok", &writer)
    json.member("target", text: report.target, &writer)
    append(report.diagnosis.scope, &json, &writer)
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
    JSONHead.append(report.diagnosis.gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
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
