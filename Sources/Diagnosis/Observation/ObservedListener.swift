import ProcNet

/// A listener over all samples.
public struct ObservedListener: Sendable {
  /// As it was in the last sample; where connections wait, with each of them.
  public var listener: Listener
  /// How many waited in each sample.
  public var lengths: [UInt32]
  /// Of those that waited in the first sample: how many still do, and how many were taken since.
  public var stillWaiting = 0
  public var taken = 0
  /// Whether single connections can be distinguished; not where the kernel has no row for any.
  public var knowsWaiting = false
  /// Drops between the first sample and the last; nil where they are not counted.
  public var newDrops: UInt32?
  /// Half-open connections in the last sample.
  public var handshakes = 0
  public var owners: [Owner] = []
  /// Its possible owners, where the real one cannot be seen; nil where it can.
  public var hiddenOwner: HiddenOwner?
  /// Milliseconds between the first sample and the last; nil when there was only one.
  public var span: UInt64?

  public init(_ listener: Listener) {
    self.listener = listener
    lengths = [listener.acceptQueue?.length ?? 0]
  }

  public var socket: Socket { listener.socket }
  public var name: SocketName { SocketName(listener.socket) }
  public var length: UInt32 { lengths.last ?? 0 }
  public var limit: UInt32? { listener.acceptQueue?.limit }
  /// Full in every sample.
  public var isFull: Bool {
    guard let limit else { return false }
    return lengths.allSatisfy { $0 > limit }
  }
  public var isFullNow: Bool { limit.map { length > $0 } ?? false }

  /// Its accept queue had room in every sample, and nothing was dropped meanwhile; false where the
  /// limit is not known.
  var hadRoom: Bool {
    guard let limit else { return false }
    return lengths.allSatisfy { $0 <= limit } && (newDrops ?? 0) == 0
  }

  /// Connections waited in every sample, and one of the first sample still waits in the last: the
  /// queue does not drain.
  public var isStuck: Bool {
    guard lengths.allSatisfy({ $0 > 0 }) else { return false }
    if span == nil { return (listener.acceptQueue?.oldest ?? 0) >= Self.patience }
    return knowsWaiting ? stillWaiting > 0 : true
  }

  /// Something waited in every sample, and nothing tells for how long, whether it is the same or
  /// how much fits: a queue that moves and one that does not look alike.
  var isUnclear: Bool {
    span != nil && limit == nil && !knowsWaiting && lengths.allSatisfy { $0 > 0 }
      && listener.acceptQueue?.oldest == nil
  }

  /// Nothing was accepted between the samples.
  public var standsStill: Bool { isStuck && taken == 0 }

  /// Milliseconds that a connection may wait before a single sample calls it stuck: a burst on a
  /// busy host is over sooner.
  public static let patience: UInt32 = 1000

  /// Something is wrong with it that the threads behind it may explain.
  var needsExplaining: Bool { isStuck || isFullNow || (newDrops ?? 0) > 0 }
}

/// Puts together what the samples say of each listener.
struct ListenerObserver {
  let host: HostObservation
  let middle: Sample
  private let places: ListenerLookup

  init(_ host: HostObservation, middle: Sample) {
    self.host = host
    self.middle = middle
    var places = ListenerLookup()
    for (number, listener) in host.last.listeners.enumerated() {
      places.insert(listener.socket, number)
    }
    self.places = places
  }

  func read() -> [ObservedListener] {
    var cases = host.last.listeners.map(ObservedListener.init)
    let samples = [host.first, middle].map(\.listenersByInode)
    for number in cases.indices {
      let inode = cases[number].socket.inode
      cases[number].span = host.span
      cases[number].owners = host.holders(of: inode)
      guard host.span != nil else { continue }
      cases[number].lengths =
        samples.map { $0[inode]?.acceptQueue?.length ?? 0 } + cases[number].lengths
      cases[number].newDrops = drops(samples[0][inode], cases[number].listener)
    }
    countHandshakes(&cases)
    compareQueues(&cases)
    takeUnixQueues(&cases, samples[0])
    return cases
  }

  /// The kernel's counter wraps. At a listener it also counts segments that were merely set aside
  /// (the bare ACK of each handshake with TCP_DEFER_ACCEPT): drops are at most as many as the
  /// namespace counts.
  private func drops(_ before: Listener?, _ now: Listener) -> UInt32? {
    guard let old = before?.drops, let new = now.drops else { return nil }
    let rise = new &- old
    guard now.socket.netid == .tcp,
      let counted = host.last.counters.rise(
        of: "TcpExt", "ListenDrops", since: host.first.counters, in: now.socket.namespace)
    else { return rise }
    return min(rise, UInt32(clamping: counted))
  }

  /// Of shards all are counted with the first.
  private func countHandshakes(_ cases: inout [ObservedListener]) {
    for number in cases.indices where cases[number].socket.netid == .tcp {
      guard cases[number].listener.shard == 0 else { continue }
      let port = SocketCounts.Port(cases[number].socket)
      cases[number].handshakes = host.last.census.handshakes[port] ?? 0
    }
  }

  /// Which connections waited in the first sample, and what became of them. Rows do not say at
  /// which shard they wait: what waits at one may wait at each.
  private func compareQueues(_ cases: inout [ObservedListener]) {
    var queues: [Int: Waited] = [:]
    for (key, socket) in host.first.notable where socket.inode == 0 {
      guard let number = places.listener(of: socket) else { continue }
      let isWaiting = host.last.notable[key]?.inode == 0
      queues[number, default: Waited()].still += isWaiting ? 1 : 0
      queues[number, default: Waited()].taken += isWaiting ? 0 : 1
    }
    let shards = Dictionary(grouping: cases.indices) { ShardAddress(of: cases[$0].socket) }
    for (number, waited) in queues {
      let listener = cases[number].listener
      let isShared = listener.shards > 1
      for shard in isShared ? shards[ShardAddress(of: listener.socket)] ?? [] : [number] {
        cases[shard].knowsWaiting = true
        cases[shard].stillWaiting += waited.still
        cases[shard].taken += waited.taken
      }
    }
  }

  /// Connections of the first sample that still wait, and that do not any more.
  private struct Waited {
    var still = 0
    var taken = 0
  }

  /// unix: the kernel names the waiting clients.
  private func takeUnixQueues(
    _ cases: inout [ObservedListener], _ before: [UInt32: Listener]
  ) {
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

/// The half-open connections of a listener, and what the kernel did about them meanwhile.
struct SynQueue {
  let length: Int
  /// The same at the first sample.
  private let lengthBefore: Int
  /// nil where neither the listener's limit nor the settings are known.
  let limit: Int64?
  /// 0 off, 1 when the queue is full, 2 always; nil where it is not known.
  let cookies: Int64?
  /// Counted in the namespace since the first sample; nil where it is not known.
  let cookiesSent: Int64?
  let requestDrops: Int64?
  let listenDrops: Int64?
  private let acceptQueueHasRoom: Bool

  init(_ listener: ObservedListener, _ host: HostObservation) {
    let namespace = listener.socket.namespace
    func rise(_ name: String) -> Int64? {
      guard host.span != nil else { return nil }
      return host.last.counters.rise(
        of: "TcpExt", name, since: host.first.counters, in: namespace)
    }
    let settings = host.settings[namespace]
    length = listener.handshakes
    lengthBefore = host.first.census.handshakes[SocketCounts.Port(listener.socket)] ?? 0
    let cookies = settings?.synCookies
    self.cookies = cookies
    cookiesSent = rise("SyncookiesSent")
    requestDrops = rise("TCPReqQFullDrop")
    listenDrops = rise("ListenDrops")
    // Without cookies the kernel reserves a quarter of the host-wide limit for peers that it knows.
    // With cookies that limit does not apply.
    let host = cookies == 0 ? settings?.mostSynBacklog.map { $0 - $0 / 4 } : nil
    limit = [listener.limit.map(Int64.init), host].compactMap { $0 }.min()
    acceptQueueHasRoom = !listener.isFullNow
  }

  /// Per cent of the limit at which rising counters are blamed on this listener: under a flood the
  /// queue is full, and only requests that end at this moment make room.
  static let share: Int64 = 75

  private var isCrowded: Bool {
    guard let limit, length > 0 else { return false }
    return Int64(length) *| 100 >= limit *| Self.share
  }

  /// The kernel answered with cookies since there was no room. With cookies 2 it always does.
  var usesCookies: Bool {
    guard acceptQueueHasRoom else { return false }
    return (isCrowded && cookies != 2 && (cookiesSent ?? 0) > 0) || (isOver && cookies != 0)
  }

  /// More handshakes wait than it has room for, in both samples: a state, whatever the counters do
  /// meanwhile.
  private var isOver: Bool {
    guard let limit else { return false }
    return Int64(length) > limit && Int64(lengthBefore) > limit
  }

  /// Requests were dropped because of the SYN queue, not because of the accept queue.
  var dropsRequests: Bool {
    guard isCrowded, acceptQueueHasRoom else { return false }
    return (requestDrops ?? 0) > 0 || (cookies == 0 && ((listenDrops ?? 0) > 0 || isOver))
  }

  var isUnderPressure: Bool { usesCookies || dropsRequests }
}

/// The possible owners of a listener whose owner cannot be seen: what any user may read points to
/// a user and a cgroup, and to the processes there.
public struct HiddenOwner: Sendable {
  public var uid: UInt32?
  public var user: [UInt8]?
  /// Below the mount; nil for the root and for groups out of view.
  public var group: [UInt8]?
  public var candidates: [Candidate]

  public struct Candidate: Sendable {
    public var process: ProcessName
    public var state: UInt8
    public var isFrozen: Bool

    /// Stopped, traced or frozen: it serves no client.
    public var isHalted: Bool {
      isFrozen || state == UInt8(ascii: "T") || state == UInt8(ascii: "t")
    }
  }

  public var halted: [Candidate] { candidates.filter(\.isHalted) }

  /// The owner is almost certainly one of these: they are a service's own cgroup, and none of them
  /// can run.
  public var isHaltedAsAWhole: Bool {
    group != nil && !candidates.isEmpty && candidates.allSatisfy(\.isHalted)
  }

  /// More candidates than these narrow nothing down.
  static let mostNamed = 8
}

/// Finds the processes that may own a listener whose owner cannot be seen.
///
/// Costs three small files per process, and is done only when such a listener is in trouble.
struct HiddenOwnerSearch {
  private let processes: [Known]
  private let groups: Cgroups
  private let users: Users

  private struct Known {
    var candidate: HiddenOwner.Candidate
    var uid: UInt32?
    var group: [UInt8]?
  }

  init(_ host: HostProcesses, through kernel: any Kernel) {
    let probe = ProcessProbe(through: kernel)
    groups = Cgroups(through: kernel)
    users = Users(through: kernel)
    processes = host.processes.compactMap { stat in
      guard Self.isDenied(stat.process, kernel),
        let found = probe.probe(stat.process, wanting: .controlGroup)
      else { return nil }
      let candidate = HiddenOwner.Candidate(
        process: ProcessName(process: stat.process, command: stat.command), state: stat.state,
        isFrozen: found.isFrozen == true)
      return Known(candidate: candidate, uid: found.uid, group: found.controlGroup)
    }
  }

  /// nil when all processes can be read.
  ///
  /// - Parameter hidesProcesses: There are processes that are not even listed.
  func holder(of listener: borrowing Socket, hidesProcesses: Bool) -> HiddenOwner? {
    guard !processes.isEmpty || hidesProcesses else { return nil }
    let path = listener.details?.cgroupID.flatMap { groups.path(of: $0) }
    let group = path == [UInt8(ascii: "/")] ? nil : path
    let uid = listener.uid
    let found = processes.filter { known in
      group.map { known.group == $0 } ?? (uid == nil || known.uid == uid)
    }
    return HiddenOwner(
      uid: uid, user: uid.flatMap { users.name(of: $0) }, group: group,
      candidates: found.map(\.candidate))
  }

  private static func isDenied(_ process: Int32, _ kernel: any Kernel) -> Bool {
    do throws(KernelError) {
      try kernel.walkDescriptors(ofProcess: process) { _, _ in }
      return false
    } catch {
      return error.isDenied
    }
  }
}
