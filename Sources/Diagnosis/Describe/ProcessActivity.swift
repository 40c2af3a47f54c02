import ProcNet

/// What the threads of a process do, in one sentence that counts those that do the same.
struct ProcessActivity {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// nil when the process was not read, or its threads cannot be seen.
  func sentence(_ process: Int32?) -> String? {
    guard let process = process.flatMap({ host.processes[$0] }), !process.threads.isEmpty,
      !process.isOpaque
    else { return nil }
    let words = WaitDescription(host)
    var counts: [String: Int] = [:]
    for thread in process.threads { counts[words.doing(thread), default: 0] += 1 }
    if counts.count == 1, let only = counts.first {
      return only.value == 1
        ? "Its only thread \(only.key)." : "Each of its \(only.value) threads \(only.key)."
    }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let parts = order.map { "\($0.value == 1 ? "one" : "each of \($0.value)") \($0.key)" }
    return "Its \(process.threads.count) threads: \(Phrase.list(parts, most: 4))."
  }
}
