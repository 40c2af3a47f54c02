import ProcNet

/// Keeps the findings that a question is about, and those that cause them.
struct TargetFilter {
  let host: HostObservation
  let focus: Diagnoser.Focus

  init(_ host: HostObservation, _ focus: Diagnoser.Focus) {
    self.host = host
    self.focus = focus
  }

  func choose(_ findings: [Finding]) -> [Finding] {
    var chosen = Set(findings.filter { isMeant($0.subject) }.map(\.reference))
    var added = true
    while added {
      added = false
      for finding in findings where chosen.contains(finding.reference) {
        for cause in finding.causes where chosen.insert(cause).inserted { added = true }
      }
    }
    return findings.filter { chosen.contains($0.reference) }
  }

  private func isMeant(_ subject: Subject) -> Bool {
    switch subject {
    case .listener(let name), .socket(let name):
      isMeant(inode: name.inode) || isHeld(inode: name.inode)
        || host.last.listeners.contains {
          $0.socket.inode == name.inode && focus.includes($0.socket)
        }
    case .process(let name):
      focus.process == name.process || holdsMeant(name.process)
    case .host: false
    }
  }

  private func isMeant(inode: UInt32) -> Bool {
    host.table.socket(inode: inode).map { focus.includes($0) } ?? false
  }

  private func isHeld(inode: UInt32) -> Bool {
    guard let process = focus.process else { return false }
    return host.holders(of: inode).contains { $0.process == process }
  }

  private func holdsMeant(_ process: Int32) -> Bool {
    host.processes[process]?.sockets.keys.contains { isMeant(inode: $0) } ?? false
  }
}
