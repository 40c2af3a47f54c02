import ProcNet

/// One listener in detail: who waits, what its owners are connected to, and what the threads do
/// that should serve.
struct ListenerDetails {
  let row: ListenRow
  let connections: OwnerConnections
  let threads: ThreadList
  let gaps: [Gap]
  /// Milliseconds of the steady clock.
  let moment: UInt64

  /// Inodes of the sockets at the other ends, as far as those are on this host.
  var opposites: [UInt32] {
    row.listener.waiting.compactMap(\.clientInode)
      + (connections.clients + connections.peers).compactMap(\.opposite)
  }
}

/// Samples one listener in detail again and again, at a bounded cost: it may have very many
/// connections.
struct DetailsWatch {
  private var pace: AdaptiveInterval
  private(set) var latest: ListenerDetails?

  /// - Parameter isRecorded: Every sample of a recording is read.
  init(isRecorded: Bool = false) { pace = AdaptiveInterval(share: isRecorded ? 0 : 200) }

  /// The next sample is taken at once, whatever it costs.
  mutating func forget() {
    pace.forget()
    latest = nil
  }

  /// Samples if it is time; another listener is due eight times as soon. The rates of drops are
  /// those of the list.
  mutating func sample(
    at row: ListenRow, _ scope: WatchScope, at moment: UInt64
  ) throws(KernelError) {
    let isOther = latest?.row.listener.key != row.listener.key
    if isOther { latest = nil }
    guard pace.isDue(at: moment) || (isOther && pace.isDue(at: moment, urgently: 8)) else {
      return
    }
    let start = CurrentProcess.processorTime
    var gaps: [Gap] = []
    let key = row.listener.key
    let found = try ListenerSurvey.survey(scope.survey, listsWaiting: true, gaps: &gaps) {
      ListenerKey($0) == key
    }
    guard let listener = found.first else { return forget() }
    let owners = scope.facts.owners(of: listener.socket)
    let descriptors = OwnerDescriptors(of: owners, through: scope.kernel)
    let connections = try OwnerConnections(
      of: listener, descriptors.sockets, scope, gaps: &gaps)
    latest = ListenerDetails(
      row: ListenRow(listener: listener, rate: row.rate), connections: connections,
      threads: ThreadList(of: owners, descriptors, through: scope.kernel), gaps: gaps,
      moment: moment)
    pace.sampled(at: moment, cost: CurrentProcess.processorTime - start)
  }
}

/// What the owners of a listener have open.
struct OwnerDescriptors {
  /// As `/proc/<pid>/fd` has it, `socket:[7]`; by descriptor, of each process.
  private var files: [Int32: [Int32: [UInt8]]] = [:]

  init(of owners: [Owner], through kernel: any Kernel) {
    for process in Set(owners.map(\.process)) {
      var found: [Int32: [UInt8]] = [:]
      // What is denied is not known, and what was visited is.
      try? kernel.walkDescriptors(ofProcess: process) { number, link in
        var bytes: [UInt8] = []
        for index in link.indices { bytes.append(link[index]) }
        found[number] = bytes
      }
      files[process] = found
    }
  }

  func file(at descriptor: Int32, of process: Int32) -> [UInt8]? { files[process]?[descriptor] }

  var sockets: Set<UInt32> { Set(files.values.flatMap { $0.values.compactMap(Self.socket) }) }

  /// The inode in `socket:[7]`; nil when it is something else.
  static func socket(_ file: [UInt8]) -> UInt32? {
    guard file.starts(with: "socket:[".utf8), file.last == UInt8(ascii: "]") else { return nil }
    return UInt32(String(decoding: file.dropFirst(8).dropLast(), as: UTF8.self))
  }
}

/// The connections of a listener's owners: of the clients that they have accepted there, and those
/// to other servers.
struct OwnerConnections {
  struct Connection {
    let socket: Socket
    /// Inode of the socket at the other end; nil when that is not on this host, or no process has
    /// it.
    let opposite: UInt32?
  }

  private(set) var clients: [Connection] = []
  private(set) var peers: [Connection] = []
  /// Listeners that they have besides this one, by inode.
  private(set) var otherListeners: [UInt32: Socket] = [:]
  /// Connections that were left out, since there are too many.
  private(set) var others = 0

  /// More would say no more.
  private static let most = 20_000

  /// There are none.
  init() {}

  /// What is asked for: in the pieces in which a recorded diagnosis has it.
  private static let queries: [(netids: NetidSet, states: StateSet)] = [
    (.tcp, .connected), (.unix, .connected), (.udp, .connected),
    ([.tcp, .unixStream, .unixSeqpacket], StateSet(.listen)),
  ]

  /// Lists all connections once, to find the other ends.
  ///
  /// - Parameter wanted: Inodes of the owners' sockets.
  init(
    of listener: Listener, _ wanted: Set<UInt32>, _ scope: WatchScope, gaps: inout [Gap]
  ) throws(KernelError) {
    guard !wanted.isEmpty else { return }
    var index = PeerIndex(spansNamespaces: scope.namespaces.count > 1)
    var found: [Socket] = []
    var left = 0
    let queries = scope.namespaces.flatMap { place in
      Self.queries.map { SocketQuery(netids: $0.netids, states: $0.states, namespace: place) }
    }
    for query in queries {
      var missing: [Gap] = []
      try scope.source.list(query, through: scope.kernel, gaps: &missing) {
        (socket) throws(KernelError) in
        index.insert(socket)
        guard wanted.contains(socket.inode) else { return }
        if found.count < Self.most { found.append(copy socket) } else { left += 1 }
      }
      for gap in missing where !gaps.contains(gap) { gaps.append(gap) }
    }
    others = left
    sort(found, listener.socket, index)
  }

  /// What came in has the address of a listener of theirs.
  private mutating func sort(_ found: [Socket], _ listener: Socket, _ index: PeerIndex) {
    for socket in found where socket.state == .listen && socket.inode != listener.inode {
      otherListeners[socket.inode] = socket
    }
    for socket in found where socket.state != .listen {
      let connection = Connection(socket: socket, opposite: index.inode(oppositeTo: socket))
      if Self.came(socket, to: listener) {
        clients.append(connection)
      } else if !otherListeners.values.contains(where: { Self.came(socket, to: $0) }) {
        peers.append(connection)
      }
    }
  }

  private static func came(_ socket: Socket, to listener: Socket) -> Bool {
    guard socket.netid == listener.netid, socket.namespace == listener.namespace else {
      return false
    }
    if socket.netid.isUnix { return socket.path != nil && socket.path == listener.path }
    return socket.netid == .tcp && socket.local.port == listener.local.port
  }
}

/// What the threads of a listener's owners are doing at one moment.
struct ThreadList {
  /// One thread, with what its call waits for.
  struct Thread: Hashable {
    let snapshot: ThreadSnapshot
    /// Where descriptors of its call lead, `socket:[7]`: of poll and select the first ones.
    let files: [Int32: [UInt8]]
  }

  private(set) var threads: [Thread] = []
  /// Threads that were left out, since there are too many.
  private(set) var others = 0
  /// Why the threads of an owner could not be listed.
  private(set) var failure: String?

  /// More is no list to read.
  private static let most = 200
  /// Descriptors of one call that have room on a line.
  static let mostAwaited = 2

  /// Threads whose system call is not for us to see.
  var denied: Int { threads.count { $0.snapshot.activity == .denied } }

  init(of owners: [Owner], _ descriptors: OwnerDescriptors, through kernel: any Kernel) {
    let probe = ProcessProbe(through: kernel)
    for process in Set(owners.map(\.process)).sorted() {
      let room = Self.most - threads.count
      guard let found = probe.probe(process, wanting: .threads, mostThreads: room),
        found.threadCount > 0
      else {
        failure = failure ?? Self.failure(of: process, kernel)
        continue
      }
      others += max(0, found.threadCount - room)
      threads += found.threads.map { thread in
        Thread(snapshot: thread, files: Self.files(thread, process, descriptors, kernel))
      }
    }
  }

  /// Why its threads cannot be listed; nil when it has ended.
  private static func failure(of process: Int32, _ kernel: any Kernel) -> String? {
    do throws(KernelError) {
      _ = try kernel.entries(of: "/proc/\(process)/task")
      return nil
    } catch {
      return error.isGone ? nil : error.reason
    }
  }

  /// One that was opened since the descriptors were listed is looked up.
  private static func files(
    _ thread: ThreadSnapshot, _ process: Int32, _ descriptors: OwnerDescriptors,
    _ kernel: any Kernel
  ) -> [Int32: [UInt8]] {
    (thread.call?.descriptors ?? []).prefix(mostAwaited).reduce(into: [:]) { files, awaited in
      files[awaited.number] =
        descriptors.file(at: awaited.number, of: process)
        ?? (try? kernel.link(at: "/proc/\(process)/fd/\(awaited.number)"))
    }
  }
}
