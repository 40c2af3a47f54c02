import ProcNet

/// How many sockets there are of each kind, in each state, in each family: counted, not taken
/// from `/proc/net/sockstat`, whose arithmetic misses states.
struct Summary {
  struct Line {
    let netid: Netid
    let state: SocketState
    var total = 0
    var inet = 0
    var inet6 = 0
    /// TCP: how many of them wait in an accept queue, and how many have no program any more.
    var queued = 0
    var orphans = 0
  }

  private var lines: [Key: Line] = [:]

  private struct Key: Hashable {
    let netid: Netid
    let state: SocketState
  }

  mutating func count(_ socket: borrowing Socket, _ standing: Ownership) {
    let key = Key(netid: socket.netid, state: socket.state)
    var line = lines[key] ?? Line(netid: socket.netid, state: socket.state)
    line.total += 1
    if socket.family == .inet { line.inet += 1 }
    if socket.family == .inet6 { line.inet6 += 1 }
    if standing == .queued { line.queued += 1 }
    if standing == .orphan { line.orphans += 1 }
    lines[key] = line
  }

  var total: Int { lines.values.reduce(0) { $0 + $1.total } }

  /// TCP first, then UDP, raw, unix, packet; within a kind the kernel's order of states.
  var ordered: [Line] {
    lines.values.sorted { left, right in
      left.netid == right.netid
        ? left.state.rawValue < right.state.rawValue
        : left.netid.rawValue > right.netid.rawValue
    }
  }
}
