import Diagnosis
import ProcNet

/// What is wrong, a row for each root cause: the first screen of a diagnosis.
struct DiagnosisSummary {
  let page: TextPage

  /// `3 root causes: 2 critical, 1 warning`.
  static func counts(_ report: DiagnosisReport) -> String {
    let roots = report.roots
    let severities = [Severity.critical, .warning].compactMap { severity -> String? in
      let count = roots.count { $0.severity == severity }
      guard count > 0 else { return nil }
      return severity == .critical
        ? "\(count) critical" : DiagnosisReport.count(count, "warning")
    }
    return "\(DiagnosisReport.count(roots.count, "root cause")): "
      + severities.joined(separator: ", ")
  }

  func append(_ report: DiagnosisReport, to writer: inout ByteWriter) {
    AlignedTable(
      Self.columns, showsHeader: true, width: page.width, palette: page.palette
    ).write(report.roots, to: &writer)
  }

  /// The columns of the table, also for HTML and Markdown.
  static let columns: [Column<FindingGroup>] = [
    Column("severity", "Severity", "how bad it is: `critical` or `warning`") { group, _ in
      .words(group.severity.name.uppercased())
    }.toned { group, _ in group.severity.tone },
    Column("where", "Where", "the listener at which clients meet it, else the process") {
      group, _ in .words(SafeText.string(group.place))
    }.atLeast(wide: 15),
    Column("clients", "Clients", "how many wait behind it", right: true) { group, _ in
      .count(group.waiting.flatMap { $0.clients > 0 ? $0.clients : nil })
    },
    Column("since", "Since", "for how long the oldest of them has waited", right: true) {
      group, _ in
      let since = group.waiting?.oldest ?? group.chain.compactMap(\.since).max()
      return since.map { .words(Phrase.duration($0)) } ?? .unknown
    },
    Column("cause", "Cause", "what it all comes from") { group, _ in
      .words(SafeText.string(group.clause))
    }.prose(),
  ]
}

extension FindingGroup {
  /// Where clients meet it: a listener, a process, a connection or the host.
  var place: String {
    if let listener { return listener.text }
    switch cause.subject {
    case .listener(let socket): return socket.text
    case .socket(let socket): return socket.text
    case .process(let process): return process.text
    case .host: return "the host"
    }
  }

  /// The one clause that matters: what the party at the end of the chain does, or fails to do.
  var clause: String {
    if let clause = cause.clause { return clause }
    guard let link = chain.last, let target = link.waitsFor else { return named(cause.kind.title) }
    let name = link.process.text
    switch target.kind {
    case .processor: return "\(name) is busy computing"
    case .stopped: return "\(name) is \(link.call ?? "stopped")"
    case .timer: return "\(name) sleeps in \(link.call ?? "a system call")"
    case .disk: return "\(name) is stuck in \(link.call ?? "a system call") on \(target.text)"
    case .connection, .remote:
      guard let end = DrawnChain(self)?.stations.last, let note = end.notes.first else {
        return "\(name) waits for \(target.text)"
      }
      let place = end.place.map { " at \($0)" } ?? ""
      return "\(end.name)\(place) \(note == "silent" ? "is silent" : note)"
    case .unknown: return named(cause.kind.title)
    case .acceptQueue, .lock, .child, .pipe, .memory, .output, .input:
      return "\(name) waits for \(target.text)"
    }
  }

  /// With the process that it is about, where the first column names a listener.
  private func named(_ title: String) -> String {
    guard listener != nil, case .process(let process) = cause.subject else { return title }
    return "\(process.text): \(title.lowercasedFirst)"
  }
}
