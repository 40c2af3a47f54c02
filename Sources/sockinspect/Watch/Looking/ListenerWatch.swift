import ProcNet

/// Looks at listeners again and again, at a bounded cost.
///
/// Listening sockets are few and asked for every time. Their connections can be very many, and
/// whose the listeners are takes a walk over all descriptors: both are looked at
/// more seldom the more they cost, and the look says how old they are.
struct ListenerWatch {
  private var counting = AdaptiveInterval()
  private var owning = AdaptiveInterval(share: 400)
  private var counted: [ListenerKey: Listener] = [:]
  private var owned: Set<UInt32> = []
  private var ownerGaps: [Gap] = []
  private var countGaps: [Gap] = []
  private var before: DropCounts?
  /// Sockets of clients that somebody wants the names of, too.
  private var clients: [UInt32] = []

  /// Forgets what belongs to another filter.
  mutating func startAnew() {
    counting.forget()
    owning.forget()
    counted = [:]
    owned = []
  }

  /// - Parameter counts: Whether somebody sees what connections tell.
  mutating func look(
    _ place: WatchScope, at moment: UInt64, counts: Bool
  ) throws(KernelError) -> ListenersSample {
    var look = ListenersSample(moment: moment, time: CurrentProcess.now)
    look.gaps = place.facts.gaps
    var survey = ListenerSurvey(place.scope, callsRoll: false)
    try survey.findListeners(gaps: &look.gaps)
    let filterNeedsOwners = place.filter.collected.contains(.owners)
    if filterNeedsOwners { findOwners(of: survey.inodes, place, at: moment) }
    if !place.filter.isEmpty { survey.keep { place.filter.matches($0, place.facts) } }
    let listeners = try count(&survey, &look, counts: counts)
    if !filterNeedsOwners {
      findOwners(of: listeners.map(\.socket.inode), place, at: moment)
    }
    let drops = before
    look.rows = listeners.map { ListenRow(listener: $0, rate: drops?.rate(of: $0, now: moment)) }
    before = DropCounts(listeners, at: moment)
    for gap in countGaps + ownerGaps where !look.gaps.contains(gap) { look.gaps.append(gap) }
    let isOwned = look.rows.allSatisfy {
      !place.facts.owners(of: $0.listener.socket).isEmpty
    }
    if isOwned { look.gaps.setMoot(.owners) }
    look.ownerAge = owning.age(at: moment)
    return look
  }

  /// The listeners, with what their connections say now or said when they were counted last.
  private mutating func count(
    _ survey: inout ListenerSurvey, _ look: inout ListenersSample, counts: Bool
  ) throws(KernelError) -> [Listener] {
    let isDue = counts && counting.isDue(at: look.moment)
    if isDue {
      let start = CurrentProcess.processorTime
      countGaps = []
      try survey.countConnections(gaps: &countGaps)
      counting.looked(at: look.moment, cost: CurrentProcess.processorTime - start)
    }
    var listeners = survey.concluded(gaps: &look.gaps)
    look.countAge = counting.age(at: look.moment)
    if isDue {
      counted = Dictionary(listeners.map { ($0.key, $0) }) { first, _ in first }
    } else {
      for place in listeners.indices {
        listeners[place].takeCounts(of: counted[listeners[place].key])
      }
    }
    return listeners
  }

  /// Walks the processes when it is time; for sockets that were not there before four times as often.
  private mutating func findOwners(of inodes: [UInt32], _ place: WatchScope, at moment: UInt64) {
    let inodes = inodes + clients
    let isNew = !owned.isSuperset(of: inodes)
    guard owning.isDue(at: moment) || (isNew && owning.isDue(at: moment, urgently: 4)) else {
      return
    }
    let start = CurrentProcess.processorTime
    ownerGaps = []
    place.facts.collectOwners(of: inodes, gaps: &ownerGaps)
    owned = Set(inodes)
    owning.looked(at: moment, cost: CurrentProcess.processorTime - start)
  }

  /// The clients of a roll call get names as well, from now on.
  mutating func name(
    clients inodes: [UInt32], of look: ListenersSample, _ place: WatchScope, at moment: UInt64
  ) {
    clients = inodes
    guard !inodes.isEmpty else { return }
    findOwners(of: look.rows.map(\.socket.inode), place, at: moment)
  }
}
