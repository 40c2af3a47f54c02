import ProcNet

/// The order of trouble: what refuses clients now, what is about to, what drops, who waits longest.
struct ListenOrder: Comparable {
  private let keys: [UInt64]

  init(_ row: ListenRow) {
    let fill = row.fill ?? 0
    let drops = UInt64(row.listener.drops ?? 0)
    keys = [
      row.isFull ? 1 : 0,
      UInt64(row.rate?.drops ?? 0),
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

  private static func stably<Item, Key: Comparable>(
    _ items: [Item], _ key: (Item) -> Key?
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
