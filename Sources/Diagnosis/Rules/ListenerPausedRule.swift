import ProcNet

/// The owner has taken the listener out of what it waits for, on purpose or by mistake.
struct ListenerPausedRule: Rule {
  static let kind = FindingDescription.listenerPaused

  func findings(in file: CaseFile) -> [Finding] {
    file.servers.compactMap { server in
      guard server.listener.standsStill, Hindrance.of(server) == .paused, isVisible(server) else {
        return nil
      }
      return finding(file, server)
    }
  }

  /// Every thread's wait was seen, and none of them was blind.
  private func isVisible(_ server: ServerCase) -> Bool {
    server.members.allSatisfy { member in
      member.process.threads.allSatisfy { $0.wait.kind != .unknown && !$0.wait.isBlind }
    }
  }

  private func finding(_ file: CaseFile, _ server: ServerCase) -> Finding {
    let words = ServerWords(file, server)
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .warning,
      """
      \(name.text) accepts nobody: \(words.processNames) has turned away from its listener and \
      waits for its \(Words.count(server.accepted, "client"))
      """,
      about: .listener(name), confidence: .likely)
    finding.story = [
      """
      The listener is in no epoll, poll or select of any thread of its owners, and none of them is \
      busy: they wait for the clients they have. That is how servers keep to a limit on \
      connections.
      """,
      words.waiting,
    ]
    finding.evidence = words.evidence
    for member in server.members {
      let process = member.process
      finding.evidence.append(
        Evidence(
          "accepted connections", member.accepted.count, unit: "connections",
          source: "/proc/\(process.process)/fd"
        ).of(process: process.process))
      finding.evidence.append(
        Evidence(
          "listener is watched", .flag(false), source: "/proc/\(process.process)/fdinfo, syscall"
        ).of(
          process: process.process,
          descriptor: process.sockets[server.listener.socket.inode]
        ).on(server.listener.socket))
    }
    finding.check = [ServerChecks(server: server).queue] + watchLists(server)
    return finding
  }

  private func watchLists(_ server: ServerCase) -> [String] {
    server.members.prefix(2).compactMap { member in
      member.process.snapshot.watchLists.keys.min().map {
        "grep tfd /proc/\(member.process.process)/fdinfo/\($0)"
      }
    }
  }
}
