import ProcNet

/// Puts together what the looks say of each listener.
struct ListenerReading {
  let file: CaseFile
  let middle: Look
  private let places: ListenerPlaces

  init(_ file: CaseFile, middle: Look) {
    self.file = file
    self.middle = middle
    var places = ListenerPlaces()
    for (number, listener) in file.last.listeners.enumerated() {
      places.insert(listener.socket, number)
    }
    self.places = places
  }

  func read() -> [ListenerCase] {
    var cases = file.last.listeners.map(ListenerCase.init)
    let looks = [file.first, middle].map { look in
      Dictionary(look.listeners.map { ($0.socket.inode, $0) }, uniquingKeysWith: { one, _ in one })
    }
    for number in cases.indices {
      let inode = cases[number].socket.inode
      cases[number].span = file.span
      cases[number].owners = file.holders(of: inode)
      guard file.span != nil else { continue }
      cases[number].lengths =
        looks.map { $0[inode]?.acceptQueue?.length ?? 0 } + cases[number].lengths
      cases[number].newDrops = drops(looks[0][inode], cases[number].listener)
    }
    countHandshakes(&cases)
    compareQueues(&cases)
    return cases
  }

  /// The kernel's counter wraps.
  private func drops(_ before: Listener?, _ now: Listener) -> UInt32? {
    guard let old = before?.drops, let new = now.drops else { return nil }
    return new &- old
  }

  /// Of shards all are counted with the first.
  private func countHandshakes(_ cases: inout [ListenerCase]) {
    for number in cases.indices where cases[number].socket.netid == .tcp {
      let socket = cases[number].socket
      guard cases[number].listener.shard == 0 else { continue }
      let port = Census.Port(namespace: socket.namespace, port: socket.local.port)
      cases[number].handshakes = file.last.census.handshakes[port] ?? 0
    }
  }

  /// Which connections waited at the first look, and what became of them.
  private func compareQueues(_ cases: inout [ListenerCase]) {
    for (key, socket) in file.first.notable where socket.inode == 0 {
      guard let number = places.listener(of: socket) else { continue }
      let now = file.last.notable[key]
      for shard in cases.indices where isShard(cases[shard], of: cases[number]) {
        cases[shard].knowsWaiting = true
        if now?.inode == 0 { cases[shard].stillWaiting += 1 } else { cases[shard].taken += 1 }
      }
    }
    takeUnixQueues(&cases)
  }

  /// Rows do not say which of several shards they wait at: what waits at one may wait at each.
  private func isShard(_ one: ListenerCase, of other: ListenerCase) -> Bool {
    one.socket.inode == other.socket.inode
      || (other.listener.shards > 1 && one.socket.netid == .tcp
        && one.socket.local == other.socket.local
        && one.socket.namespace == other.socket.namespace)
  }

  /// unix: the kernel names the waiting clients.
  private func takeUnixQueues(_ cases: inout [ListenerCase]) {
    let before = Dictionary(
      file.first.listeners.map { ($0.socket.inode, $0) }, uniquingKeysWith: { one, _ in one })
    for number in cases.indices where cases[number].socket.netid.isUnix {
      guard let old = before[cases[number].socket.inode]?.socket.details?.waiting,
        let now = cases[number].socket.details?.waiting, !old.isEmpty
      else { continue }
      let still = Set(old).intersection(now).count
      cases[number].knowsWaiting = true
      cases[number].stillWaiting = still
      cases[number].taken = old.count - still
    }
  }
}

extension ListenerCase {
  /// Something is wrong with it that the threads behind it may explain.
  var needsExplaining: Bool { isStuck || isFullNow || (newDrops ?? 0) > 0 }
}
