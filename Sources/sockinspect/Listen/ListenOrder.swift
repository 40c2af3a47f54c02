import ProcNet

/// A listener on its way to a report.
struct ListenRow {
  let listener: Listener
  /// With `--interval`: what was dropped between two looks; nil for a listener that was not there
  /// at the first.
  var rate: EventRate?

  var socket: Socket { listener.socket }
  var queue: AcceptQueue? { listener.acceptQueue }
  var isFull: Bool { queue?.isFull ?? false }
  /// It dropped something within the interval.
  var isDropping: Bool { (rate?.events ?? 0) > 0 }

  /// Used part of what fits, in thousandths: connections of an accept queue, which takes one more
  /// than its limit; of UDP the memory of what was not read.
  var fill: UInt64? {
    if let queue { return queue.fill?.thousandths }
    guard let memory = socket.details?.memory else { return nil }
    return Share(memory.receiveAllocated, of: UInt64(memory.receiveLimit))?.thousandths
  }

  /// Waiting connections that have no row: their clients reset them.
  var withoutRow: Int {
    guard listener.shards == 1, socket.netid == .tcp else { return 0 }
    return max(0, Int(queue?.length ?? 0) - listener.waiting.count)
  }
}

/// What listeners had dropped at a moment; the kernel's cookie tells which is which later.
struct DropCounts {
  private var drops: [UInt64: UInt32] = [:]
  private let time: UInt64

  init(_ listeners: [Listener], at time: UInt64) {
    self.time = time
    for listener in listeners {
      if let cookie = listener.socket.cookie { drops[cookie] = listener.drops }
    }
  }

  /// What was dropped since; nil for a listener that was not there, or does not tell.
  func rate(of listener: Listener, now: UInt64) -> EventRate? {
    guard let cookie = listener.socket.cookie, let before = drops[cookie],
      let after = listener.drops
    else { return nil }
    // The kernel's counter wraps.
    return EventRate(events: UInt64(after &- before), interval: max(now &- time, 1))
  }
}

/// The order of trouble: what refuses clients now, what is about to, what drops, who waits longest.
struct ListenOrder: Comparable {
  private let keys: [UInt64]

  init(_ row: ListenRow) {
    let fill = row.fill ?? 0
    let drops = UInt64(row.listener.drops ?? 0)
    keys = [
      row.isFull ? 1 : 0,
      row.rate?.events ?? 0,
      fill >= 700 ? fill : 0,
      UInt64(row.queue?.oldest ?? 0),
      UInt64(row.queue?.length ?? 0),
      drops,
    ]
  }

  static func < (left: ListenOrder, right: ListenOrder) -> Bool {
    left.keys.lexicographicallyPrecedes(right.keys)
  }

  /// Worst first; shards of one address stand together, where the worst of them belongs. Equals
  /// stay in the kernel's order.
  static func sorted(_ rows: [ListenRow]) -> [ListenRow] {
    var groups: [[ListenRow]] = []
    var places: [Group: Int] = [:]
    for row in rows {
      let group = Group(row.socket)
      if row.listener.shards > 1, let place = places[group] {
        groups[place].append(row)
      } else {
        places[group] = groups.count
        groups.append([row])
      }
    }
    let ordered = groups.map { stably($0) { ListenOrder($0) } }
    return stably(ordered) { $0.first.map { ListenOrder($0) } }.flatMap { $0 }
  }

  /// What shards share.
  private struct Group: Hashable {
    let namespace: UInt32
    let interface: UInt32
    let local: Endpoint
    let family: AddressFamily
    let netid: Netid

    init(_ socket: Socket) {
      namespace = socket.namespace
      interface = socket.interface
      local = socket.local
      family = socket.family
      netid = socket.netid
    }
  }

  private static func stably<Item, Rank: Comparable>(
    _ items: [Item], _ key: (Item) -> Rank?
  ) -> [Item] {
    let keyed = items.enumerated().map {
      (position: $0.offset, item: $0.element, key: key($0.element))
    }
    return keyed.sorted { left, right in
      guard let one = left.key, let two = right.key, one != two else {
        return left.position < right.position
      }
      return two < one
    }.map(\.item)
  }
}
