import Diagnosis
import ProcNet

/// A diagnosis as it is shown: causes with their effects, and a verdict.
struct DiagnosisReport {
  let diagnosis: Diagnosis
  let head: ReportHead
  /// The target as it was typed; nil for the whole host.
  let target: String?
  /// Worst first.
  let groups: [FindingGroup]

  init(_ diagnosis: Diagnosis, head: ReportHead, target: String?) {
    self.diagnosis = diagnosis
    self.head = head
    self.target = target
    let found = FindingGroup.of(diagnosis.findings)
    let isAhead = { (group: FindingGroup) in group.severity > .notice || group.isAnswer }
    groups = found.filter(isAhead) + found.filter { !isAhead($0) }
  }

  /// The worst there is; nil when nothing was found.
  var severity: Severity? { groups.first?.severity }
  /// The one that the answer begins with, unless it is only a notice. That nothing listens at the
  /// target answers the question, and comes first when nothing is wrong.
  var headline: FindingGroup? {
    groups.first.flatMap { $0.severity > .notice || $0.isAnswer ? $0 : nil }
  }
  /// The causes of what is wrong, worst first.
  var roots: [FindingGroup] { groups.filter { $0.severity > .notice } }
  var notices: Int { diagnosis.findings.count { $0.severity == .notice } }

  /// Those that are shown: without `--all` notices are only counted.
  func shown(all: Bool) -> [FindingGroup] {
    groups.filter { all || $0.severity > .notice || $0.isAnswer }.map { group in
      FindingGroup(
        cause: group.cause, effects: group.effects.filter { all || $0.severity > .notice },
        shared: group.shared)
    }
  }

  /// One sentence.
  var verdict: String {
    guard let headline else {
      if let table = unread.first { return "\(unreadTables(table)): \(lookedAt)\(notLookedAt)." }
      return isUndecided
        ? "\(undecided): \(lookedAt)\(notLookedAt)."
        : "\(nothingWrong): \(lookedAt)\(polls)\(notLookedAt)."
    }
    let others = groups.dropFirst().count { $0.severity > .notice }
    let more = others > 0 ? " (and \(Self.count(others, "other cause")) of trouble)" : ""
    return "\(headline.cause.title)\(more)."
  }

  /// Nothing was found, and that says nothing: a whole table of sockets was not read, or
  /// connections wait in a queue and one sample does not tell whether they are about to leave it.
  var isUndecided: Bool {
    guard headline == nil else { return false }
    if !unread.isEmpty || diagnosis.scope.unclear > 0 { return true }
    return diagnosis.scope.interval == nil && diagnosis.scope.queued > 0
  }

  private var undecided: String {
    let isOne = diagnosis.scope.interval == nil
    let count = isOne ? diagnosis.scope.queued : diagnosis.scope.unclear
    let waits = "\(Self.count(count, "connection")) \(count == 1 ? "waits" : "wait") to be accepted"
    return isOne
      ? "One sample: cannot tell whether \(waits) for long"
      : "\(waits), and where the queue was read does not tell for how long"
  }

  /// Tables of which not one row was read.
  private var unread: [Gap] { diagnosis.gaps.filter(\.isWholeTable) }

  private func unreadTables(_ first: Gap) -> String {
    let others = unread.count - 1
    let more = others > 0 ? " (and \(Self.count(others, "other table")))" : ""
    return "Cannot tell: \(first.missing)\(more) could not be read, \(first.reason)"
  }

  /// Requests without an answer behind which nothing shows that is stuck.
  private var polls: String {
    let scope = diagnosis.scope
    let count = scope.openRequests + scope.hiddenRequests
    guard count > 0 else { return "" }
    let verb = count == 1 ? "has" : "have"
    let reason =
      scope.hiddenRequests > 0
      ? "; what \(count == 1 ? "it waits" : "they wait") for, only root can see"
      : ", as long polls do"
    return "; \(Self.count(count, "request")) \(verb) waited up to "
      + "\(Self.seconds(scope.oldestRequest)) s for an answer\(reason)"
  }

  private var nothingWrong: String {
    let subject = target.map { " with \($0)" } ?? ""
    let reservation = diagnosis.gaps.telling.isEmpty ? "" : ", as far as could be seen"
    return "Nothing wrong\(subject)\(reservation)"
  }

  /// Namespaces that were left out: what is wrong there is not in the answer.
  private var notLookedAt: String {
    let missing = diagnosis.gaps.filter { $0.kind == .namespaces }.map(\.missing)
    return missing.isEmpty ? "" : "; not looked at: \(missing.joined(separator: ", "))"
  }

  /// `12 listeners, 340 connections, 2 samples within 1 s`; with the number of network namespaces
  /// where there are several.
  var lookedAt: String {
    let scope = diagnosis.scope
    let places = scope.namespaces > 1 ? " in \(scope.namespaces) network namespaces" : ""
    let counts = [
      Self.count(scope.listeners, "listener"), Self.count(scope.sockets, "connection") + places,
    ]
    let samples =
      scope.interval.map { "\(scope.samples) samples within \(Self.seconds($0)) s" } ?? "1 sample"
    return (counts + [samples]).joined(separator: ", ")
  }

  static func count(_ number: Int, _ one: String) -> String {
    "\(number) \(number == 1 ? one : "\(one)s")"
  }

  /// With one decimal unless it is whole.
  static func seconds(_ milliseconds: UInt64) -> String {
    let tenths = (milliseconds +| 50) / 100
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}

extension Confidence {
  /// What the text says where a finding is not certain.
  var reservation: String? {
    switch self {
    case .certain: nil
    case .likely: "This is likely, not certain: a fact that would prove it could not be seen."
    case .possible: "This is possible, not certain: something else could look the same."
    }
  }
}

/// A cause, and the findings that follow from it.
struct FindingGroup {
  let cause: Finding
  /// In the order of the diagnosis.
  let effects: [Finding]
  /// What it causes together with the cause of another group, which lists it.
  var shared: [Finding] = []

  /// The cause, and then what follows from it.
  var findings: [Finding] { [cause] + effects }
  /// The busy workers of the servers that they are about.
  var workers: [BusyWorker] { findings.flatMap(\.workers) }

  /// A notice that answers the question: nothing listens at the target.
  var isAnswer: Bool { cause.id == "not-listening" }

  /// The worst of them: a cause is as bad as its effects.
  var severity: Severity { (findings + shared).map(\.severity).max() ?? cause.severity }

  /// From the clients that wait to the root cause: of all chains the longest that leads to the same
  /// end as the cause's own.
  var chain: [ChainLink] {
    let chains = findings.map(\.chain).filter { !$0.isEmpty }
    guard let own = chains.first, !cause.chain.isEmpty else {
      return chains.max { $0.count < $1.count } ?? []
    }
    let end = own.last?.process.process
    return chains.filter { $0.last?.process.process == end }.max { $0.count < $1.count } ?? own
  }

  /// What waits behind the cause, as far as any of the findings counts it.
  var waiting: Finding.Waiting? {
    let counts = findings.compactMap(\.waiting).filter { $0 != Finding.Waiting() }
    guard !counts.isEmpty else { return nil }
    return Finding.Waiting(
      requests: counts.compactMap(\.requests).max(),
      connections: counts.compactMap(\.connections).max(), oldest: counts.compactMap(\.oldest).max()
    )
  }

  /// Worst first. Findings whose causes were not found stand for themselves, and of those that
  /// cause each other the first does.
  static func of(_ findings: [Finding]) -> [FindingGroup] {
    var places: [FindingReference: Int] = [:]
    for (place, finding) in findings.enumerated() where places[finding.reference] == nil {
      places[finding.reference] = place
    }
    let roots = findings.indices.map { root(of: $0, findings, places) }
    let groups = findings.indices.filter { roots[$0] == $0 }.map { root in
      FindingGroup(
        cause: findings[root],
        effects: findings.indices.filter { $0 != root && roots[$0] == root }.map { findings[$0] },
        shared: findings.indices.filter { effect in
          roots[effect] != root && findings[effect].causes.contains(findings[root].reference)
        }.map { findings[$0] })
    }
    return groups.enumerated().sorted { left, right in
      left.element.severity != right.element.severity
        ? left.element.severity > right.element.severity : left.offset < right.offset
    }.map(\.element)
  }

  /// Where a finding's causes lead to, the first of each.
  private static func root(
    of start: Int, _ findings: [Finding], _ places: [FindingReference: Int]
  ) -> Int {
    var path = [start]
    while let cause = findings[path[path.count - 1]].causes.lazy.compactMap({ places[$0] }).first {
      if let turn = path.firstIndex(of: cause) { return path[turn...].min() ?? cause }
      path.append(cause)
    }
    return path[path.count - 1]
  }
}

extension Severity {
  var tone: Palette.Tone {
    switch self {
    case .notice: .listener
    case .warning: .attention
    case .critical: .alarm
    }
  }
}

/// Writes a diagnosis in the format that was asked for.
struct DiagnosisOutput {
  private let arguments: DiagnoseArguments

  init(_ arguments: DiagnoseArguments) { self.arguments = arguments }

  func write(_ report: DiagnosisReport) throws(KernelError) {
    var output = Output()
    switch arguments.format {
    case .text, .table:
      let text = DiagnosisText(
        page: page, showsAll: arguments.showsAll, showsEvidence: arguments.showsEvidence,
        isBrief: arguments.isBrief)
      text.append(report, to: &output.writer)
    case .json: DiagnosisJSON.append(report, to: &output.writer)
    case .markdown: DiagnosisMarkdown.append(report, all: arguments.showsAll, to: &output.writer)
    case .dot: DiagnosisDOT.append(report, to: &output.writer)
    case .svg: DiagnosisSVG.append(report, to: &output.writer)
    case .html: DiagnosisHTML.append(report, all: arguments.showsAll, to: &output.writer)
    }
    let isText = arguments.format == .text || arguments.format == .table
    try Pager.show(output.writer.span, isWanted: isText && arguments.usesPager)
  }

  /// Wrapped for a person's screen. A pipe gets long lines: a monitoring system takes the first one
  /// for its message, and grep wants whole ones.
  var page: TextPage {
    let output = OutputFile.standardOutput
    let chosen = CurrentProcess.environment("COLUMNS").flatMap { Int($0) }.flatMap {
      $0 > 20 ? $0 : nil
    }
    return TextPage(
      width: arguments.common.colour.isForPeople ? chosen ?? output.width ?? 80 : nil,
      palette: Palette(isColoured: arguments.common.colour.isOn),
      style: .ofLocale)
  }
}
