/// The rows of one table on their way to the sink: decoded, filtered, each socket once.
struct ProcSourceRows {
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
      if paths[socket.path] == 1 { socket.receiveQueue = waiting[socket.path ?? []] ?? 0 }
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
