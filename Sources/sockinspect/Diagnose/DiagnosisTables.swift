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

extension Subject {
  /// A socket by its own end, a process by name and pid.
  var text: String {
    switch self {
    case .listener(let socket), .socket(let socket): socket.text
    case .process(let process): process.text
    case .host: "the host"
    }
  }
}

extension FindingGroup {
  /// Where clients meet it: a listener, a process, a connection or the host.
  var place: String {
    if let listener {
      return listener.text + (findingAtListener?.namespaceName.map { " in \($0)" } ?? "")
    }
    return cause.subject.text
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
      guard let end = DrawnChain(self)?.stations.last, !end.notes.isEmpty else {
        return "\(name) waits for \(target.text)"
      }
      let place = end.place.map { " at \($0)" } ?? ""
      return "\(end.name)\(place) \(link.sends ? "does not read" : "is silent")"
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

/// Busy workers in a table; those that are alike share a row.
struct WorkerRow {
  let workers: [BusyWorker]

  static func folded(_ workers: [BusyWorker]) -> [WorkerRow] {
    var rows: [(key: [String], workers: [BusyWorker])] = []
    for worker in workers {
      let key = [worker.doing, worker.peer ?? "", worker.call ?? ""]
      if let place = rows.firstIndex(where: { $0.key == key }) {
        rows[place].workers.append(worker)
      } else {
        rows.append((key, [worker]))
      }
    }
    return rows.map { WorkerRow(workers: $0.workers) }
  }

  /// `pid 12`, `thread 24019 (worker-1)`, `12, 13 and 14`, `6 threads, 24019 …`.
  var who: String {
    let isThread = workers.contains { $0.thread != $0.process.process }
    guard let first = workers.first, workers.count > 1 else {
      return workers.first.map { worker in
        let name = worker.threadName.map { " (\($0))" } ?? ""
        return isThread ? "thread \(worker.thread)\(name)" : "pid \(worker.process.process)"
      } ?? ""
    }
    let numbers = workers.map { "\(isThread ? $0.thread : $0.process.process)" }
    guard numbers.count > 4 else { return Phrase.list(numbers) }
    let kind = isThread ? "threads" : "processes"
    return "\(numbers.count) \(kind), \(isThread ? first.thread : first.process.process) …"
  }

  static let columns: [Column<WorkerRow>] = [
    Column("worker", "Worker", "the process or thread") { row, _ in
      .words(SafeText.string(row.who))
    },
    Column("call", "In", "the system call that it is in") { row, _ in
      let first = row.workers.first
      let descriptor = row.workers.count == 1 ? first?.descriptor.map { " fd \($0)" } ?? "" : ""
      return first?.call.map { .words("\($0)\(descriptor)") } ?? .unknown
    },
    Column("since", "Since", "for how long", right: true) { row, _ in
      row.workers.compactMap(\.since).max().map { .words(Phrase.duration($0)) } ?? .unknown
    },
    Column("doing", "Waits", "what it does, and for whom") { row, _ in
      let first = row.workers.first
      return .words(SafeText.string(first.map(Self.doing) ?? ""))
    }.prose(),
  ]

  /// What it waits for, with the process at the other end where one is known.
  private static func doing(_ worker: BusyWorker) -> String {
    guard let peer = worker.peer else { return worker.doing }
    let address = peer.prefix { $0 != " " }
    return worker.doing.hasSuffix(address)
      ? worker.doing.dropLast(address.count) + peer : "\(worker.doing): \(peer)"
  }
}
