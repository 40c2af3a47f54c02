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
      var place = group.listener?.text
      for link in group.chain {
        append(link, at: place, &json, &writer)
        place = link.waitsFor.flatMap(DrawnChain.place)
      }
      json.close("]", &writer)
      json.member("findings", texts: group.findings.map(\.id), &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }

  /// - Parameter place: Where those before it reach it; nil inside a process.
  private static func append(
    _ link: ChainLink, at place: String?, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("process", text: link.process.name, &writer)
    json.member("pid", UInt64(clamping: link.process.process), &writer)
    json.member("listener", text: place, &writer)
    json.member("waits_for", text: link.waitsFor?.text, &writer)
    json.member("since_ms", link.since, &writer)
    json.close("}", &writer)
  }

  /// Each cause before what follows from it.
  private static func findings(_ report: DiagnosisReport) -> [Finding] {
    report.groups.flatMap(\.findings)
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

/// A finding as a JSON object; what is not known has no key.
struct FindingJSON {
  let host: [UInt8]

  func append(_ finding: Finding, _ json: inout JSONWriter, _ writer: inout ByteWriter) {
    json.open("{", &writer)
    json.member("id", plain: finding.id, &writer)
    json.member("severity", plain: finding.severity.name, &writer)
    json.member("title", text: finding.title, &writer)
    json.member("confidence", plain: finding.confidence.name, &writer)
    json.key("subject", &writer)
    SubjectJSON(host: host).append(finding.subject, &json, &writer)
    let story = finding.story.isEmpty ? [finding.kind.explanation] : finding.story
    json.member("explanation", text: story.joined(separator: "\n"), &writer)
    json.key("evidence", &writer)
    json.open("[", &writer)
    for evidence in finding.evidence { EvidenceJSON.append(evidence, &json, &writer) }
    json.close("]", &writer)
    if !finding.chain.isEmpty { ChainJSON.append(finding.chain, &json, &writer) }
    WorkersJSON.append(finding.workers, &json, &writer)
    json.member("remedy", texts: finding.remedy, &writer)
    json.member("avoid", texts: finding.avoid, &writer)
    json.member("check", texts: finding.check, &writer)
    appendCauses(finding.causes, &json, &writer)
    json.member("demo", text: finding.kind.demo.first, &writer)
    json.close("}", &writer)
  }

  /// Ids alone, as a filter wants them, and with their subjects, since an id can occur twice.
  private func appendCauses(
    _ causes: [FindingReference], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.member("because", texts: causes.map(\.id), &writer)
    guard !causes.isEmpty else { return }
    json.key("because_of", &writer)
    json.open("[", &writer)
    for cause in causes {
      json.open("{", &writer)
      json.member("id", plain: cause.id, &writer)
      json.key("subject", &writer)
      SubjectJSON(host: host).append(cause.subject, &json, &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }
}

/// A fact and where it can be looked up.
private enum EvidenceJSON {
  static func append(
    _ evidence: Evidence, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("fact", text: evidence.fact, &writer)
    json.key("value", &writer)
    switch evidence.value {
    case .number(let number): json.integer(number, &writer)
    case .text(let text): json.text(text, &writer)
    case .flag(let flag): json.literal(flag ? "true" : "false", &writer)
    }
    json.member("unit", text: evidence.unit, &writer)
    json.member("source", text: evidence.source, &writer)
    let place = evidence.place
    json.member("pid", place.process.map(UInt32.init(bitPattern:)), &writer)
    json.member("tid", place.thread.map(UInt32.init(bitPattern:)), &writer)
    json.member("fd", place.descriptor.map(UInt32.init(bitPattern:)), &writer)
    if let local = place.local { EndpointJSON.append("local", local, &json, &writer) }
    if let peer = place.peer { EndpointJSON.append("peer", peer, &json, &writer) }
    json.member("path", bytes: place.path.map(EndpointText.visible), &writer)
    json.close("}", &writer)
  }
}

/// Whom a finding is about as a JSON object with one key, which says what it is.
private struct SubjectJSON {
  let host: [UInt8]

  func append(_ subject: Subject, _ json: inout JSONWriter, _ writer: inout ByteWriter) {
    json.open("{", &writer)
    switch subject {
    case .listener(let socket): Self.append("listener", socket, &json, &writer)
    case .socket(let socket): Self.append("socket", socket, &json, &writer)
    case .process(let process):
      json.key("process", &writer)
      json.open("{", &writer)
      json.member("pid", UInt32(bitPattern: process.process), &writer)
      json.member("command", bytes: process.command, &writer)
      json.close("}", &writer)
    case .host:
      json.key("host", &writer)
      json.open("{", &writer)
      json.member("name", bytes: host, &writer)
      json.close("}", &writer)
    }
    json.close("}", &writer)
  }

  static func append(
    _ name: StaticString, _ socket: SocketName, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key(name, &writer)
    json.open("{", &writer)
    json.member("netid", plain: socket.netid.name, &writer)
    if socket.netid.isInternet {
      EndpointJSON.append("local", socket.local, &json, &writer)
      if let peer = socket.peer { EndpointJSON.append("peer", peer, &json, &writer) }
      json.member("v6only", socket.isV6Only, &writer)
    } else if let path = socket.path {
      json.member("path", bytes: EndpointText.visible(path), &writer)
      json.member("abstract", path.first == 0 ? true : nil, &writer)
    }
    json.member("inode", socket.inode, &writer)
    if socket.namespace != 0 { json.member("netns", socket.namespace, &writer) }
    json.close("}", &writer)
  }
}

/// Who waits for whom.
private enum ChainJSON {
  static func append(
    _ chain: [ChainLink], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("chain", &writer)
    json.open("[", &writer)
    for link in chain { append(link, &json, &writer) }
    json.close("]", &writer)
  }

  private static func append(
    _ link: ChainLink, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("pid", UInt32(bitPattern: link.process.process), &writer)
    json.member("tid", link.thread.map(UInt32.init(bitPattern:)), &writer)
    json.member("command", bytes: link.process.command, &writer)
    json.member("call", text: link.call, &writer)
    json.member("fd", link.descriptor.map(UInt32.init(bitPattern:)), &writer)
    json.member("since_ms", link.since, &writer)
    if let target = link.waitsFor { append(target, &json, &writer) }
    json.close("}", &writer)
  }

  private static func append(
    _ target: ChainLink.Target, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("waits_for", &writer)
    json.open("{", &writer)
    json.member("kind", plain: target.kind.rawValue, &writer)
    json.member("text", text: target.text, &writer)
    if let socket = target.socket { SubjectJSON.append("socket", socket, &json, &writer) }
    if let process = target.process {
      json.member("pid", UInt32(bitPattern: process.process), &writer)
      json.member("process", bytes: process.command, &writer)
    }
    json.close("}", &writer)
  }
}

/// The busy workers of a server, each on its own.
private enum WorkersJSON {
  static func append(
    _ workers: [BusyWorker], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard !workers.isEmpty else { return }
    json.key("workers", &writer)
    json.open("[", &writer)
    for worker in workers {
      json.open("{", &writer)
      json.member("pid", UInt32(bitPattern: worker.process.process), &writer)
      json.member("tid", UInt32(bitPattern: worker.thread), &writer)
      json.member("command", bytes: worker.process.command, &writer)
      json.member("call", text: worker.call, &writer)
      json.member("fd", worker.descriptor.map(UInt32.init(bitPattern:)), &writer)
      json.member("doing", text: worker.doing, &writer)
      json.member("peer", text: worker.peer, &writer)
      json.member("since_ms", worker.since, &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }
}
