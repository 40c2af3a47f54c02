import ProcNet

/// One listener looked at closely: who waits, and what the threads do that ought to serve them.
struct ListenerDetails {
  let row: ListenRow
  let threads: ThreadList
  let gaps: [Gap]
  /// Milliseconds of the steady clock.
  let moment: UInt64

  /// Inodes of the clients' sockets on this host.
  var clients: [UInt32] { row.listener.waiting.compactMap(\.clientInode) }
}

/// Looks closely at one listener again and again, at a bounded cost: it may have let in very many.
struct DetailsWatch {
  private var cadence = AdaptiveInterval()
  private(set) var latest: ListenerDetails?

  mutating func forget() {
    cadence.forget()
    latest = nil
  }

  /// Looks if it is time. The rates of drops are those of the list.
  mutating func look(
    at row: ListenRow, _ place: WatchScope, at moment: UInt64
  ) throws(KernelError) {
    if latest?.row.listener.key != row.listener.key { forget() }
    guard cadence.isDue(at: moment) else { return }
    let start = CurrentProcess.processorTime
    var gaps: [Gap] = []
    let key = row.listener.key
    let found = try ListenerSurvey.survey(place.scope, callsRoll: true, gaps: &gaps) {
      ListenerKey($0) == key
    }
    guard let listener = found.first else { return forget() }
    let threads = ThreadList.look(
      place.facts.owners(of: listener.socket), listener.socket.inode, through: place.kernel)
    latest = ListenerDetails(
      row: ListenRow(listener: listener, rate: row.rate), threads: threads, gaps: gaps,
      moment: moment)
    cadence.looked(at: moment, cost: CurrentProcess.processorTime - start)
  }
}
