import Diagnosis
import ProcNet

/// A diagnosis for a person: a summary where several things are wrong, then each cause, the worst
/// first, with its story and what to do.
struct DiagnosisText {
  let page: TextPage
  let showsAll: Bool
  let showsEvidence: Bool
  var isBrief = false

  func append(_ report: DiagnosisReport, to writer: inout ByteWriter) {
    if let worst = report.severity, report.roots.count > 1, !isBrief {
      // Of a pipe's text a monitoring system takes the first line for its message.
      let counts = DiagnosisSummary.counts(report)
      page.append(
        page.width == nil ? report.verdict : counts, label: worst.name.uppercased(),
        tone: worst.tone, to: &writer)
      page.appendBlank(&writer)
      if page.width == nil { page.appendParagraph("\(counts).", indent: 0, to: &writer) }
      DiagnosisSummary(page: page).append(report, to: &writer)
      page.appendBlank(&writer)
    }
    if report.headline == nil {
      page.append(
        report.verdict, label: report.isUndecided ? "UNKNOWN" : "OK",
        tone: report.isUndecided ? .attention : .good, to: &writer)
    }
    let groups = report.shown(all: showsAll)
    for (index, group) in groups.enumerated() {
      if (index > 0 && !isBrief) || report.headline == nil { page.appendBlank(&writer) }
      FindingText(page: page, showsEvidence: showsEvidence, isBrief: isBrief)
        .append(group, to: &writer)
    }
    appendEnd(report, hasFindings: !groups.isEmpty, &writer)
  }

  /// What was read, what is not shown, what could not be seen.
  private func appendEnd(
    _ report: DiagnosisReport, hasFindings: Bool, _ writer: inout ByteWriter
  ) {
    var lines: [(label: String, text: String)] = []
    if report.headline != nil, !isBrief { lines.append(("Looked at:", "\(report.lookedAt).")) }
    if let found = found(report), !isBrief { lines.append(("Found:", found)) }
    lines += notSeen(report.diagnosis.gaps.telling)
    guard !lines.isEmpty else { return }
    if hasFindings { page.appendBlank(&writer) }
    for line in lines { page.append(line.text, label: line.label, margin: 11, to: &writer) }
  }

  /// `2 critical, 1 warning; 3 notices, which --all shows`; nil where there is nothing to count.
  private func found(_ report: DiagnosisReport) -> String? {
    let hidden = showsAll ? 0 : report.notices - noticesShown(report)
    let pronoun = hidden == 1 ? "it" : "them"
    let notices =
      hidden > 0 ? "\(DiagnosisReport.count(hidden, "notice")); `--all` shows \(pronoun)" : nil
    let roots = report.roots.count > 1 ? DiagnosisSummary.counts(report) : nil
    let parts = [roots, notices].compactMap(\.self)
    return parts.isEmpty ? nil : "\(parts.joined(separator: "; "))."
  }

  /// A notice is shown without `--all` when something worse follows from it.
  private func noticesShown(_ report: DiagnosisReport) -> Int {
    report.shown(all: false).count { $0.cause.severity == .notice }
  }

  private static let mostGaps = 8

  private func notSeen(_ gaps: [Gap]) -> [(label: String, text: String)] {
    var lines = gaps.prefix(Self.mostGaps).map { gap in
      let ending = gap.remedy.map { "; \($0)" } ?? ""
      return (label: "Not seen:", text: "\(gap.missing): \(gap.reason)\(ending).")
    }
    if gaps.count > Self.mostGaps {
      lines.append(("Not seen:", "and \(gaps.count - Self.mostGaps) more; --json lists them all."))
    }
    return lines
  }
}

/// One cause with what follows from it, as a person reads it.
private struct FindingText {
  let page: TextPage
  let showsEvidence: Bool
  /// Only what goes on, not what it rests on or what to do.
  var isBrief = false

  func append(_ group: FindingGroup, to writer: inout ByteWriter) {
    let finding = group.cause
    let severity = group.severity
    page.append(
      "\(finding.title).", label: severity.name.uppercased(), tone: severity.tone, to: &writer)
    guard !isBrief else { return }
    page.appendBlank(&writer)
    appendChain(group, &writer)
    appendWorkers(group.workers, &writer)
    for paragraph in finding.story { page.appendParagraph(paragraph, to: &writer) }
    if let reservation = finding.confidence.reservation {
      page.appendParagraph(reservation, to: &writer)
    }
    if !finding.story.isEmpty || finding.confidence != .certain { page.appendBlank(&writer) }
    appendFacts(finding, group, &writer)
    appendAdvice(finding, &writer)
  }

  /// From the clients to the root cause, which is what the eye is to find.
  private func appendChain(_ group: FindingGroup, _ writer: inout ByteWriter) {
    guard let chain = DrawnChain(group) else { return }
    let lines = chain.lines(width: page.width.map { $0 - TextPage.margin }, style: page.style)
    for (index, line) in lines.enumerated() {
      let isRoot = lines.count > 1 && index == lines.count - 1
      page.append(
        line, label: index == 0 ? "Chain" : "", from: 2,
        text: isRoot ? group.severity.tone : .plain,
        to: &writer)
    }
    page.appendBlank(&writer)
  }

  private func appendWorkers(_ workers: [BusyWorker], _ writer: inout ByteWriter) {
    guard !workers.isEmpty else { return }
    let indent = 2
    var table = ByteWriter(capacity: 1024)
    AlignedTable(
      WorkerRow.columns, showsHeader: true, width: page.width.map { $0 - indent },
      palette: page.palette
    ).write(WorkerRow.folded(workers), to: &table)
    for line in table.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      writer.append(UInt8(ascii: " "), times: indent)
      writer.append(page.style.written(String(line)))
      writer.append(UInt8(ascii: "\n"))
    }
    page.appendBlank(&writer)
  }

  private func appendFacts(
    _ finding: Finding, _ group: FindingGroup, _ writer: inout ByteWriter
  ) {
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
      page.appendCommand(line, label: index == 0 ? "Check" : "", to: &writer)
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

/// The process, thread or connection that a fact belongs to, in words.
enum EvidenceSubject {
  /// `pid 3040, fd 4, 127.0.0.1:9000 with peer 127.0.0.1:35628`; empty when it belongs to none.
  static func text(_ place: Evidence.Place) -> String {
    var parts: [String] = []
    if let process = place.process { parts.append("pid \(process)") }
    if let thread = place.thread, thread != place.process { parts.append("thread \(thread)") }
    if let descriptor = place.descriptor { parts.append("fd \(descriptor)") }
    if let connection = connection(place) { parts.append(connection) }
    if let path = place.path { parts.append(name(path)) }
    return parts.joined(separator: ", ")
  }

  private static func connection(_ place: Evidence.Place) -> String? {
    guard let local = place.local else { return place.peer.map { "peer \(text($0))" } }
    guard let peer = place.peer else { return text(local) }
    return "\(text(local)) with peer \(text(peer))"
  }

  static func text(_ endpoint: Endpoint) -> String {
    var writer = ByteWriter(capacity: 64)
    AddressText.append(endpoint, isV6Only: true, interface: nil, to: &writer)
    return writer.text
  }

  static func name(_ path: [UInt8]) -> String {
    String(decoding: EndpointText.visible(path), as: UTF8.self)
  }
}

/// Prose in the width of a screen, beside a margin with labels. Names in it are made safe.
struct TextPage {
  /// nil: lines are as long as they get.
  let width: Int?
  let palette: Palette
  var style = TextStyle()
  /// Where text begins beside its label.
  static let margin = 10

  /// A label in the margin and text beside it. Backquotes mark literal words: bold in colour.
  func append(
    _ text: String, label: String = "", tone: Palette.Tone = .plain, from start: Int = 0,
    margin: Int = Self.margin, text textTone: Palette.Tone = .plain, to writer: inout ByteWriter
  ) {
    let lead = String(repeating: " ", count: start)
    let label = lead + label
    writer.append(palette.start(tone))
    writer.append(label)
    if tone != .plain { writer.append(palette.plain) }
    var column = DisplayWidth.of(label)
    let gap = column < margin ? margin - column : 2
    writer.append(UInt8(ascii: " "), times: gap)
    column += gap
    appendWords(text, from: column, margin: margin, textTone, to: &writer)
  }

  /// A paragraph beside no label; its lines after the first may stand further in.
  func appendParagraph(
    _ text: String, indent: Int = 2, hanging: Int = 2, to writer: inout ByteWriter
  ) {
    writer.append(UInt8(ascii: " "), times: indent)
    appendWords(text, from: indent, margin: hanging, to: &writer)
  }

  private func appendWords(
    _ text: String, from start: Int, margin: Int, _ tone: Palette.Tone = .plain,
    to writer: inout ByteWriter
  ) {
    var column = start
    writer.append(palette.start(tone))
    defer {
      if tone != .plain { writer.append(palette.plain) }
      writer.append(UInt8(ascii: "\n"))
    }
    let prose = Prose(style.written(SafeText.string(text)), marks: ["`"])
    for (index, word) in prose.words.enumerated() {
      let wide = word.reduce(0) { $0 + DisplayWidth.of(shown($1)) }
      if index > 0, let width, column + 1 + wide > width {
        writer.append(UInt8(ascii: "\n"))
        writer.append(UInt8(ascii: " "), times: margin)
        column = margin
      } else if index > 0 {
        writer.append(UInt8(ascii: " "))
        column += 1
      }
      for piece in word { append(piece, to: &writer) }
      column += wide
    }
  }

  private func shown(_ piece: Prose.Piece) -> String {
    piece.kind == .plain || palette.isColoured ? piece.text : "`\(piece.text)`"
  }

  private func append(_ piece: Prose.Piece, to writer: inout ByteWriter) {
    let isEmphasized = piece.kind != .plain
    if isEmphasized { writer.append(palette.heading) }
    writer.append(shown(piece))
    if isEmphasized { writer.append(palette.plain) }
  }

  /// A shell command, to be copied: where it does not fit, it goes on behind a backslash.
  func appendCommand(_ text: String, label: String = "", to writer: inout ByteWriter) {
    let label = "  \(label)"
    writer.append(label)
    writer.append(UInt8(ascii: " "), times: max(Self.margin - label.utf8.count, 1))
    let command = style.written(SafeText.string(text))
    let lines = width.map { ShellCommand.lines(command, width: $0 - Self.margin) } ?? [command]
    for (index, line) in lines.enumerated() {
      let isLast = index == lines.count - 1
      if index > 0 { writer.append(UInt8(ascii: " "), times: Self.margin) }
      writer.append(isLast ? line : line + " \\")
      writer.append(UInt8(ascii: "\n"))
    }
  }

  func appendBlank(_ writer: inout ByteWriter) { writer.append(UInt8(ascii: "\n")) }
}
