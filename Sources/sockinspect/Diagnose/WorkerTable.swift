import Diagnosis

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

  /// `pid 12, 13 and 14`, `thread 24019 (worker-1)`, `3 threads from 24019 to 24021`.
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
