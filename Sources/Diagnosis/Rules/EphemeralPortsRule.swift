import ProcNet

/// Connections from one address to one destination have used up nearly all local ports.
struct EphemeralPortsRule: Rule {
  static let kind = FindingDescription.ephemeralPorts

  /// Per cent of the range: from 80 on the kernel searches ever longer for a free port; the last
  /// ones are held by others or reserved.
  static let warningShare = 80
  static let criticalShare = 98

  func findings(in file: CaseFile) -> [Finding] {
    file.last.census.routes.compactMap { route, count in use(route, count, file) }
      .filter { $0.share >= Self.warningShare }
      .sorted { ($1.used, $0.route.peer.port) < ($0.used, $1.route.peer.port) }
      .map { finding($0, file) }
  }

  private struct Use {
    var route: Census.Route
    var used: Int
    var timeWait: Int
    var range: ClosedRange<UInt16>

    var share: Int { Words.percent(used, of: range.count) }
  }

  private func use(
    _ route: Census.Route, _ count: Census.Route.Count, _ file: CaseFile
  ) -> Use? {
    guard let settings = file.settings[route.namespace], let range = settings.localPorts else {
      return nil
    }
    // Ports whose TIME-WAIT the kernel uses again after a second are not used up.
    let isReused =
      settings.reusesTimeWait == 1
      || (settings.reusesTimeWait == 2 && route.peer.address.isLoopback)
    return Use(
      route: route, used: isReused ? count.all - count.timeWait : count.all,
      timeWait: isReused ? 0 : count.timeWait, range: range)
  }

  private func finding(_ use: Use, _ file: CaseFile) -> Finding {
    let (from, to) = (
      AddressText.string(use.route.local), Words.endpoint(use.route.peer)
    )
    var finding = Finding(
      Self.kind, use.share >= Self.criticalShare ? .critical : .warning,
      "\(use.used) of \(use.range.count) local ports from \(from) to \(to) are in use",
      about: .host)
    finding.story = [
      """
      Connections from \(from) to \(to) get a local port between \(use.range.lowerBound) and \
      \(use.range.upperBound); \(use.used) of these \(use.range.count) are taken, \(use.timeWait) \
      of them by connections in TIME-WAIT.
      """,
      use.share >= Self.criticalShare
        ? "A further connect there fails with EADDRNOTAVAIL, or soon will." : nil,
      holders(use, file),
    ].compactMap { $0 }
    finding.evidence = evidence(use)
    finding.fill(Placeholders(port: use.route.peer.port))
    return finding
  }

  private func holders(_ use: Use, _ file: CaseFile) -> String? {
    var counts: [ProcessName: Int] = [:]
    for socket in file.table.sockets
    where socket.netid == .tcp && socket.inode != 0 && isOf(use.route, socket) {
      if let owner = file.holders(of: socket.inode).first {
        counts[ProcessName(process: owner.process, command: owner.command), default: 0] += 1
      }
    }
    let order = counts.sorted { ($1.value, $0.key.process) < ($0.value, $1.key.process) }
    guard !order.isEmpty else { return nil }
    return "Of those that are open \(Words.list(order.map { "\($0.key.text) holds \($0.value)" }))."
  }

  private func isOf(_ route: Census.Route, _ socket: Socket) -> Bool {
    socket.namespace == route.namespace && socket.peer.port == route.peer.port
      && socket.peer.address.unmapped == route.peer.address
      && socket.local.address.unmapped == route.local
  }

  private func evidence(_ use: Use) -> [Evidence] {
    var found = [
      Evidence(
        "local ports in use", use.used, unit: "ports",
        source: "sock_diag rows towards the destination"),
      Evidence(
        "local ports there are", use.range.count, unit: "ports",
        source: "/proc/sys/net/ipv4/ip_local_port_range"),
      Evidence(
        "in TIME-WAIT", use.timeWait, unit: "connections", source: "sock_diag rows in TIME-WAIT"),
    ]
    for number in found.indices { found[number].place.peer = use.route.peer }
    return found
  }
}
