import ProcNet

/// The owner has taken the listener out of what it waits for, on purpose or by mistake.
struct ListenerPaused: Rule {
  static let kind = FindingKind(
    id: "listener-paused", rank: .server, severities: [.warning],
    title: "The program has stopped listening to its listener",
    means: "The listener is in nobody's set of awaited descriptors, though its owners look idle.",
    condition:
      """
      Connections wait in the accept queue, all threads of all owners wait for something, and the \
      listener is in none of their epoll, poll or select sets and in no call of accept. Where a \
      set cannot be read this is not claimed.
      """,
    explanation:
      """
      Servers with a limit on connections often take their listener out of the event loop when \
      the limit is reached, and put it back when somebody leaves. The kernel knows nothing of \
      that: it completes handshakes and queues them. If nobody ever leaves, nobody is ever \
      accepted. A program that forgets to put the listener back looks the same.
      """,
    remedy: [
      """
      Compare the number of connections with the program's own limit (maxconn, \
      worker_connections, maxclients and the like), and raise it or close idle connections \
      sooner.
      """,
      """
      If it is far below its limit, the program has not resumed: a restart frees it, its \
      maintainers will want to know.
      """,
    ],
    avoid: ["raise the backlog or `net.core.somaxconn`: the limit is inside of the program."],
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

  /// Every thread's wait was seen, and none of them was blind.
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
      \(name.text) accepts no new connections: \(words.processNames) no longer watches its listener and \
      waits for its \(Phrase.count(server.accepted, "client"))
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

  private func watchLists(_ server: Server) -> [String] {
    server.members.prefix(2).compactMap { member in
      member.process.snapshot.watchLists.keys.min().map {
        "grep tfd /proc/\(member.process.process)/fdinfo/\($0)"
      }
    }
  }
}
