import Diagnosis
import ProcNet

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
    Self.append("remedy", finding.remedy, &json, &writer)
    Self.append("avoid", finding.avoid, &json, &writer)
    Self.append("check", finding.check, &json, &writer)
    appendCauses(finding.causes, &json, &writer)
    json.member("demo", text: finding.kind.demo.first, &writer)
    json.close("}", &writer)
  }

  /// Ids alone, as a filter wants them, and with their subjects, since an id can occur twice.
  private func appendCauses(
    _ causes: [FindingReference], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    Self.append("because", causes.map(\.id), &json, &writer)
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

  static func append(
    _ name: StaticString, _ lines: [String], _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key(name, &writer)
    json.open("[", &writer)
    for line in lines { json.text(line, &writer) }
    json.close("]", &writer)
  }
}

/// A fact and where it can be looked up.
enum EvidenceJSON {
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
