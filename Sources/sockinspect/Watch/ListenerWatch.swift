import ProcNet

/// Samples listeners again and again, at a bounded cost.
///
/// Listening sockets are few and asked for every time. Their connections can be very many, and
/// whose the listeners are takes a walk over all descriptors: both are sampled more
/// seldom the more they cost, and the sample says how old they are.
struct ListenerWatch {
  private var counting: AdaptiveInterval
  private var owning: AdaptiveInterval
  private var counted: [ListenerKey: Listener] = [:]
  private var owned: Set<UInt32> = []
  private var ownerGaps: [Gap] = []
  private var countGaps: [Gap] = []
  private var before: DropCounts?
  private var rises = RiseWatch()
  /// UDP receivers that are shown for the unread datagrams they have, or had a sample before: a
  /// queue that is sometimes empty must not make rows come and go.
  private var receivers: Set<ListenerKey> = []
  /// Sockets of clients and peers whose names are wanted, too.
  private var clients: [UInt32] = []

  /// - Parameter isRecorded: Every sample of a recording is read in full.
  init(isRecorded: Bool = false) {
    counting = AdaptiveInterval(share: isRecorded ? 0 : 200)
    owning = AdaptiveInterval(share: isRecorded ? 0 : 400)
  }

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
    var sample = ListenersSample(moment: moment, time: scope.time)
    sample.gaps = scope.facts.gaps
    var survey = ListenerSurvey(scope.survey, listsWaiting: false)
    try survey.findListeners(gaps: &sample.gaps)
    let selection = scope.arguments.selection
    chooseReceivers(&survey, selection)
    sample.total = survey.inodes.count
    let filterNeedsOwners = scope.filter.collected.contains(.owners)
    if filterNeedsOwners { findOwners(of: survey.inodes, scope, at: moment) }
    if !scope.filter.isEmpty {
      survey.keep { isShown($0, selection) && scope.filter.matches($0, scope.facts) }
    }
    let listeners = try count(&survey, &sample, counts: counts)
    if !filterNeedsOwners {
      findOwners(of: listeners.map(\.socket.inode), scope, at: moment)
    }
    let drops = before
    sample.rows = listeners.map { ListenRow(listener: $0, rate: drops?.rate(of: $0, now: moment)) }
    before = DropCounts(listeners, at: moment)
    rises.record(listeners, at: moment)
    sample.rises = rises.latest
    for gap in countGaps + ownerGaps where !sample.gaps.contains(gap) { sample.gaps.append(gap) }
    let isOwned = sample.rows.allSatisfy {
      !scope.facts.owners(of: $0.listener.socket).isEmpty
    }
    if isOwned { sample.gaps.setMoot(.owners) }
    sample.ownerAge = owning.age(at: moment)
    return sample
  }

  /// Leaves out UDP receivers as `listen` does, but those that have something unread.
  private mutating func chooseReceivers(
    _ survey: inout ListenerSurvey, _ selection: ListenSelection
  ) {
    var unread: Set<ListenerKey> = []
    let before = receivers
    survey.keep { socket in
      if selection.shows(Listener(socket: copy socket)) { return true }
      let key = ListenerKey(socket)
      guard (socket.unread ?? 0) > 0 || before.contains(key) else { return false }
      unread.insert(key)
      return true
    }
    receivers = unread
  }

  private func isShown(_ socket: borrowing Socket, _ selection: ListenSelection) -> Bool {
    selection.shows(Listener(socket: copy socket)) || receivers.contains(ListenerKey(socket))
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
  /// How many listeners there are, whether the filter matches them or not.
  var total = 0
  /// By how much accept queue and drops rise together, in tenths per second; below zero when the
  /// queue drains. Listeners without two samples are left out.
  var rises: [ListenerKey: Int64] = [:]
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

/// How fast the accept queues and drops of listeners rise, over the last ten seconds or so.
struct RiseWatch {
  private struct Reading {
    let time: UInt64
    /// nil where it is not known, and for sockets that have none.
    let length: UInt32?
    let drops: UInt32?
  }

  /// Milliseconds: shorter, and the order would change with every burst.
  private static let span: UInt64 = 10_000
  private var readings: [ListenerKey: [Reading]] = [:]

  mutating func record(_ listeners: [Listener], at moment: UInt64) {
    var kept: [ListenerKey: [Reading]] = [:]
    for listener in listeners {
      var own = readings[listener.key] ?? []
      while own.count > 1, moment &- own[1].time >= Self.span { own.removeFirst() }
      own.append(
        Reading(time: moment, length: listener.acceptQueue?.length, drops: listener.drops))
      kept[listener.key] = own
    }
    readings = kept
  }

  /// Connections (of UDP datagrams) in tenths per second; without those of which only one sample
  /// was taken.
  var latest: [ListenerKey: Int64] { readings.compactMapValues(Self.rise) }

  private static func rise(_ readings: [Reading]) -> Int64? {
    guard let first = readings.first, let last = readings.last, last.time > first.time else {
      return nil
    }
    var sum: Int64?
    if let before = first.length, let now = last.length { sum = Int64(now) - Int64(before) }
    // The kernel's counter wraps.
    if let before = first.drops, let now = last.drops { sum = (sum ?? 0) + Int64(now &- before) }
    return sum.map { $0 * 10_000 / Int64(clamping: last.time - first.time) }
  }
}

/// In which order listeners are shown.
struct WatchOrder: Sendable {
  enum Key: Sendable {
    /// Those in trouble first.
    case trouble
    /// Those whose accept queue or drops rise fastest first.
    case rise
    case column(Column<ListenRow>)
  }

  let key: Key
  /// Largest first.
  let isDescending: Bool

  static let trouble = WatchOrder(key: .trouble, isDescending: true)
  static let rise = WatchOrder(key: .rise, isDescending: true)

  private init(key: Key, isDescending: Bool) {
    (self.key, self.isDescending) = (key, isDescending)
  }

  /// As `--sort` takes it: a column, smallest first unless a `-` is before it; `trouble` and `rise`
  /// begin with the worst either way.
  init(named text: String) throws(UsageError) {
    let name = text.hasPrefix("-") ? String(text.dropFirst()) : text
    if let own = [Self.trouble, .rise].first(where: { $0.name == name }) {
      self = own
      return
    }
    do throws(UsageError) {
      let order = try ColumnSet.listeners.order(text)
      self.init(key: .column(order.column), isDescending: order.isDescending)
    } catch {
      let names = ColumnSet.listeners.all.map(\.name) + ["rise", "trouble"]
      throw UsageError(
        "unknown column", name, among: names, orElse: "watch --list-columns lists them all")
    }
  }

  /// What `s` goes through, an order of one's own first.
  static func cycle(_ own: WatchOrder?) -> [WatchOrder] {
    let columns = ["length", "oldest", "drops-per-s", "drops", "estab", "local"]
    let usual =
      [trouble, rise]
      + columns.compactMap { name in
        ColumnSet.listeners[name].map {
          WatchOrder(key: .column($0), isDescending: name != "local")
        }
      }
    guard let own else { return usual }
    return [own] + usual.filter { $0.name != own.name }
  }

  var name: String {
    switch key {
    case .trouble: "trouble"
    case .rise: "rise"
    case .column(let column): column.name
    }
  }

  /// Equals stay in the kernel's order, also when reversed, so that nothing dances.
  func sorted(
    _ sample: ListenersSample, isReversed: Bool, _ context: any SocketContext
  ) -> [ListenRow] {
    switch key {
    case .trouble:
      let sorted = ListenOrder.sorted(sample.rows)
      return isReversed ? sorted.reversed() : sorted
    case .rise: return Self.byRise(sample, isReversed: isReversed)
    case .column(let column):
      return RowOrder(column: column, isDescending: isDescending != isReversed)
        .sorted(sample.rows, context)
    }
  }

  /// Of those that rise alike the ones in trouble first; those that are not known last.
  private static func byRise(_ sample: ListenersSample, isReversed: Bool) -> [ListenRow] {
    let keyed = ListenOrder.sorted(sample.rows).enumerated().map {
      (position: $0.offset, row: $0.element, rise: sample.rises[$0.element.listener.key])
    }
    return keyed.sorted { left, right in
      guard left.rise != right.rise else { return left.position < right.position }
      guard let one = left.rise, let other = right.rise else { return left.rise != nil }
      return (one > other) != isReversed
    }.map(\.row)
  }
}
