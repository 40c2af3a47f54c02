import Diagnosis
import ProcNet

/// The part of the host that a diagnosis is about: sockets by a filter, or a process.
struct DiagnoseTarget {
  /// As it was typed.
  let words: String
  private let filter: Filter
  private let facts: HostFacts
  private let kernel: any Kernel
  private let places: [NetworkNamespace]
  private let source: any SocketSource
  /// The kernel's numbers of matching sockets, where the filter asks for details that the
  /// diagnosis itself does not read of every socket.
  private var cookies: Set<UInt64> = []
  private var found = false
  /// Not all tables could be searched.
  private var missesTables = false
  /// The tool's own namespace, where something listens at the port that is meant: then the same
  /// port elsewhere is not.
  private var here: UInt32?
  private var processes: Set<Int32> = []
  /// Why a diagnosis that finds nothing says nothing: the process's sockets may not be seen, or
  /// the place is not one of this host's.
  private(set) var blindness: String?

  /// The words match no socket and no process, as far as can be seen.
  struct Nothing: Error {
    var message: String
  }

  init(
    _ arguments: DiagnoseArguments, _ facts: HostFacts, _ session: Session,
    _ places: [NetworkNamespace]
  ) throws(UsageError) {
    words = arguments.words.joined(separator: " ")
    self.facts = facts
    self.places = places
    kernel = session.kernel
    source = session.source(arguments.common.source)
    filter = try arguments.forFilter.filter(facts, kernel)
  }

  var isWholeHost: Bool { filter.isEmpty }

  /// Where a server would listen that is meant; nil when the words name no single place.
  private var place: TargetEndpoint? { DiagnoseTargetEndpoint.read(filter) }

  /// The part that the diagnosis reads closely; nil for everything. Call `find` first.
  var focus: Diagnoser.Focus? {
    guard !isWholeHost else { return nil }
    return Diagnoser.Focus(processes: processes, place: place) {
      [filter, facts, cookies, here] socket in
      if let here, socket.namespace != here { return false }
      if let cookie = socket.cookie, cookies.contains(cookie) { return true }
      return filter.matches(socket, facts)
    }
  }

  /// Makes sure that the target exists.
  mutating func find(gaps: inout [Gap]) throws {
    guard !isWholeHost else { return }
    try facts.collect(filter.collected, from: source, .all, gaps: &gaps)
    try findSockets()
    let named = NamedProcesses(filter.expression, through: kernel)
    processes = Set(named.numbers)
    guard !found else { return }
    let complaint = named.complaint(
      words,
      isIncomplete: missesTables || !gaps.telling.isEmpty || !named.numbers.isEmpty)
    if place != nil {
      blindness = complaint
    } else if named.numbers.isEmpty {
      throw Nothing(message: complaint)
    } else if named.isDenied {
      blindness = complaint
    }
  }

  /// A recorded diagnosis holds the answers to its own questions, which were narrower.
  private var wanted: [StateSet] {
    let all = filter.states ?? .every
    let isRecorded = (kernel as? RecordedKernel)?.header.diagnosis != nil
    return isRecorded
      ? [.listening, .connected, StateSet(.boundInactive)].map { $0.intersection(all) } : [all]
  }

  private mutating func findSockets() throws(KernelError) {
    let remembers = !filter.collected.details.isEmpty
    var unread: [Gap] = []
    var (found, cookies) = (false, cookies)
    let queries = places.flatMap { place in
      wanted.filter { !$0.isEmpty }.map { query(place, $0) }
    }
    for query in queries {
      let progress = try source.visit(query, through: kernel, gaps: &unread) { socket in
        guard filter.matches(socket, facts) else { return .more }
        found = true
        if let cookie = socket.cookie { cookies.insert(cookie) }
        return remembers ? .more : .stop
      }
      if progress == .stop { break }
    }
    (self.found, self.cookies) = (found, cookies)
    missesTables = unread.contains(where: \.isWholeTable)
    try findHere()
  }

  private mutating func findHere() throws(KernelError) {
    guard case .port(let port)? = place, places.count > 1,
      let own = places.first(where: { $0.path == nil })
    else { return }
    var (ignored, listens) = ([Gap](), false)
    let listening = SocketQuery(netids: [.tcp, .udp], states: .listening, namespace: own)
    try source.list(listening, through: kernel, gaps: &ignored) { socket in
      if socket.local.port == port { listens = true }
    }
    if listens { here = own.inode }
  }

  private func query(_ place: NetworkNamespace, _ states: StateSet) -> SocketQuery {
    SocketQuery(
      netids: filter.netids ?? .all, families: filter.families ?? .all,
      states: states, details: filter.collected.details,
      program: filter.kernelProgram(), namespace: place)
  }
}

/// The place in the words of a target at which a server would listen: `:8080`, `10.0.0.1:8080`,
/// `sport = :8080`, `/run/x.sock`.
struct DiagnoseTargetEndpoint {
  private var ports: Set<UInt16> = []
  private var addresses: Set<IPAddress> = []
  private var paths: Set<[UInt8]> = []
  /// Something is asked for that no listener has, or that a place does not say.
  private var isMore = false
  /// A server's own end is spoken of, not only that of its clients.
  private var isOwnEnd = false

  /// nil when the words name no place, several of them, or more than a place.
  static func read(_ filter: Filter) -> TargetEndpoint? {
    var found = DiagnoseTargetEndpoint()
    found.collect(filter.expression, isSelector: filter.isSelector)
    guard !found.isMore, found.isOwnEnd else { return nil }
    if let path = found.paths.first {
      return found.paths.count == 1 && found.ports.isEmpty ? .path(path) : nil
    }
    guard found.ports.count == 1, let port = found.ports.first, found.addresses.count < 2 else {
      return nil
    }
    return found.addresses.first.map { .endpoint(Endpoint(address: $0, port: port)) }
      ?? .port(port)
  }

  /// What a selector means for either end is one place; other alternatives are several.
  private mutating func collect(_ expression: Expression, isSelector: Bool) {
    switch expression {
    case .all(let parts): for part in parts { collect(part, isSelector: isSelector) }
    case .any(let parts) where isSelector || parts.count == 1:
      for part in parts { collect(part, isSelector: isSelector) }
    case .any, .not: isMore = true
    case .holds(let predicate): collect(predicate)
    }
  }

  private mutating func collect(_ predicate: Predicate) {
    switch predicate {
    case .port(let end, .equal, let port):
      ports.insert(port)
      if end == .local { isOwnEnd = true }
    case .address(_, let pattern) where pattern.isWhole:
      if !pattern.address.isAny { addresses.insert(pattern.address) }
    case .exactPath(let path): take(path)
    case .path(.local, let glob) where !Glob.isPattern(glob.pattern): take(glob.pattern)
    case .states(let states) where states.contains(.listen): break
    default: isMore = true
    }
  }

  private mutating func take(_ path: [UInt8]) {
    paths.insert(path)
    isOwnEnd = true
  }
}
