import ProcNet

/// What was typed after `kill`.
struct KillArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  /// `--yes`.
  var isMeant = false
  /// `--dry-run`.
  var isDryRun = false
  var wantsHelp = false
  /// The words that are no options: the filter.
  var words: [String] = []

  /// How the filter is read: as `list` would.
  var forFilter: ListArguments { ListArguments(words: words) }
}

extension Option where Arguments == KillArguments {
  static var kill: [Option<KillArguments>] {
    [
      Option("y", "yes", help: "close them without asking") { $0.isMeant = true },
      Option(nil, "dry-run", help: "show what would be closed, and do not ask") {
        $0.isDryRun = true
      },
    ] + recording + [namespace, numeric, colour, help]
  }
}

/// `sockinspect kill FILTER`: closes sockets in the name of their programs: with `--yes`, or when a
/// person at a terminal says so.
struct KillCommand {
  private let arguments: KillArguments
  private let session: Session
  private let facts: HostFacts
  private let places: [NetworkNamespace]
  private let filter: Filter

  /// Runs the command and answers its exit status.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = KillArguments()
    let parser = OptionParser(command: "sockinspect kill", options: Option.kill)
    arguments.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("kill") }
    if arguments.isMeant, arguments.common.recording != nil {
      throw UsageError("--yes closes sockets of this host; those of a recording are gone")
    }
    if arguments.isMeant, arguments.isDryRun {
      throw UsageError("--yes closes them, --dry-run does not; give one of the two")
    }
    return try KillCommand(arguments).run()
  }

  private init(_ arguments: KillArguments) throws {
    self.arguments = arguments
    session = try Session(arguments.common)
    var gaps: [Gap] = []
    places = try session.places(arguments.common.namespace, gaps: &gaps)
    facts = HostFacts(kernel: session.kernel, places: places, gaps: gaps)
    filter = try arguments.forFilter.filter(facts, session.kernel)
    if filter.isEmpty {
      throw UsageError("kill takes a FILTER: which sockets to close, such as 'dport = :35628'")
    }
  }

  private func run() throws -> ExitStatus {
    var gaps = facts.gaps
    let found = try find(&gaps)
    if found.isEmpty,
      let complaint = NamedProcesses.complaint(
        filter, arguments.words, gaps, through: session.kernel)
    {
      throw complaint
    }
    facts.collectOwners(of: found.sockets.map(\.socket.inode), gaps: &gaps)
    var output = Output()
    let report = KillReport(
      found: found, colour: arguments.common.colour, facts: facts, decision: decision,
      showsNamespace: places.count > 1)
    report.write(&output.writer)
    try output.flush()
    try facts.concludeOwners(from: DiagSource(), gaps: &gaps)
    Notice.show(gaps)
    guard !found.sockets.isEmpty, try isWanted(found.sockets.count) else { return .done }
    return try close(found.sockets)
  }

  /// Who says whether to close what is shown.
  fileprivate enum Decision { case made, asked, none, recorded }

  private var decision: Decision {
    if arguments.isMeant { return .made }
    if arguments.common.recording != nil { return .recorded }
    let seesQuestion =
      OutputFile.standardOutput.isTerminal && CurrentProcess.inputIsTerminal
    return seesQuestion && !arguments.isDryRun ? .asked : .none
  }

  /// Asks where it is to be asked; whatever is not yes is no.
  private func isWanted(_ count: Int) throws(KernelError) -> Bool {
    guard decision == .asked else { return decision == .made }
    let what = count == 1 ? "this socket" : "these \(count) sockets"
    try OutputFile.standardOutput.write("Close \(what)? [y/N] ")
    let answer = (readLine() ?? "").lowercased().filter { $0 != " " }
    if answer == "y" || answer == "yes" { return true }
    try OutputFile.standardOutput.write("Nothing has been closed.\n")
    return false
  }

  /// Only what the filter matches, and of what does not belong to a conversation only what it
  /// names: `:8080` does not mean the listener.
  private func find(_ gaps: inout [Gap]) throws(KernelError) -> KillTargets {
    let needs = filter.collected.union(.ownership)
    try facts.collect(needs, from: DiagSource(), .all, gaps: &gaps)
    var found = KillTargets()
    let wanted = filter.states ?? .connected.subtracting(StateSet(.timeWait))
    let netids = filter.netids ?? NetidSet.unix.union(KillTargets.possible)
    for place in places {
      var query = SocketQuery(
        netids: netids.intersection(KillTargets.possible), families: filter.families ?? .all,
        states: filter.states ?? .all, details: filter.collected.details,
        program: filter.kernelProgram(), namespace: place)
      try list(query, &gaps) { found.add($0, in: place, wanted) }
      // The others are counted as far as they can be read: nobody asked to see them.
      var unread: [Gap] = []
      query.netids = netids.subtracting(KillTargets.possible)
      try list(query, &unread) { found.add($0, in: place, wanted) }
    }
    return found
  }

  private func list(
    _ query: SocketQuery, _ gaps: inout [Gap], _ use: (borrowing Socket) -> Void
  ) throws(KernelError) {
    guard !query.netids.isEmpty else { return }
    try DiagSource().list(query, through: session.kernel, gaps: &gaps) {
      (socket) throws(KernelError) in
      if filter.matches(socket, facts) { use(socket) }
    }
  }

  /// Closes the very sockets that were shown: the kernel compares its own number of each, so that
  /// one that has come in the place of another is left alone.
  private func close(_ sockets: [KillTargets.Target]) throws(KernelError) -> ExitStatus {
    var (closed, gone) = (0, 0)
    var failures: [String: Int] = [:]
    for target in sockets {
      do throws(KernelError) {
        try session.kernel.close(target.socket, in: target.place)
        closed += 1
      } catch {
        if error.isGoneSocket { gone += 1 } else { failures[Self.reason(error), default: 0] += 1 }
      }
    }
    let went = gone > 0 ? "; \(gone) had gone" : ""
    try OutputFile.standardOutput.write("Closed \(closed) of \(sockets.count)\(went).\n")
    for (reason, count) in failures.sorted(by: { $0.key < $1.key }) {
      Notice.show("\(DiagnosisReport.count(count, "socket")) not closed: \(reason)")
    }
    return failures.isEmpty ? .done : .failed
  }

  private static func reason(_ error: KernelError) -> String {
    if error.isDenied { return "\(error.reason); it needs CAP_NET_ADMIN, which root has" }
    if error.isUnknownToKernel { return "this kernel cannot (CONFIG_INET_DIAG_DESTROY)" }
    return error.reason
  }
}

/// What a filter matches, as far as it can and shall be closed.
private struct KillTargets {
  struct Target {
    var socket: Socket
    var place: NetworkNamespace
  }

  private(set) var sockets: [Target] = []
  /// Listeners and unconnected sockets, and what is over: closed only when their state is named.
  private(set) var unnamed: [SocketState: Int] = [:]
  /// Unix, raw and packet sockets, which the kernel does not close for others.
  private(set) var impossible = 0

  static let possible: NetidSet = [.tcp, .udp]

  /// The filter matches nothing at all.
  var isEmpty: Bool { sockets.isEmpty && unnamed.isEmpty && impossible == 0 }

  mutating func add(_ socket: borrowing Socket, in place: NetworkNamespace, _ wanted: StateSet) {
    if socket.netid != .tcp, socket.netid != .udp {
      impossible += 1
    } else if wanted.contains(socket.state) {
      sockets.append(Target(socket: copy socket, place: place))
    } else {
      unnamed[socket.state, default: 0] += 1
    }
  }
}

/// What closing a socket means for both ends, as `tcp_abort` and `udp_abort` of the kernel do it.
enum KillEffect: CaseIterable {
  case connection, queued, connecting, handshake, orphan, timeWait, listener, datagram

  init(on socket: borrowing Socket, _ ownership: Ownership) {
    if socket.netid == .udp {
      self = .datagram
      return
    }
    switch ownership {
    case .queued: self = .queued
    case .handshake: self = .handshake
    case .orphan: self = .orphan
    case .timeWait: self = .timeWait
    case .held, .unknown:
      switch socket.state {
      case .listen: self = .listener
      case .synSent: self = .connecting
      default: self = .connection
      }
    }
  }

  /// What the owner's calls on it fail with; nil where no owner notices.
  var error: String? {
    switch self {
    case .connection, .connecting, .datagram: "ECONNABORTED"
    case .listener: "EINVAL"
    case .queued, .handshake, .orphan, .timeWait: nil
    }
  }

  /// In a sentence or two.
  var meaning: String {
    switch self {
    case .connection:
      """
      A connection's peer gets a reset (ECONNRESET). What has not been sent is lost, and the \
      owner's next call on the connection fails with ECONNABORTED.
      """
    case .queued:
      """
      A queued connection has no owner yet. Its client gets a reset; the server still accepts it, \
      and fails with ECONNABORTED once it has read what had come.
      """
    case .connecting: "A connect() that is under way fails with ECONNABORTED."
    case .handshake: "A handshake that is under way is forgotten; the client has to try again."
    case .orphan: "An orphan has no owner any more: what the kernel still had to send is lost."
    case .timeWait:
      "A connection in TIME-WAIT is over: no process notices, and its pair of ports is free at once."
    case .listener:
      """
      A listener is gone for good: what waits in its queue is reset, new clients are refused, \
      accept() fails with EINVAL, and the program keeps running without it.
      """
    case .datagram:
      """
      A UDP socket loses its peer, if it has one, and its owner's next call on it fails with \
      ECONNABORTED. One that is bound to a port still receives.
      """
    }
  }
}

/// Says what `kill` would do, or does: the sockets, and what it means for both ends.
private struct KillReport {
  let found: KillTargets
  let colour: ColourChoice
  let facts: HostFacts
  let decision: KillCommand.Decision
  let showsNamespace: Bool

  func write(_ writer: inout ByteWriter) {
    let count = DiagnosisReport.count(found.sockets.count, "socket")
    if found.sockets.isEmpty {
      writer.append("Nothing to close matches.\n")
    } else {
      writer.append(decision == .made ? "Closing \(count):\n" : "Would close \(count):\n")
      writeRows(&writer)
      write(consequences, &writer)
    }
    write(leftOut, &writer)
    guard !found.sockets.isEmpty else { return }
    switch decision {
    case .made, .asked: break
    case .none: writer.append("Nothing has been closed: --yes does it.\n")
    case .recorded: writer.append("Nothing has been closed: this is a recording.\n")
    }
  }

  private func writeRows(_ writer: inout ByteWriter) {
    let sockets = found.sockets.map(\.socket)
    if colour.isForPeople {
      SocketTable.onTerminal(Self.columns(showsNamespace), showsHeader: true, colour, facts)
        .write(sockets, facts, to: &writer)
    } else {
      StreamedTable(Self.columns(showsNamespace), showsHeader: true)
        .write(sockets, facts, to: &writer)
    }
  }

  /// Those of `list`, and what each owner sees.
  private static func columns(_ showsNamespace: Bool) -> [Column<Socket>] {
    let names = ["netid", "state", "recv-q", "send-q"]
    let ranks = ["send-q": 1, "recv-q": 2, "netid": 3]
    let row = ColumnSet.sockets.named((showsNamespace ? ["netns"] : []) + names)
    return row.map { column in ranks[column.name].map(column.givingWay) ?? column }
      + [local, peer, owner, effect]
  }

  // Under headings that leave room for the owner on 80 columns.
  private static let local = Column<Socket>.written("local", "Local", "own end") {
    socket, context, writer in EndpointText.appendLocal(socket, context, to: &writer)
  }.usually(wide: 21)

  private static let peer = Column<Socket>.written("peer", "Peer", "other end") {
    socket, context, writer in EndpointText.appendPeer(socket, context, to: &writer)
  }.usually(wide: 21)

  private static let owner = Column<Socket>("owner", "Owner", "who has the socket open") {
    socket, context in
    let owners = context.owners(of: socket)
    if !owners.isEmpty { return .words(FoldedOwners.text(owners, most: 2)) }
    let ownership = context.ownership(of: socket)
    return ownership == .held || ownership == .unknown
      ? .unknown : .words("(\(ownership.rawValue))")
  }.usually(wide: 20)

  private static let effect = Column<Socket>("sees", "Owner sees", "what its calls fail with") {
    socket, context in
    .words(KillEffect(on: socket, context.ownership(of: socket)).error ?? "nothing")
  }

  /// What happens to each kind, in words.
  private var consequences: [String] {
    let effects = Set(
      found.sockets.map { KillEffect(on: $0.socket, facts.ownership(of: $0.socket)) })
    return KillEffect.allCases.filter(effects.contains).map(\.meaning)
  }

  private var leftOut: [String] {
    var lines = found.unnamed.sorted { $0.key.rawValue < $1.key.rawValue }.map { state, count in
      let name = "\(state.name)".lowercased()
      return "Left out: \(count) in state \(state.name); 'state \(name)' in the filter means them."
    }
    if found.impossible > 0 {
      lines.append(
        "Left out: \(found.impossible) unix, raw or packet; the kernel closes only TCP and UDP.")
    }
    return lines
  }

  /// A line each in a pipe; as wide as the terminal on one.
  private func write(_ sentences: [String], _ writer: inout ByteWriter) {
    let width = colour.isForPeople ? OutputFile.standardOutput.width : nil
    for sentence in sentences {
      let lines = width.map { WrappedText.lines(sentence, width: max($0, 20)) } ?? [sentence]
      for line in lines { writer.append("\(line)\n") }
    }
  }
}
