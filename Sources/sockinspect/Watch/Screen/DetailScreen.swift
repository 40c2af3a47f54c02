import Diagnosis
import ProcNet

/// One listener on the screen: its figures, its history, who waits, its clients, what its owners
/// are connected to, what its threads do.
struct DetailScreen {
  private let frame: WatchFrame
  private let key: ListenerKey?

  /// - Parameter key: The listener.
  init(_ frame: WatchFrame, of key: ListenerKey?) { (self.frame, self.key) = (frame, key) }

  var lines: [ScreenLine] {
    guard let key, let row = frame.sample.row(key) else {
      return [frame.line("this listener is gone; Esc goes back")]
    }
    let detail = frame.detail.flatMap { $0.row.listener.key == key ? $0 : nil }
    return figures(detail?.row ?? row) + history(key)
      + (detail.map(everything) ?? [frame.line("sampling ...")])
  }

  private func everything(_ detail: ListenerDetails) -> [ScreenLine] {
    waiting(detail) + ConnectionLines(detail, frame).lines + threads(detail) + gaps(detail)
  }

  private func figures(_ row: ListenRow) -> [ScreenLine] {
    var first = frame.line()
    first.addHeading(ListenAddress.text(of: row.socket, frame.context))
    let owners = frame.context.owners(of: row.socket)
    if !owners.isEmpty { first.addCut("  \(FoldedOwners.text(owners, most: 8))") }
    return [first] + facts(row)
  }

  private static let facts = [
    "queue", "oldest", "median", "abandoned", "unread", "syn", "drops", "drops-per-s", "accepted",
    "shard",
  ]

  /// As many lines as it takes.
  private func facts(_ row: ListenRow) -> [ScreenLine] {
    var lines = [frame.line()]
    for column in Self.facts.compactMap({ ColumnSet.listeners[$0] }) {
      if column.value(row, frame.context) == .unknown { continue }
      var writer = ByteWriter(capacity: 64)
      column.appendBrief(row, frame.context, to: &writer)
      if column.name == "queue", row.isFull { writer.append(" FULL") }
      let text = writer.text
      let wide = column.heading.count + 1 + DisplayWidth.of(text)
      if lines[lines.count - 1].width + wide > frame.style.width { lines.append(frame.line()) }
      let tone = column.tone?(row, frame.context) ?? .plain
      lines[lines.count - 1].add("\(column.heading) ", .faint)
      lines[lines.count - 1].add(text, tone)
      lines[lines.count - 1].add("  ")
    }
    return lines
  }

  private func history(_ key: ListenerKey) -> [ScreenLine] {
    let label = "Fill "
    let width = max(10, min(frame.style.width - label.count, History.usualCapacity))
    let time = frame.cellTime(width: width)
    var line = frame.line(label, .faint)
    let cells = Sparkline.cells(
      frame.history[key], width: width, cellTime: time, now: frame.sample.moment,
      scale: .top(1000))
    line.add(cells)
    let span = Phrase.duration(time * UInt64(width))
    return [line, frame.line("     the last \(span); ! it dropped", .faint)]
  }

  private func waiting(_ sample: ListenerDetails) -> [ScreenLine] {
    var heading = frame.line()
    heading.addHeading("Waiting (\(sample.row.queue?.length ?? 0))")
    var writer = ByteWriter(capacity: 4096)
    AcceptQueueLines(sample.row, frame.context, Palette(isColoured: false)).append(to: &writer)
    let lines = writer.text.split(separator: "\n").map { text in
      var line = frame.line()
      line.addCut(String(text.dropFirst(2)))
      return line
    }
    return [heading] + (lines.isEmpty ? [frame.line("  none", .faint)] : lines)
  }

  private func threads(_ sample: ListenerDetails) -> [ScreenLine] {
    let list = sample.threads
    var heading = frame.line()
    heading.addHeading("Threads of its owners (\(list.threads.count + list.others))")
    let names = ConnectionLines(sample, frame).names
    var lines = list.threads.map { ThreadLine.line($0, names, frame) }
    if let reason = list.failure {
      lines.append(frame.line("  not shown: \(SafeText.string(reason))", .attention))
    } else if lines.isEmpty {
      lines.append(frame.line("  no owner is known", .faint))
    }
    if list.others > 0 { lines.append(frame.line("  and \(list.others) more", .faint)) }
    if list.denied > 0 {
      let remedy = CurrentProcess.isRoot ? "" : "; run as root"
      lines.append(
        frame.line(
          "  system calls of \(list.denied) not shown: permission denied\(remedy)", .attention))
    }
    return [heading] + lines
  }

  private func gaps(_ sample: ListenerDetails) -> [ScreenLine] {
    frame.notes(sample.gaps)
  }
}

/// Who is at the other ends of the connections of a listener's owners: a process of this host by its
/// name, others by their addresses.
private struct ConnectionLines {
  private let frame: WatchFrame
  private let detail: ListenerDetails
  private var connections: OwnerConnections { detail.connections }
  /// Groups of connections that are listed.
  private static let most = 12

  init(_ detail: ListenerDetails, _ frame: WatchFrame) {
    (self.frame, self.detail) = (frame, detail)
  }

  var lines: [ScreenLine] {
    let clients = section("Clients that were accepted", connections.clients, client)
    let peers = section("Its owners are connected to", connections.peers, peer)
    guard connections.others > 0 else { return clients + peers }
    return clients + peers
      + [frame.line("  \(connections.others) more connections are not counted", .attention)]
  }

  /// What stands for a socket in the call of a thread.
  var names: [UInt32: String] {
    var names = connections.otherListeners.mapValues {
      "listener \(ListenAddress.text(of: $0, frame.context))"
    }
    for connection in connections.clients {
      names[connection.socket.inode] = "client \(client(connection))"
    }
    for connection in connections.peers { names[connection.socket.inode] = peer(connection) }
    names[detail.row.socket.inode] = "the listener"
    return names
  }

  /// `curl (pid 812)`, or the address that a client has.
  private func client(_ connection: OwnerConnections.Connection) -> String {
    if let name = process(connection) { return name }
    guard connection.socket.netid.isInternet else { return "of an unknown process" }
    var writer = ByteWriter(capacity: 64)
    AddressText.appendHost(
      connection.socket.peer, isV6Only: true, interface: nil, to: &writer)
    return String(writer.text.dropLast())
  }

  /// `postgres (pid 77) at 127.0.0.1:5432`, `10.0.0.9:5432`.
  private func peer(_ connection: OwnerConnections.Connection) -> String {
    let name = process(connection)
    guard connection.socket.netid.isInternet else { return name ?? "an unknown process" }
    var writer = ByteWriter(capacity: 64)
    EndpointText.appendPeer(connection.socket, frame.context, to: &writer)
    return name.map { "\($0) at \(writer.text)" } ?? writer.text
  }

  private func process(_ connection: OwnerConnections.Connection) -> String? {
    guard let inode = connection.opposite else { return nil }
    let owners = WaitingClients.owners(ofInode: inode, like: connection.socket, frame.context)
    return owners.isEmpty ? nil : FoldedOwners.text(owners, most: 3)
  }

  /// Connections with the same other end are one line; nothing is said where there are none.
  private func section(
    _ title: String, _ connections: [OwnerConnections.Connection],
    _ name: (OwnerConnections.Connection) -> String
  ) -> [ScreenLine] {
    guard !connections.isEmpty else { return [] }
    var states: [String: [SocketState: Int]] = [:]
    for connection in connections {
      states[name(connection), default: [:]][connection.socket.state, default: 0] += 1
    }
    let groups = states.map {
      (name: $0.key, states: $0.value, count: $0.value.values.reduce(0, +))
    }
    .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    var heading = frame.line()
    heading.addHeading("\(title) (\(connections.count))")
    let shown = groups.prefix(Self.most)
    let width = min(shown.map { DisplayWidth.of($0.name) }.max() ?? 0, frame.style.width - 22)
    var lines = [heading] + shown.map { line($0.name, $0.states, width) }
    if groups.count > shown.count {
      lines.append(frame.line("  and \(groups.count - shown.count) more", .faint))
    }
    return lines
  }

  /// Leaking connections stand out.
  private func line(_ name: String, _ states: [SocketState: Int], _ width: Int) -> ScreenLine {
    var line = frame.line("  ")
    line.add(name, field: max(width, 8))
    line.add("  ")
    let ordered = states.sorted { $0.key.rawValue < $1.key.rawValue }
    line.addCut(
      ordered.map { "\($0.key.name) \($0.value)" }.joined(separator: ", "),
      states[.closeWait] == nil ? .faint : .attention)
    return line
  }
}

/// One thread: state, system call with its descriptors, where in the kernel it sleeps.
enum ThreadLine {
  /// - Parameter names: What stands for sockets, by inode.
  static func line(
    _ thread: ThreadList.Thread, _ names: [UInt32: String], _ frame: WatchFrame
  ) -> ScreenLine {
    let found = thread.snapshot
    var line = frame.line("  ")
    line.add("\(found.thread) \(SafeText.string(found.command))", field: 23)
    line.space(1)
    line.add(state(found.state), tone(found.state), field: 10)
    line.space(1)
    line.addCut(activity(thread, names))
    if isHalted(found.state), found.call != nil { line.add("  (from before)", .faint) }
    if let wchan = found.wchan { line.addCut("  in \(SafeText.string(wchan))", .faint) }
    return line
  }

  private static func activity(_ thread: ThreadList.Thread, _ names: [UInt32: String]) -> String {
    switch thread.snapshot.activity {
    case .denied, .unknown: return "-"
    case .running: return "running"
    case .outsideCall: return "outside of a system call"
    case .call(let call):
      let name = call.name?.rawValue ?? "call \(call.number)"
      guard let awaited = call.descriptors, !awaited.isEmpty else { return name }
      let shown = awaited.prefix(ThreadList.mostAwaited)
        .map { descriptor($0.number, thread, names) }.joined(separator: "; ")
      let others = awaited.count - ThreadList.mostAwaited
      return "\(name)(\(shown)\(others > 0 ? " and \(others) more" : ""))"
    }
  }

  private static func descriptor(
    _ number: Int32, _ thread: ThreadList.Thread, _ names: [UInt32: String]
  ) -> String {
    guard let file = thread.files[number] else { return "fd \(number)" }
    let socket = OwnerDescriptors.socket(file).map { names[$0] ?? "a socket" }
    return "fd \(number), \(socket ?? SafeText.string(file))"
  }

  private static func isHalted(_ state: UInt8) -> Bool {
    state == UInt8(ascii: "T") || state == UInt8(ascii: "t")
  }

  private static func tone(_ state: UInt8) -> Palette.Tone { isHalted(state) ? .alarm : .plain }

  /// The kernel's letter, with its word.
  private static func state(_ state: UInt8) -> String {
    let word =
      switch Unicode.Scalar(state) {
      case "R": "running"
      case "S": "sleeps"
      case "D": "waits"
      case "T": "STOPPED"
      case "t": "TRACED"
      case "Z", "X": "ended"
      case "I": "idle"
      default: ""
      }
    return "\(SafeText.string([state])) \(word)"
  }
}
