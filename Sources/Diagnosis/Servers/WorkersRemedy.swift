/// What helps workers that are all busy, by what keeps them.
enum WorkersRemedy: CaseIterable {
  case clients, upstream, lock, processor

  /// Completes `If they …`.
  var condition: String {
    switch self {
    case .clients: "wait for clients"
    case .upstream: "wait for another server"
    case .lock: "wait for a lock"
    case .processor: "compute"
    }
  }

  var text: String {
    switch self {
    case .clients:
      """
      shorten keep-alive and read time-outs, put a proxy that buffers in front, or use a model in \
      which an idle connection costs no worker.
      """
    case .upstream: "give those calls time-outs, and look there first."
    case .lock: "look at who holds it first; do not hold it while waiting for anything else."
    case .processor: "give them more processor time, or less work per request."
    }
  }

  /// Of those that keep these workers; nil where none is known to help.
  static func text(for groups: [Workers.Group]) -> [String]? {
    let kinds = groups.map(kind)
    guard !kinds.contains(nil) else { return nil }
    return allCases.filter(kinds.contains).map { remedy in
      groups.count == 1
        ? remedy.text.prefix(1).uppercased() + remedy.text.dropFirst()
        : "Those that \(remedy.condition): \(remedy.text)"
    }
  }

  private static func kind(_ group: Workers.Group) -> WorkersRemedy? {
    guard let obstacle = group.obstacles.first else { return nil }
    switch obstacle.thread.wait.kind {
    case .running: return .processor
    case .lock, .fileLock: return .lock
    case .receive, .send, .any: return obstacle.isAccepted ? .clients : .upstream
    case .connect: return .upstream
    default: return nil
    }
  }
}
