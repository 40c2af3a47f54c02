import Diagnosis
import ProcNet

/// The order of trouble: what refuses clients now, what is about to, what drops, who waits longest.
struct ListenOrder: Comparable {
  private let keys: [UInt64]

  init(_ row: ListenRow) {
    let drops = UInt64(row.listener.drops ?? 0)
    keys = [
      row.isFull ? 1 : 0,
      row.rate?.events ?? 0,
      row.isFilling ? row.thousandths ?? 0 : 0,
      row.leaksConnections ? UInt64(row.closeWaits) : 0,
      UInt64(row.leftUnread),
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
    var places: [ShardAddress: Int] = [:]
    for row in rows {
      let group = ShardAddress(of: row.socket)
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

  /// What was dropped since; nil for a listener that was not there, or has no count.
  func rate(of listener: Listener, now: UInt64) -> EventRate? {
    guard let cookie = listener.socket.cookie, let before = drops[cookie],
      let after = listener.drops
    else { return nil }
    // The kernel's counter wraps.
    return EventRate(events: UInt64(after &- before), interval: max(now &- time, 1))
  }
}

/// One sentence for people: whether anything is wrong with the listeners shown.
struct ListenVerdict {
  private let rows: [ListenRow]

  init(_ rows: [ListenRow]) { self.rows = rows }

  var tone: Palette.Tone {
    if rows.contains(where: { $0.isFull || $0.isDropping }) { return .alarm }
    let needsCare = rows.contains { $0.isFilling || $0.leaksConnections || $0.leftUnread > 0 }
    return needsCare || abandoned > 0 ? .attention : .good
  }

  /// `12 listeners: 1 is full; 6 connections wait, the longest for 2.8s; 2 clients hung up`.
  var text: String {
    var parts = [fullness]
    if waiting > 0 { parts.append(waitingText) }
    if abandoned > 0 { parts.append("\(Self.counted(abandoned, "client")) hung up") }
    parts += [leaks, unread, drops].compactMap { $0 }
    return "\(Self.counted(rows.count, "listener")): \(parts.joined(separator: "; "))"
  }

  private var fullness: String {
    let full = rows.filter(\.isFull).count
    if full > 0 { return "\(full) \(full == 1 ? "is" : "are") full" }
    let filling = rows.filter { $0.isFilling }.count
    if filling > 0 { return "\(filling) \(filling == 1 ? "is" : "are") nearly full" }
    let unknown = rows.contains { $0.queue != nil && $0.queue?.isFull == nil }
    if unknown { return waiting == 0 ? "nothing waits" : "limits are not known" }
    return waiting == 0 ? "nothing waits" : "none is full"
  }

  private var waiting: Int { rows.reduce(0) { $0 + Int($1.queue?.length ?? 0) } }
  private var abandoned: Int { rows.reduce(0) { $0 + ($1.queue?.abandoned ?? 0) } }

  private var waitingText: String {
    let verb = waiting == 1 ? "waits" : "wait"
    let oldest = rows.compactMap { $0.queue?.oldest }.max()
    let age = oldest.map { ", the longest for \(Phrase.duration($0))" } ?? ""
    return "\(Self.counted(waiting, "connection")) \(verb)\(age)"
  }

  /// Rising ones where two samples were taken, else those of the past.
  private var drops: String? {
    if rows.contains(where: { $0.rate != nil }) {
      let rising = rows.count(where: \.isDropping)
      return rising == 0 ? "no drops meanwhile" : "drops rise at \(rising)"
    }
    let dropped = rows.filter { ($0.listener.drops ?? 0) > 0 }.count
    return dropped == 0 ? nil : "\(Self.counted(dropped, "listener")) dropped in the past"
  }

  /// Programs that have not closed what their clients closed.
  private var leaks: String? {
    let leaking = rows.filter(\.leaksConnections)
    guard !leaking.isEmpty else { return nil }
    let count = leaking.reduce(0) { $0 + $1.closeWaits }
    return "\(Self.counted(count, "connection")) in CLOSE-WAIT at \(leaking.count)"
  }

  /// Programs that have not read what their clients sent.
  private var unread: String? {
    let unread = rows.filter { $0.leftUnread > 0 }
    guard !unread.isEmpty else { return nil }
    let count = unread.reduce(0) { $0 + $1.leftUnread }
    return "\(Self.counted(count, "connection")) left unread at \(unread.count)"
  }

  private static func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
