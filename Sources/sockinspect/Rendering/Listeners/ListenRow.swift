import ProcNet

/// A listener on its way to a report.
struct ListenRow {
  let listener: Listener
  /// With `--interval`: what was dropped between two looks; nil for a listener that was not there
  /// at the first.
  var rate: DropRate?

  var socket: Socket { listener.socket }
  var queue: AcceptQueue? { listener.acceptQueue }
  var isFull: Bool { queue?.isFull ?? false }

  /// Used part of what fits, in thousandths: connections of an accept queue, which takes one more
  /// than its limit; of UDP the memory of what was not read.
  var fill: UInt64? {
    if let queue {
      guard let length = queue.length, let limit = queue.limit else { return nil }
      return Self.share(length, of: UInt64(limit) + 1)
    }
    guard let memory = socket.details?.memory, memory.receiveLimit > 0 else { return nil }
    return Self.share(memory.receiveAllocated, of: UInt64(memory.receiveLimit))
  }

  /// Thousandths, rounded up so that little is not nothing.
  private static func share(_ part: UInt32, of whole: UInt64) -> UInt64 {
    (UInt64(part) * 1000 + whole - 1) / whole
  }

  /// Waiting connections that have no row: their clients reset them.
  var withoutRow: Int {
    guard listener.shards == 1, socket.netid == .tcp else { return 0 }
    return max(0, Int(queue?.length ?? 0) - listener.waiting.count)
  }
}

/// How many drops there were in how many milliseconds.
struct DropRate: Sendable, Hashable {
  var drops: UInt32
  var interval: UInt64

  /// Drops in ten seconds, rounded.
  var tenthsPerSecond: UInt64 {
    let length = max(interval, 1)
    return (UInt64(drops) * 10_000 + length / 2) / length
  }
}
