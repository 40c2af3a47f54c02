import ProcNet

/// What was typed after `kill`.
struct KillArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  /// `--yes`.
  var isMeant = false
  var wantsHelp = false
  /// The words that are no options: the filter.
  var words: [String] = []

  /// How the filter is read: as `list` would.
  var forFilter: ListArguments { ListArguments(words: words) }
}

extension Option where Arguments == KillArguments {
  static var kill: [Option<KillArguments>] {
    [
      Option("y", "yes", help: "close them; without it nothing is changed") { $0.isMeant = true },
      Option(
        "N", "netns", "net", argument: "WHICH", choices: ["self", "all"],
        help: "network namespace: self, all, a process id, a name or a path"
      ) { $0.common.namespace = $1 },
      numeric, colour, help,
    ]
  }
}

/// `sockinspect kill FILTER`: closes sockets in the name of their programs, with `--yes`.
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

  private func run() throws(KernelError) -> ExitStatus {
    var gaps = facts.gaps
    let found = try find(&gaps)
    facts.collectOwners(of: found.sockets.map(\.socket.inode), gaps: &gaps)
    var output = Output()
    let report = KillReport(found: found, colour: arguments.common.colour, facts: facts)
    report.write(isMeant: arguments.isMeant, &output.writer)
    try output.flush()
    try facts.concludeOwners(from: DiagSource(), gaps: &gaps)
    Notice.show(gaps)
    guard arguments.isMeant, !found.sockets.isEmpty else { return .done }
    return try close(found.sockets)
  }

  /// Only what the filter matches, and of what does not belong to a conversation only what it
  /// names: `:8080` does not mean the listener.
  private func find(_ gaps: inout [Gap]) throws(KernelError) -> KillTargets {
    try facts.collect(filter.collected, from: DiagSource(), .all, gaps: &gaps)
    var found = KillTargets()
    let wanted = filter.states ?? .connected.subtracting(StateSet(.timeWait))
    for place in places {
      let query = SocketQuery(
        netids: filter.netids ?? NetidSet.unix.union([.tcp, .udp]),
        families: filter.families ?? .all,
        states: filter.states ?? .all, details: filter.collected.details,
        program: filter.kernelProgram(), namespace: place)
      try DiagSource().list(query, through: session.kernel, gaps: &gaps) {
        (socket) throws(KernelError) in
        if filter.matches(socket, facts) { found.add(socket, in: place, wanted) }
      }
    }
    return found
  }

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

/// Says what `kill` would do, or does: the sockets, and what it means for both ends.
private struct KillReport {
  let found: KillTargets
  let colour: ColourChoice
  let facts: HostFacts

  func write(isMeant: Bool, _ writer: inout ByteWriter) {
    let count = DiagnosisReport.count(found.sockets.count, "socket")
    if found.sockets.isEmpty {
      writer.append("Nothing to close matches.\n")
    } else {
      writer.append(isMeant ? "Closing \(count):\n" : "Would close \(count):\n")
      writeRows(&writer)
      for line in consequences { writer.append("\(line)\n") }
    }
    for line in leftOut { writer.append("\(line)\n") }
    if !isMeant, !found.sockets.isEmpty {
      writer.append("Nothing has been closed: --yes does it.\n")
    }
  }

  private func writeRows(_ writer: inout ByteWriter) {
    let columns = ColumnSet.sockets.named(
      ["netid", "state", "recv-q", "send-q", "local", "peer", "process"])
    let sockets = found.sockets.map(\.socket)
    if OutputFile.standardOutput.isTerminal || colour == .always {
      SocketTable.onTerminal(columns, showsHeader: true, colour, facts)
        .write(sockets, facts, to: &writer)
    } else {
      StreamedTable(columns, showsHeader: true).write(sockets, facts, to: &writer)
    }
  }

  private func count(_ holds: (Socket) -> Bool) -> Int {
    found.sockets.count { holds($0.socket) }
  }

  /// What happens to each kind, in words.
  private var consequences: [String] {
    var lines: [String] = []
    let listeners = count { $0.state == .listen }
    let others = count { $0.netid == .tcp && $0.state != .listen }
    let datagrams = count { $0.netid == .udp }
    if others > 0 {
      lines.append(
        """
        A connection's peer gets a reset, what was not read or sent is lost, and its program's \
        next call on it fails with ECONNABORTED or the like.
        """)
    }
    if listeners > 0 {
      lines.append(
        """
        A listener is gone for good: what waits in its queue is reset, new clients are refused, \
        and the program keeps running without it.
        """)
    }
    if datagrams > 0 {
      lines.append("A UDP socket receives nothing more; its program's next call fails.")
    }
    return lines
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
}
