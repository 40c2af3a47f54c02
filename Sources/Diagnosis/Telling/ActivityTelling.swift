import ProcNet

/// What the threads of a process do, in a sentence: those that do the same are counted together.
struct ActivityTelling {
  let process: ProcessCase

  init(_ process: ProcessCase) { self.process = process }

  /// nil when nothing of it may be seen.
  var sentence: String? {
    guard !process.threads.isEmpty, !process.isOpaque else { return nil }
    var counts: [String: Int] = [:]
    for thread in process.threads { counts[words(thread.wait), default: 0] += 1 }
    if counts.count == 1, let only = counts.first {
      return only.value == 1
        ? "Its only thread \(only.key)." : "Each of its \(only.value) threads \(only.key)."
    }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let parts = order.map { "\($0.value == 1 ? "one" : "\($0.value)"): \($0.key)" }
    return "Its \(process.threads.count) threads: \(Words.list(parts, most: 5))."
  }

  private func words(_ wait: Wait) -> String {
    switch wait.kind {
    case .running: return "is running"
    case .stopped: return "is stopped"
    case .traced: return "is held by a debugger"
    case .frozen: return "is frozen by its control group"
    case .disk: return "waits for a disk or a file system"
    case .unknown: return "does what may not be seen"
    default: break
    }
    guard let call = wait.call else { return "sleeps" }
    if let socket = wait.soleSocket { return "sleeps in \(call)() on fd \(socket.descriptor)" }
    return "sleeps in \(call)()"
  }
}
