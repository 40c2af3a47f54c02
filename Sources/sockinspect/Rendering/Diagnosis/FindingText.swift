import Diagnosis
import ProcNet

/// One cause with what follows from it, as a person reads it.
struct FindingText {
  let page: TextPage
  let showsEvidence: Bool
  /// Only what goes on, not what it rests on or what to do.
  var isBrief = false

  func append(_ group: FindingGroup, to writer: inout ByteWriter) {
    let finding = group.cause
    let severity = group.severity
    page.append(
      "\(finding.title).", label: severity.name.uppercased(), tone: severity.tone, to: &writer)
    page.appendBlank(&writer)
    for paragraph in finding.story { page.appendParagraph(paragraph, to: &writer) }
    if let reservation = finding.confidence.reservation {
      page.appendParagraph(reservation, to: &writer)
    }
    guard !isBrief else { return }
    if !finding.story.isEmpty || finding.confidence != .certain { page.appendBlank(&writer) }
    appendFacts(finding, group, &writer)
    appendAdvice(finding, &writer)
  }

  private func appendFacts(
    _ finding: Finding, _ group: FindingGroup, _ writer: inout ByteWriter
  ) {
    let chain = group.chain
    if chain.count > 1 || (chain.count == 1 && finding.chain.isEmpty) {
      for (index, step) in ChainText(page: page).lines(chain).enumerated() {
        page.append(step, label: index == 0 ? "Chain" : "", from: 2, to: &writer)
      }
    }
    for (index, effect) in group.effects.enumerated() {
      page.append(
        "\(effect.title) (\(effect.severity.name), \(effect.id)).",
        label: index == 0 ? "Effects" : "", from: 2, to: &writer)
    }
    let facts =
      showsEvidence
      ? finding.evidence.map(EvidenceText.full) : EvidenceText.brief(finding.evidence)
    for (index, fact) in facts.enumerated() {
      page.append(fact, label: index == 0 ? "Seen" : "", from: 2, to: &writer)
    }
  }

  private func appendAdvice(_ finding: Finding, _ writer: inout ByteWriter) {
    for (index, line) in finding.remedy.enumerated() {
      page.append(line, label: index == 0 ? "Do" : "", from: 2, to: &writer)
    }
    // Each with its label: without it a line would read like something to do.
    for line in finding.avoid { page.append(line, label: "Don't", from: 2, to: &writer) }
    for (index, line) in finding.check.enumerated() {
      page.appendLine(line, label: index == 0 ? "Check" : "", to: &writer)
    }
    page.append(more(finding), label: "More", from: 2, to: &writer)
  }

  private func more(_ finding: Finding) -> String {
    let demo = finding.kind.demo.first.map { "; `sockinspect demo \($0) --hold` shows one" } ?? ""
    return "`sockinspect explain \(finding.id)`\(demo)"
  }
}

/// Facts with their sources.
enum EvidenceText {
  /// `accept queue: 6 connections (sock_diag idiag_rqueue; pid 3040)`.
  static func full(_ evidence: Evidence) -> String {
    let place = EvidenceSubject.text(evidence.place)
    return "\(line(evidence)) (\(evidence.source)\(place.isEmpty ? "" : "; \(place)"))"
  }

  private static let most = 5

  /// All in one paragraph: enough to know what it rests on, each kind of fact once.
  static func brief(_ evidence: [Evidence]) -> [String] {
    guard !evidence.isEmpty else { return [] }
    var kinds: Set<String> = []
    var facts = evidence.filter { kinds.insert($0.fact).inserted }.prefix(most)
      .map { "\(line($0)) (\($0.source))" }
    if evidence.count > facts.count {
      facts.append("\(evidence.count - facts.count) more with `--evidence`")
    }
    return [facts.joined(separator: " · ")]
  }

  private static func line(_ evidence: Evidence) -> String {
    "\(evidence.fact): \(value(evidence))"
  }

  static func value(_ evidence: Evidence) -> String {
    let unit = evidence.unit.map { " \($0)" } ?? ""
    return switch evidence.value {
    case .number(1): "1\(unit.ofOne)"
    case .number(let number): "\(number)\(unit)"
    case .text(let text): "\(text)\(unit)"
    case .flag(let flag): flag ? "yes" : "no"
    }
  }
}

extension String {
  /// A unit for one of it: `connection` for `connections`. Those of measuring stay: `ms`.
  fileprivate var ofOne: String {
    if hasSuffix("processes") { return String(dropLast(2)) }
    return count > 4 && hasSuffix("s") ? String(dropLast()) : self
  }
}
