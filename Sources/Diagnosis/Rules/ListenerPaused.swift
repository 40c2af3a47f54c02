import ProcNet

/// The owner no longer waits for new connections, on purpose or by mistake.
struct ListenerPaused: Rule {
  static let kind = FindingKind(
    id: "listener-paused", rank: .server, severities: [.warning],
    title: "The program no longer watches its listener",
    means:
      """
      Connections wait, and no thread of the listener's owners waits for them, although all are \
      idle.
      """,
    condition:
      """
      Connections wait in the accept queue and none of the first sample was accepted. No thread \
      of the owners is busy, none waits for the listener (epoll, poll, select, accept), and at \
      least one waits for connections that were accepted. It is not reported where the wait of \
      any thread cannot be seen.
      """,
    explanation:
      """
      Servers with a limit on connections often take their listener out of the event loop at the \
      limit, and put it back when a client leaves. The kernel does not know: it completes \
      handshakes and queues the connections. If no client leaves, the server accepts no other. A \
      program that forgets to put the listener back looks the same.
      """,
    remedy: [
      """
      Compare the number of connections with the program's own limit (maxconn, \
      worker_connections, maxclients and the like), and raise it or close idle connections \
      sooner.
      """,
      """
      If it is far below its limit, the program has not resumed: restart it, and report it to its \
      maintainers.
      """,
    ],
    avoid: ["raise the backlog or `net.core.somaxconn`: the limit is inside the program."],
    check: [
      "grep tfd /proc/PID/fdinfo/EPFD",
      "ls -l /proc/PID/fd | grep INODE",
      "ss -tan 'sport = :PORT' | wc -l",
    ],
    demo: ["paused-listener"])

  func findings(in host: HostObservation) -> [Finding] {
    host.servers.compactMap { server in
      guard server.listener.standsStill, BlockKind.of(server) == .paused, isVisible(server) else {
        return nil
      }
      return finding(host, server)
    }
  }

  /// The wait of every thread could be seen, with its whole set of descriptors.
  private func isVisible(_ server: Server) -> Bool {
    server.members.allSatisfy { member in
      member.process.threads.allSatisfy { $0.wait.kind != .unknown && !$0.wait.isBlind }
    }
  }

  private func finding(_ host: HostObservation, _ server: Server) -> Finding {
    let words = ServerDescription(host, server)
    let name = server.listener.name
    var finding = Finding(
      Self.kind, .warning,
      """
      \(name.text) accepts no new connections: \(words.processNames) no longer watches its \
      listener and waits for its \(Phrase.count(server.accepted, "client"))
      """,
      about: .listener(name), confidence: .likely)
    finding.story = [
      """
      No thread of its owners has the listener in an epoll, poll or select, and none is busy: they \
      wait for the clients that they have. Servers do so to keep to a limit on connections.
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

  private func watchLists(_ server: Server) -> [String] {
    server.members.prefix(2).compactMap { member in
      member.process.snapshot.watchLists.keys.min().map {
        "grep tfd /proc/\(member.process.process)/fdinfo/\($0)"
      }
    }
  }
}
