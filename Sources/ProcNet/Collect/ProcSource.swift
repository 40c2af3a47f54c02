/// Sockets from the tables under `/proc/net`: for hosts where sock_diag is missing or forbidden.
///
/// The tables know less than sock_diag: no limits of accept queues, no cookies, no `tcp_info`; of
/// unix sockets only how many connections wait at a listener, by the rows of their ends.
public struct ProcSource: SocketSource {
  /// Reads `NetworkNamespace.tables` of each query.
  public init() {}

  /// Reads the tables that the query asks for; a namespace in which no process lives has none.
  public func list(
    _ query: SocketQuery, through kernel: any Kernel, gaps: inout [Gap],
    _ sink: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    guard let folder = query.namespace.tables else {
      let gap = Self.noTables(query)
      if !gaps.contains(gap) { gaps.append(gap) }
      return
    }
    var listing = Listing(query: query, folder: folder, kernel: kernel)
    for table in ProcSourceTable.allCases where table.isWanted(by: query) {
      try listing.read(table, sink)
    }
    listing.conclude()
    // A source that falls back on this one table by table would have the same gap twice.
    for gap in listing.gaps where !gaps.contains(gap) { gaps.append(gap) }
  }

  private static func noTables(_ query: SocketQuery) -> Gap {
    let place = query.namespace
    let kinds = Netid.allCases.filter { query.netids.contains($0) }.map(\.name)
    return Gap(
      .sockets,
      missing: (query.netids == .all ? "" : kinds.joined(separator: ", ") + " ")
        + "sockets of network namespace \(place.name ?? String(place.inode))",
      reason: "they are read from /proc, and no process lives in it")
  }

  /// One listing under way, over all tables.
  private struct Listing {
    let query: SocketQuery
    let folder: String
    let kernel: any Kernel
    var gaps: [Gap] = []
    private var foundTable = false
    private var foundListener = false
    private var missingTCP: KernelError?

    init(query: SocketQuery, folder: String, kernel: any Kernel) {
      self.query = query
      self.folder = folder
      self.kernel = kernel
    }

    mutating func read(
      _ table: ProcSourceTable, _ sink: ProcSourceRows.Sink
    ) throws(KernelError) {
      let path = "\(folder)/\(table.rawValue)"
      var lines = LineReader()
      var rows = ProcSourceRows(table, query, kernel)
      do throws(KernelError) {
        try kernel.read(path) { (piece) throws(KernelError) in
          try lines.take(piece) { (line) throws(KernelError) in try rows.take(line, sink) }
        }
        try lines.finish { (line) throws(KernelError) in try rows.take(line, sink) }
      } catch {
        if let failure = rows.sinkFailure { throw failure }
        note(error, table, isBegun: rows.rows > 0)
      }
      try rows.finish(sink)
      try rows.passListeners(sink)
      note(rows, path, overlongLines: lines.overlongLines)
    }

    /// What is true of the listing as a whole.
    mutating func conclude() {
      if foundListener {
        gaps.append(
          Gap(
            .limits, missing: "accept queue limits",
            reason: "\(folder) does not have them", remedy: "sock_diag has them"))
      }
      if gaps.isEmpty, !foundTable || missingTCP != nil { checkFolder() }
    }

    /// A missing file is a protocol that this kernel does not have.
    private mutating func note(_ error: KernelError, _ table: ProcSourceTable, isBegun: Bool) {
      let path = "\(folder)/\(table.rawValue)"
      if error.isGone && !isBegun {
        if table == .tcp { missingTCP = KernelError("read", path, error.cause) }
        return
      }
      gaps.append(
        Gap(
          .sockets, missing: isBegun ? "the rest of \(path)" : path, reason: error.reason,
          remedy: kernel.remedy(for: error), isWholeTable: !isBegun))
    }

    private mutating func note(_ rows: ProcSourceRows, _ path: String, overlongLines: Int) {
      if rows.rows > 0 { foundTable = true }
      if rows.hasListener { foundListener = true }
      let bad = rows.badRows + overlongLines
      guard bad > 0 else { return }
      gaps.append(
        Gap(
          .sockets, missing: "\(Gap.count(bad, "row", "rows")) of \(path)",
          reason: "not in the form that is known"))
    }

    /// No socket anywhere: `dev` is in every namespace, so without it the process whose folder
    /// this was has ended, or the folder is not what it should be. TCP is in every kernel that
    /// this program is of use on.
    private mutating func checkFolder() {
      do throws(KernelError) {
        _ = try kernel.identity(of: "\(folder)/dev")
        guard let missing = missingTCP else { return }
        gaps.append(
          Gap(
            .sockets, missing: missing.subject, reason: missing.reason, isWholeTable: true))
      } catch {
        guard error.isGone else { return }
        gaps.append(
          Gap(
            .sockets, missing: "sockets of \(folder)", reason: error.reason,
            isWholeTable: !query.namespace.hasEnded(error)))
      }
    }
  }
}

/// The rows of one table on their way to the sink: decoded, filtered, each socket once.
private struct ProcSourceRows {
  private let table: ProcSourceTable
  private let query: SocketQuery
  private var seen = ProcSourceSeen()
  private var users: UnknownUsers
  /// A unix socket whose path may go on in the next line.
  private var pending: Socket?
  /// unix listeners, kept back until it is known how many connections wait at each.
  private var listeners: [Socket] = []
  /// Ends of connections that no program has yet, by the path of their listener.
  private var waiting: [[UInt8]: UInt32] = [:]

  private(set) var badRows = 0
  /// Rows understood, also those that nobody asked for.
  private(set) var rows = 0
  private(set) var hasListener = false
  /// What the sink threw; any other error comes from reading.
  private(set) var sinkFailure: KernelError?

  typealias Sink = (borrowing Socket) throws(KernelError) -> Void

  init(_ table: ProcSourceTable, _ query: SocketQuery, _ kernel: any Kernel) {
    self.table = table
    self.query = query
    users = UnknownUsers(through: kernel)
  }

  mutating func take(_ line: Span<UInt8>, _ sink: Sink) throws(KernelError) {
    guard let socket = table.decode(line, query.details) else { return takeOther(line) }
    rows += 1
    if table != .unix { return try pass(socket, sink) }
    try finish(sink)
    pending = socket
  }

  /// Passes on the last row.
  mutating func finish(_ sink: Sink) throws(KernelError) {
    guard let socket = pending.take() else { return }
    if let path = socket.path {
      if socket.state == .established, socket.inode == 0 { waiting[path, default: 0] &+= 1 }
      if socket.state == .listen { return listeners.append(socket) }
    }
    try pass(socket, sink)
  }

  /// Passes on the unix listeners, at the end of the table. What waits at one of two with the same
  /// path (a file that was removed and made anew) waits at either.
  mutating func passListeners(_ sink: Sink) throws(KernelError) {
    let paths = Dictionary(listeners.map { ($0.path, 1) }, uniquingKeysWith: +)
    for var socket in listeners {
      if paths[socket.path] == 1 {
        socket.queues = .accept(waiting: waiting[socket.path ?? []] ?? 0, limit: nil)
      }
      try pass(socket, sink)
    }
    listeners = []
  }

  /// A line that is no row: more of a path, the titles, or nothing we understand.
  private mutating func takeOther(_ line: Span<UInt8>) {
    if var socket = pending, ProcNetUnix.extend(&socket, with: line) {
      pending = socket
    } else if !table.isHeader(line) {
      badRows += 1
    }
  }

  private mutating func pass(_ socket: consuming Socket, _ sink: Sink) throws(KernelError) {
    guard query.netids.contains(socket.netid), isWanted(socket.state), seen.isFirst(socket)
    else { return }
    socket.namespace = query.namespace.inode
    users.clear(&socket)
    if socket.state == .listen { hasListener = true }
    do throws(KernelError) {
      try sink(socket)
    } catch {
      sinkFailure = error
      throw error
    }
  }

  /// A state that we have no name for has no bit to be asked for by; it belongs to "all".
  private func isWanted(_ state: SocketState) -> Bool {
    state.knownName == nil ? query.states.isSuperset(of: .all) : query.states.contains(state)
  }
}

/// The tables that `ProcSource` reads, in the order in which they are listed. The raw value is the
/// name of the file.
private enum ProcSourceTable: String, CaseIterable {
  case packet, unix, raw, raw6, udp, udp6, tcp, tcp6

  var netids: NetidSet {
    switch self {
    case .packet: .packet
    case .unix: .unix
    case .raw, .raw6: .raw
    case .udp, .udp6: .udp
    case .tcp, .tcp6: .tcp
    }
  }

  var family: AddressFamily {
    switch self {
    case .packet: .packet
    case .unix: .unix
    case .raw, .udp, .tcp: .inet
    case .raw6, .udp6, .tcp6: .inet6
    }
  }

  func isWanted(by query: SocketQuery) -> Bool {
    !query.netids.isDisjoint(with: netids) && query.families.contains(family)
  }

  func decode(_ line: Span<UInt8>, _ details: SocketQuery.Details) -> Socket? {
    switch self {
    case .packet: ProcNetPacket.decode(line: line)
    case .unix: ProcNetUnix.decode(line: line)
    case .raw, .raw6:
      ProcNetUDP.decode(
        line: line, netid: .raw, family: family, drops: details.contains(.memory))
    case .udp, .udp6:
      ProcNetUDP.decode(
        line: line, netid: .udp, family: family, drops: details.contains(.memory))
    case .tcp, .tcp6: ProcNetTCP.decode(line: line, family: family)
    }
  }

  func isHeader(_ line: Span<UInt8>) -> Bool {
    switch self {
    case .packet: ProcNetPacket.isHeader(line)
    case .unix: ProcNetUnix.isHeader(line)
    case .raw, .raw6, .udp, .udp6: ProcNetUDP.isHeader(line)
    case .tcp, .tcp6: ProcNetTCP.isHeader(line)
    }
  }
}

/// Remembers which sockets of one table were listed: the kernel can repeat a row where one page of
/// the file ends and the next begins, while sockets come and go.
///
/// A socket is known by its inode together with its ends: two may have the same inode, since the
/// kernel's 32-bit numbers begin anew. Both are kept as a hash under the process's own random seed,
/// so that 200,000 of them stay small; two that share a hash are a matter of one listing in a
/// thousand million. A unix socket without inode has nothing to be known by.
private struct ProcSourceSeen {
  private var sockets: Set<Int> = []

  /// Whether this is the socket's first row; remembers it.
  mutating func isFirst(_ socket: borrowing Socket) -> Bool {
    guard socket.inode != 0 || socket.netid.isInternet else { return true }
    var hasher = Hasher()
    hasher.combine(socket.inode)
    if socket.netid.isInternet {
      hasher.combine(socket.local)
      hasher.combine(socket.peer)
    } else {
      hasher.combine(socket.path)
    }
    return sockets.insert(hasher.finalize()).inserted
  }
}
