/// The last step: ages in order, shards told apart as far as possible.
extension ListenerSurvey {
  /// The wanted listeners with all that was found.
  public mutating func concluded(gaps: inout [Gap]) -> [Listener] {
    for (number, found) in ages { listeners[number].acceptQueue?.setAges(found.sorted()) }
    for group in index.groups where group.count > 1 { tellApart(group) }
    if callsRoll { callUnixRoll(gaps: &gaps) }
    var wanted: [Listener] = []
    for number in listeners.indices where isWanted[number] {
      listeners[number].waiting.sort { ($0.age ?? 0) > ($1.age ?? 0) }
      wanted.append(listeners[number])
    }
    noteMissing(wanted, gaps: &gaps)
    return wanted
  }

  /// Each shard has its own queue, but rows of connections do not say which they came through.
  /// What waits belongs to the one shard where something waits; where it is several, and for what
  /// was accepted, all is counted with the fullest of those wanted and unknown for the others.
  private mutating func tellApart(_ group: [Int]) {
    for (shard, number) in group.enumerated() {
      listeners[number].shards = group.count
      listeners[number].shard = shard
    }
    let first = listeners[group[0]]
    let chosen = fullest(group.filter { isWanted[$0] }) ?? group[0]
    let crowded = group.filter { (listeners[$0].acceptQueue?.length ?? 0) > 0 }
    for number in group {
      listeners[number].connections = number == chosen ? first.connections : nil
      listeners[number].synQueue = number == chosen ? first.synQueue : nil
      listeners[number].waiting = []
      if crowded.count > 1 {
        listeners[number].acceptQueue?.forgetWaiting()
      } else {
        listeners[number].acceptQueue?.takeWaiting(of: .nobody)
      }
    }
    let holder = crowded.count == 1 ? crowded[0] : chosen
    guard let queue = first.acceptQueue else { return }
    listeners[holder].acceptQueue?.takeWaiting(of: queue)
    listeners[holder].waiting = first.waiting
  }

  /// The first of those with the longest queue.
  private func fullest(_ group: [Int]) -> Int? {
    group.reduce(nil) { best, number in
      guard let best else { return number }
      let (one, other) = (listeners[best].acceptQueue, listeners[number].acceptQueue)
      return (other?.length ?? 0) > (one?.length ?? 0) ? number : best
    }
  }

  private func noteMissing(_ wanted: [Listener], gaps: inout [Gap]) {
    let dropping = wanted.filter { $0.socket.netid == .tcp && $0.drops == nil }.count
    let queuing = wanted.filter { $0.socket.netid.isUnix && $0.acceptQueue?.length == nil }.count
    note(.drops, "drops", dropping, "listener", "sock_diag does, since Linux 4.7", &gaps)
    note(.queues, "accept queues", queuing, "unix listener", "sock_diag does", &gaps)
  }

  private func note(
    _ kind: Gap.Kind, _ what: String, _ number: Int, _ whose: String, _ remedy: String,
    _ gaps: inout [Gap]
  ) {
    guard number > 0 else { return }
    gaps.append(
      Gap(
        kind, missing: "\(what) of \(number) \(whose)\(number == 1 ? "" : "s")",
        reason: "where they were read does not tell", remedy: remedy))
  }
}

extension AcceptQueue {
  /// Known to be empty.
  static let nobody: AcceptQueue = {
    var queue = AcceptQueue(length: 0, limit: nil, unixWaiting: nil)
    queue.abandoned = 0
    queue.unreadBytes = 0
    return queue
  }()
}
