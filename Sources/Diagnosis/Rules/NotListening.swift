import ProcNet

/// Nothing listens at the port or path of the target.
struct NotListening: Rule {
  static let kind = FindingKind(
    id: "not-listening", rank: .aside, severities: [.notice],
    title: "Nothing listens at the target",
    means: "The port or path of the target has no listener.",
    condition:
      """
      The target is a port, an address of this host with a port, or the path of a unix socket, \
      and no socket listens there in the network namespace from which the tool asks. A UDP socket \
      counts as a listener unless the kernel gives its port to clients. The exit status is 3, \
      unless something worse is found.
      """,
    explanation:
      """
      The kernel answers a SYN for a port without a listener with a reset: connect fails at once \
      with ECONNREFUSED. For a unix path it fails with ENOENT where there is no such file, and \
      with ECONNREFUSED where an ended server has left the file. Silence means that a packet \
      filter drops the request. A server may fail to listen because its port is taken: `bind(2)` \
      then fails with EADDRINUSE. The port can belong to another server, to a program that has \
      bound it and does not listen, to connections in TIME-WAIT, or to an outgoing connection of \
      any program, to which the kernel gave it from `net.ipv4.ip_local_port_range`.
      """,
    remedy: [
      "Start the server, or see in its log why it does not listen.",
      """
      Keep the ports of servers out of those that the kernel gives to outgoing connections: \
      `net.ipv4.ip_local_reserved_ports`.
      """,
    ],
    avoid: [
      "look for a fault of the network first: the host itself sends the reset.",
      "give clients longer time-outs: a refused connection does not wait for anything.",
    ],
    check: [
      "ss -tanp 'sport = :PORT'",
      "ss -ltnp",
      "sysctl net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports",
      "ss -xlp src PATH",
      "ls -l PATH",
    ],
    demo: ["nobody-listens", "loopback-only"])

  func findings(in host: HostObservation) -> [Finding] {
    guard let use = host.portUse else { return [] }
    return [PortUseAnswer(use: use, host: host).finding]
  }
}

/// The finding for one place, in words.
private struct PortUseAnswer {
  let use: PortUse
  let host: HostObservation

  private var place: String { use.place.text }
  private var isUnix: Bool { use.place.port == nil }

  var finding: Finding {
    var finding = Finding(
      NotListening.kind, .notice, "Nothing listens at \(place)\(reason)", about: subject)
    finding.story = [taken, elsewhere, near, answer].compactMap { $0 }.map(Self.sentence)
    finding.evidence = evidence
    fill(&finding)
    finding.namespace = use.namespace
    return finding
  }

  /// Names of programs stay as they are at the beginning of a sentence.
  private static func sentence(_ text: String) -> String {
    text.hasPrefix("a process ") || text.hasPrefix("no process ")
      ? text.prefix(1).uppercased() + text.dropFirst() : text
  }

  private var subject: Subject {
    guard let socket = use.bound.first ?? use.connections.first else { return .host }
    return .socket(SocketName(socket))
  }

  // MARK: the title

  private var reason: String {
    if let socket = use.bound.first {
      return ": \(owner(socket)) has bound \(isUnix ? "it" : "the port") but does not listen"
    }
    if let socket = use.connections.first { return ": \(connected(socket))" }
    if let socket = use.elsewhere.first { return ": \(listens(socket))" }
    if use.timeWait > 0 { return ": \(timeWait)" }
    if isUnix { return use.fileExists == false ? ": there is no such file" : "" }
    return use.seesBound ? ": no socket has the port" : ""
  }

  private func connected(_ socket: Socket) -> String {
    if isUnix { return "\(owner(socket)) only has connections that came in through it" }
    return isOutgoing(socket)
      ? "\(owner(socket)) has the port for its connection to \(Phrase.endpoint(socket.peer))"
      : "\(owner(socket)) only keeps connections there"
  }

  private var timeWait: String {
    "only \(Phrase.count(use.timeWait, "connection")) in TIME-WAIT "
      + "\(use.timeWait == 1 ? "has" : "have") the port"
  }

  // MARK: who has the port

  private var taken: String? {
    if let socket = use.bound.first { return boundText(socket) }
    if let socket = use.connections.first {
      return isOutgoing(socket) ? outgoingText(socket) : leftText
    }
    if use.timeWait > 0 { return timeWaitText }
    if isUnix { return fileText }
    if hasListenerHere { return nil }
    return use.seesBound
      ? "No socket has the port: a server can bind it."
      : """
      No connection has the port. Only Linux 6.8 and later say whether a program has bound it \
      without listening.
      """
  }

  private func boundText(_ socket: Socket) -> String {
    let others = use.bound.count > 1 ? " and \(use.bound.count - 1) more sockets" : ""
    return """
      \(held(socket)) is bound to \(SocketName(socket).text)\(others) and does not listen: its \
      program has called `bind(2)` but not, or not yet, `listen(2)`. No other server can bind it \
      meanwhile.
      """
  }

  private func outgoingText(_ socket: Socket) -> String {
    let count = use.connections.count
    let others = count > 1 ? " \(Phrase.count(count - 1, "more connection")) have it too." : ""
    let range = use.localPorts.map { " (\($0.lowerBound) to \($0.upperBound))" } ?? ""
    return """
      An outgoing connection has the port: \(held(socket)) is \(stateText(socket)) from \
      \(Phrase.endpoint(socket.local)) to \(Phrase.endpoint(socket.peer)). The kernel gave it the \
      port from `net.ipv4.ip_local_port_range`\(range).\(others) While it lasts, a server's bind \
      to \(Phrase.endpoint(socket.local)) or to all addresses fails with EADDRINUSE.
      """
  }

  private func stateText(_ socket: Socket) -> String {
    socket.state == .established ? "connected" : "in \(socket.state.name)"
  }

  private var leftText: String {
    let count = use.connections.count
    let names = Phrase.list(Set(use.connections.map(owner)).sorted())
    let have = count == 1 ? "has \(place) as its" : "have \(place) as their"
    let until =
      isUnix ? "" : " Until they end, a server that does not set SO_REUSEADDR cannot bind it."
    return """
      \(Phrase.count(count, "connection")) of \(names) \(have) own end: probably a listener that \
      was closed has left \(count == 1 ? "it" : "them").\(until)
      """
  }

  private var timeWaitText: String {
    """
    Only \(Phrase.count(use.timeWait, "connection")) in TIME-WAIT \
    \(use.timeWait == 1 ? "has" : "have") the port. For up to a minute a server that does not set \
    SO_REUSEADDR cannot bind it.
    """
  }

  private var fileText: String? {
    switch use.fileExists {
    case true: "The file exists, but its server has ended or no longer listens."
    case false: "There is no such file: no server has made it, or something has removed it."
    case nil: nil
    }
  }

  // MARK: what listens elsewhere

  /// A TCP listener at the port in this namespace, though not for the target's address: it can be
  /// in the way.
  private var hasListenerHere: Bool {
    use.elsewhere.contains { $0.netid != .udp && $0.namespace == use.namespace }
  }

  private var elsewhere: String? {
    guard !use.elsewhere.isEmpty else { return nil }
    let texts = use.elsewhere.prefix(4).map { "\(listens($0))\(why($0))" }
    let list = Phrase.list(texts)
    return taken == nil ? "\(list)." : "But \(list)."
  }

  /// `nginx (pid 812) listens at 127.0.0.1:8080 only`.
  private func listens(_ socket: Socket) -> String {
    let verb =
      switch socket.netid {
      case .udp: "receives UDP at"
      case .unixDatagram: "receives datagrams at"
      default: "listens at"
      }
    let only = use.elsewhere.count == 1 && socket.netid != .udp ? " only" : ""
    let place = SocketName(socket).text + device(socket) + away(socket)
    return "\(owner(socket)) \(verb) \(place)\(only)"
  }

  private func device(_ socket: Socket) -> String {
    guard socket.interface != 0 else { return "" }
    return " on device \(use.deviceName(of: socket.interface))"
  }

  private func away(_ socket: Socket) -> String {
    guard socket.namespace != use.namespace, use.place.isOfNamespace else { return "" }
    return " in \(host.namespaces[socket.namespace]?.text ?? "another network namespace")"
  }

  /// Why a client of the place does not reach it.
  private func why(_ socket: Socket) -> String {
    guard socket.namespace == use.namespace, let address = use.place.address else { return "" }
    let own = socket.local.address.unmapped
    if socket.netid == .udp { return "" }
    if own.isLoopback, !address.isLoopback { return ", which only this host reaches" }
    if own.isIPv6 != address.isIPv6 {
      return own.isIPv6
        ? (own.isAny ? ", for IPv6 alone (IPV6_V6ONLY)" : ", which is IPv6") : ", which is IPv4"
    }
    return socket.interface == 0 ? "" : ", so it gets only what arrives on that device"
  }

  private var near: String? {
    guard !use.near.isEmpty else { return nil }
    let names = use.near.map { "\(SocketName($0).text) (\(owner($0)))" }
    let heading = isUnix ? "In the same folder" : "The nearest ports with a listener"
    return "\(heading): \(Phrase.list(names))."
  }

  // MARK: what a client gets

  private var answer: String {
    if isUnix { return unixAnswer }
    if !use.waiting.isEmpty { return silence }
    return """
      A client gets a reset at once: connect fails with ECONNREFUSED, "Connection refused". A \
      packet filter can change that, and what it does cannot be seen here: if it drops the SYN, \
      the client gets no answer; if it redirects the SYN, as for published ports of containers, \
      the client reaches another server.
      """
  }

  private var unixAnswer: String {
    switch use.fileExists {
    case true: "A client's connect fails with ECONNREFUSED, \"Connection refused\"."
    case false: "A client's connect fails with ENOENT, \"No such file or directory\"."
    case nil: "A client's connect fails at once, with ECONNREFUSED or ENOENT."
    }
  }

  /// The kernel alone would answer at once.
  private var silence: String {
    let names = Phrase.list(Set(use.waiting.map(owner)).sorted())
    let count = Phrase.count(use.waiting.count, "connection attempt")
    return """
      A client gets no answer: \(count) of this host (\(names)) \
      \(use.waiting.count == 1 ? "is" : "are") in SYN-SENT for it. The kernel answers a SYN for a \
      port without a listener with a reset, so a packet filter drops the SYN or the reset, or the \
      listener has just been closed.
      """
  }

  // MARK: evidence and advice

  private var evidence: [Evidence] {
    var facts: [Evidence] = []
    for socket in use.bound.prefix(4) {
      facts.append(fact("bound socket", socket, source: "sock_diag, asked for TCP_BOUND_INACTIVE"))
    }
    for socket in use.connections.prefix(4) {
      facts.append(fact("connection with this port", socket, source: "sock_diag idiag_state"))
    }
    if use.timeWait > 0 {
      facts.append(
        Evidence(
          "in TIME-WAIT", use.timeWait, unit: "connections", source: "sock_diag rows in TIME-WAIT"))
    }
    for socket in use.elsewhere.prefix(4) {
      facts.append(fact("listener elsewhere", socket, source: "sock_diag idiag_state"))
    }
    for socket in use.waiting.prefix(4) {
      facts.append(fact("client without an answer", socket, source: "sock_diag idiag_state"))
    }
    return facts.isEmpty ? [nothing] : facts
  }

  private func fact(_ name: String, _ socket: Socket, source: String) -> Evidence {
    let owner = host.holders(of: socket.inode).first
    return Evidence(name, socket.state.name, source: source).on(socket)
      .of(process: owner?.process, descriptor: owner?.descriptor)
  }

  private var nothing: Evidence {
    isUnix && use.fileExists != nil
      ? Evidence("file", .flag(use.fileExists == true), source: "stat \(place)")
      : Evidence("listeners at the target", 0, source: "sock_diag rows in LISTEN")
  }

  private func fill(_ finding: inout Finding) {
    var name = SocketName(Socket(netid: .unixStream, family: .unix, state: .close))
    if case .path(let path) = use.place { name.path = path }
    let socket = use.bound.first ?? use.connections.first
    let process = socket.flatMap { host.holders(of: $0.inode).first?.process }
    if isUnix {
      finding.fill(Placeholders(name, process: process))
      finding.check.removeAll { !$0.contains(" -x") && !$0.hasPrefix("ls ") }
    } else {
      finding.fill(Placeholders(port: use.place.port, process: process))
    }
    finding.remedy = remedy
  }

  private var remedy: [String] {
    if let socket = use.bound.first { return ["See why \(owner(socket)) does not listen: \(look)"] }
    if let socket = use.connections.first, isOutgoing(socket) {
      return [
        """
        End that connection, for example with a restart of \(owner(socket)), and start the server \
        while the port is free.
        """,
        """
        Keep the kernel from giving the port away again: \
        `sysctl -w net.ipv4.ip_local_reserved_ports=\(reserved)`, and a line in /etc/sysctl.d.
        """,
      ]
    }
    if hasListenerHere {
      return ["Let the server listen at the address that clients use, or point clients to it."]
    }
    if let other = use.elsewhere.lazy.compactMap({ host.namespaces[$0.namespace] }).first {
      return [
        """
        Publish the port on this host, or let clients use an address of \(other.text). To diagnose \
        the server there: `sockinspect diagnose --netns \(other.choice) \(place)`.
        """
      ]
    }
    let usual = NotListening.kind.remedy[0]
    guard !isUnix, use.timeWait > 0 || !use.connections.isEmpty else { return [usual] }
    return [usual, "If `bind(2)` fails with EADDRINUSE there, let the server set SO_REUSEADDR."]
  }

  private var look: String { "it may still be starting, or have failed before `listen(2)`." }

  /// The ports that are reserved already, with this one.
  private var reserved: String {
    let port = use.place.port.map { "\($0)" } ?? ""
    guard let known = use.reservedPorts, !known.isEmpty else { return port }
    return "\(known),\(port)"
  }

  // MARK: names

  private func isOutgoing(_ socket: Socket) -> Bool { use.outgoing.contains(socket.inode) }

  /// `nginx (pid 812)`.
  private func owner(_ socket: Socket) -> String {
    if let owner = host.holders(of: socket.inode).first { return host.name(owner.process).text }
    return socket.inode == 0 ? "no process" : "a process that cannot be seen"
  }

  /// `nginx (pid 812, fd 3)`.
  private func held(_ socket: Socket) -> String {
    guard let owner = host.holders(of: socket.inode).first else { return self.owner(socket) }
    return "\(host.name(owner.process).name) (pid \(owner.process), fd \(owner.descriptor))"
  }
}
