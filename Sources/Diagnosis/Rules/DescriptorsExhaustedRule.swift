import ProcNet

/// A process that holds sockets has as many files open as it may, or nearly.
struct DescriptorsExhaustedRule: Rule {
  static let kind = FindingDescription.descriptorsExhausted

  func findings(in file: CaseFile) -> [Finding] {
    file.descriptors.uses.filter { $0.isHigh && ($0.sockets ?? 0) > 0 }.map { finding($0, file) }
  }

  private func finding(_ use: DescriptorScan.Use, _ file: CaseFile) -> Finding {
    let isOut = use.open >= Int64(clamping: use.limit)
    let figures = "\(use.open) of \(use.limit) files open"
    var finding = Finding(
      Self.kind, isOut ? .critical : .warning,
      isOut
        ? "\(use.process.text) has no file descriptor left (\(figures))\(refused(use, file))"
        : "\(use.process.text) comes near its limit on open files: \(figures)",
      about: .process(use.process))
    finding.story = [
      "\(use.process.text) has \(figures)\(contents(use, file)).", waiting(use, file),
    ].compactMap { $0 }
    finding.evidence = evidence(use, file)
    finding.fill(Placeholders(process: use.process.process))
    return finding
  }

  private func listeners(_ use: DescriptorScan.Use, _ file: CaseFile) -> [ListenerCase] {
    file.listeners.filter { listener in
      listener.owners.contains { $0.process == use.process.process }
    }
  }

  /// `; 28 are sockets: 27 ESTAB, 1 LISTEN`.
  private func contents(_ use: DescriptorScan.Use, _ file: CaseFile) -> String {
    guard let sockets = use.sockets else { return "" }
    var counts: [String: Int] = [:]
    for inode in file.processes[use.process.process]?.sockets.keys.map({ $0 }) ?? [] {
      guard let socket = file.table.socket(inode: inode) else { continue }
      counts["\(socket.netid.isUnix ? "unix " : "")\(socket.state.name)", default: 0] += 1
    }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let states =
      order.isEmpty ? "" : " (\(Words.list(order.map { "\($0.value) \($0.key)" })))"
    return "; \(sockets) of them \(sockets == 1 ? "is a socket" : "are sockets")\(states)"
  }

  private func waiting(_ use: DescriptorScan.Use, _ file: CaseFile) -> String? {
    let queues = listeners(use, file).filter { $0.length > 0 }
    guard !queues.isEmpty else { return nil }
    let names = queues.map { "\(Words.count($0.length, "connection")) at \($0.name.text)" }
    let isOne = queues.count == 1 && queues[0].length == 1
    return "Meanwhile \(Words.list(names)) \(isOne ? "waits" : "wait") to be accepted."
  }

  /// `, and accepts nobody at 127.0.0.1:9000`.
  private func refused(_ use: DescriptorScan.Use, _ file: CaseFile) -> String {
    let names = listeners(use, file).filter { $0.length > 0 }.map(\.name.text)
    return names.isEmpty ? "" : " and accepts nobody at \(Words.list(names))"
  }

  private func evidence(_ use: DescriptorScan.Use, _ file: CaseFile) -> [Evidence] {
    let process = use.process.process
    let facts = [
      Evidence("open files", use.open, unit: "files", source: "stat of /proc/\(process)/fd"),
      Evidence(
        "limit on open files", use.limit, unit: "files", source: "/proc/\(process)/limits"),
      use.sockets.map {
        Evidence("of them sockets", $0, unit: nil, source: "/proc/\(process)/fd")
      },
    ].compactMap { $0?.of(process: process) }
    let queues = listeners(use, file).filter { $0.length > 0 }.prefix(4).map { listener in
      Evidence(
        "accept queue", listener.length, unit: "connections", source: "sock_diag idiag_rqueue"
      ).on(listener.socket)
        .of(
          process: process,
          descriptor: listener.owners.first { $0.process == process }?.descriptor)
    }
    return facts + queues
  }
}
