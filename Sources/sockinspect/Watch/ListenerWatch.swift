import ProcNet

/// Samples listeners again and again, at a bounded cost.
///
/// Listening sockets are few and asked for every time. Their connections can be very many, and
/// whose the listeners are takes a walk over all descriptors: both are sampled more
/// seldom the more they cost, and the sample says how old they are.
struct ListenerWatch {
  private var counting = AdaptiveInterval()
  private var owning = AdaptiveInterval(share: 400)
  private var counted: [ListenerKey: Listener] = [:]
  private var owned: Set<UInt32> = []
  private var ownerGaps: [Gap] = []
  private var countGaps: [Gap] = []
  private var before: DropCounts?
  /// Sockets of clients whose names are wanted, too.
  private var clients: [UInt32] = []

  /// Forgets what belongs to another filter.
  mutating func startAnew() {
    counting.forget()
    owning.forget()
    counted = [:]
    owned = []
  }

  /// - Parameter counts: Whether what connections say is shown.
  mutating func sample(
    _ scope: WatchScope, at moment: UInt64, counts: Bool
  ) throws(KernelError) -> ListenersSample {
    var sample = ListenersSample(moment: moment, time: CurrentProcess.now)
    sample.gaps = scope.facts.gaps
    var survey = ListenerSurvey(scope.survey, listsWaiting: false)
    try survey.findListeners(gaps: &sample.gaps)
    let filterNeedsOwners = scope.filter.collected.contains(.owners)
    if filterNeedsOwners { findOwners(of: survey.inodes, scope, at: moment) }
    if !scope.filter.isEmpty { survey.keep { scope.filter.matches($0, scope.facts) } }
    let listeners = try count(&survey, &sample, counts: counts)
    if !filterNeedsOwners {
      findOwners(of: listeners.map(\.socket.inode), scope, at: moment)
    }
    let drops = before
    sample.rows = listeners.map { ListenRow(listener: $0, rate: drops?.rate(of: $0, now: moment)) }
    before = DropCounts(listeners, at: moment)
    for gap in countGaps + ownerGaps where !sample.gaps.contains(gap) { sample.gaps.append(gap) }
    let isOwned = sample.rows.allSatisfy {
      !scope.facts.owners(of: $0.listener.socket).isEmpty
    }
    if isOwned { sample.gaps.setMoot(.owners) }
    sample.ownerAge = owning.age(at: moment)
    return sample
  }

  /// The listeners, with what their connections say now or said when they were counted last.
  private mutating func count(
    _ survey: inout ListenerSurvey, _ sample: inout ListenersSample, counts: Bool
  ) throws(KernelError) -> [Listener] {
    let isDue = counts && counting.isDue(at: sample.moment)
    if isDue {
      let start = CurrentProcess.processorTime
      countGaps = []
      try survey.countConnections(gaps: &countGaps)
      counting.sampled(at: sample.moment, cost: CurrentProcess.processorTime - start)
    }
    var listeners = survey.concluded(gaps: &sample.gaps)
    sample.countAge = counting.age(at: sample.moment)
    if isDue {
      counted = Dictionary(listeners.map { ($0.key, $0) }) { first, _ in first }
    } else {
      for index in listeners.indices {
        listeners[index].takeCounts(of: counted[listeners[index].key])
      }
    }
    return listeners
  }

  /// Walks the processes when it is time; for sockets that were not there before four times as often.
  private mutating func findOwners(of inodes: [UInt32], _ scope: WatchScope, at moment: UInt64) {
    let inodes = inodes + clients
    let isNew = !owned.isSuperset(of: inodes)
    guard owning.isDue(at: moment) || (isNew && owning.isDue(at: moment, urgently: 4)) else {
      return
    }
    let start = CurrentProcess.processorTime
    ownerGaps = []
    scope.facts.collectOwners(of: inodes, gaps: &ownerGaps)
    owned = Set(inodes)
    owning.sampled(at: moment, cost: CurrentProcess.processorTime - start)
  }

  /// The clients that wait get names as well, from now on.
  mutating func name(
    clients inodes: [UInt32], of sample: ListenersSample, _ scope: WatchScope, at moment: UInt64
  ) {
    clients = inodes
    guard !inodes.isEmpty else { return }
    findOwners(of: sample.rows.map(\.socket.inode), scope, at: moment)
  }
}

/// All listeners at one moment, as far as they were read.
struct ListenersSample {
  /// Of the steady clock, in milliseconds, and since 1970.
  var moment: UInt64 = 0
  var time: UInt64 = 0
  var rows: [ListenRow] = []
  var gaps: [Gap] = []
  /// How old the figures are that come from connections: ages, who hung up, accepted, SYN queue.
  /// nil when they were never counted, or need not be.
  var countAge: UInt64?
  /// How old is what is known of owners.
  var ownerAge: UInt64?

  func row(_ key: ListenerKey) -> ListenRow? { rows.first { $0.listener.key == key } }
}

extension Listener {
  /// Takes over what was counted in an earlier sample; what has no meaning any more is left behind.
  mutating func takeCounts(of earlier: Listener?) {
    guard socket.netid == .tcp else { return }
    connections = earlier?.connections
    synQueue = earlier?.synQueue
    guard acceptQueue?.length != 0 else { return }
    acceptQueue?.oldest = earlier?.acceptQueue?.oldest
    acceptQueue?.median = earlier?.acceptQueue?.median
    acceptQueue?.ninetieth = earlier?.acceptQueue?.ninetieth
    acceptQueue?.abandoned = earlier?.acceptQueue?.abandoned
    acceptQueue?.unreadBytes = earlier?.acceptQueue?.unreadBytes
  }
}

/// What tells a listener from all others as long as it lives: the kernel's cookie, or where the
/// source has none, its inode.
struct ListenerKey: Hashable, Sendable {
  private let isCookie: Bool
  private let number: UInt64
  private let namespace: UInt32

  init(_ socket: borrowing Socket) {
    isCookie = socket.cookie != nil
    number = socket.cookie ?? UInt64(socket.inode)
    namespace = socket.namespace
  }
}

extension Listener {
  var key: ListenerKey { ListenerKey(socket) }
}
