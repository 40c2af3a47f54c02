import Foundation

extension ScenarioClaim {
  /// Requests that wait behind something that no accept queue shows.
  static let waits: [String: [ScenarioClaim]] = [
    "unanswered": [
      server(in: .poll), nothingUnread,
      ScenarioClaim("/proc: three threads of the upstream wait in one futex") {
        $0.process(1).threads(in: .futex) == 3
      },
    ],
    "long-poll-healthy": [
      answers, nothingUnread, server(in: .poll),
      ScenarioClaim("/proc: the upstream has one thread, and it waits for events") {
        $0.process(1).threads.count == 1 && $0.process(1).threads(in: .poll) == 1
      },
    ],
    "database-pool": [
      established(6), nothingUnread,
      ScenarioClaim("/proc: 2 threads wait for the database, 4 for one of its connections") {
        $0.server.threads(in: .recvfrom) == 2 && $0.server.threads(in: .futex) == 4
      },
      ScenarioClaim("ss: two connections to the database") { look in
        let database = look.ready.servers[1]
        return try look.rows(port: database.port).count {
          $0.state == "ESTAB" && $0.belongs(to: look.server.pid)
        } == 2
      },
    ],
    "database-pool-healthy": [
      answers, visited,
      ScenarioClaim("/proc: no thread waits for a connection") {
        $0.server.threads(in: .recvfrom) >= 6 && $0.server.threads(in: .futex) == 0
      },
    ],
    "file-lock": [
      waiting(3),
      ScenarioClaim("/proc/locks: both workers wait behind a process that is none of them") {
        let workers = $0.server.children.map(\.pid)
        let waiters = locks().filter { $0.contains("->") }.compactMap(pid)
        return workers.count == 2 && workers.allSatisfy(waiters.contains)
          && holder($0).map { !workers.contains($0) } == true
      },
    ],
    "file-lock-polled": [
      waiting(3),
      ScenarioClaim("/proc/locks: a holder, and no waiter") {
        guard let holder = holder($0) else { return false }
        let workers = $0.server.children.map(\.pid)
        return workers.count == 2 && !workers.contains(holder)
          && !locks().filter { $0.contains("->") }.compactMap(pid).contains(where: workers.contains)
      },
      ScenarioClaim("/proc: both workers sleep most of the time") {
        $0.server.children.count { $0.threads(in: .nanosleep) == 1 } == 2
      },
    ],
    "stopped-terminal": [
      answers, nothingUnread, writing(3, to: "/dev/pts/"),
    ],
    "full-pipe": [
      answers, nothingUnread, writing(3, to: "pipe:["),
      ScenarioClaim("/proc: one process has the other end, and sleeps") { look in
        guard let pipe = look.server.link("2") else { return false }
        let readers = look.ready.pids.map(ScenarioProcess.init).filter { process in
          process.pid != look.server.pid
            && process.descriptors.contains { process.link($0) == pipe }
        }
        return readers.count == 1 && readers[0].state == "S"
      },
    ],
    "nested-loop": [
      waiting(3), server(in: .poll),
      ScenarioClaim("/proc: a second epoll watches the upstream's connection alone") { look in
        let sets = look.server.watchedSets
        return sets.count == 2 && sets.contains { $0.count == 1 }
      },
      ScenarioClaim("/proc: the upstream sleeps") { $0.process(1).threads(in: .nanosleep) == 1 },
    ],
    "child-waited": [
      waiting(3), server(in: .recvfrom),
      ScenarioClaim("/proc: its child sleeps, and writes into the pipe that it reads") { look in
        let pipes = look.server.descriptors.compactMap(look.server.link)
        return look.server.children.count == 1
          && look.server.children.allSatisfy { child in
            child.threads(in: .nanosleep) == 1 && child.link("1").map(pipes.contains) == true
          }
      },
    ],
    "overload": [
      ScenarioClaim("ss -l: the queue of 64 is never empty and never full") { look in
        try (0..<10).allSatisfy { _ in
          usleep(100_000)
          let queues = try look.queues()
          return queues.count == 1 && queues.allSatisfy { (10...28).contains($0.length) }
        }
      },
      ScenarioClaim("/proc: both workers compute, and answer") { look in
        let before = look.server.children.map(\.ticks)
        let answered = try look.calling("TIME-WAIT", "-Htan").count
        usleep(1_000_000)
        let after = look.server.children.map(\.ticks)
        // On a machine that has other work, too, each gets a part of a processor.
        return try zip(before, after).count { $1 >= $0 + 20 } == 2
          && look.calling("TIME-WAIT", "-Htan").count > answered
      },
    ],
    "nobody-listens": [
      ScenarioClaim("ss: the port is a client's end of a connection, not a listener's") { look in
        let ends = try look.served("ESTAB")
        return try ends.count == 1 && ends[0].belongs(to: look.server.pid)
          && look.rows("-Htln").isEmpty
      },
      refused,
    ],
    "loopback-only": [
      answers, refused,
      ScenarioClaim("ss -l: 127.0.0.1 and no other address") {
        let listeners = try $0.rows("-Htln").map(\.local)
        return listeners == ["127.0.0.1:\($0.port)"] && $0.ready.target == "127.0.0.2:\($0.port)"
      },
    ],
    "hanging-mount": [
      answers, nothingUnread,
      ScenarioClaim("/proc: three threads open a file, on a mount that only they see") { look in
        look.server.threads(in: .openat) == 3 && look.server.mounts.contains("/mnt fuse")
          && !ScenarioProcess(pid: getpid()).mounts.contains("/mnt fuse")
      },
    ],
  ]

  /// What a client gets that connects to the target.
  private static let refused = ScenarioClaim("a client gets 'connection refused'") { look in
    let script = """
      import socket, sys
      host, port = sys.argv[1].rsplit(":", 1)
      try: socket.create_connection((host or "127.0.0.1", int(port)))
      except ConnectionRefusedError: print("refused")
      """
    return try look.run("python3", "-c", script, look.ready.target).text == "refused\n"
  }

  /// A queue with room, and clients in it.
  private static func waiting(_ count: Int) -> ScenarioClaim {
    ScenarioClaim("ss -l: \(count) wait in a queue of 16") {
      try $0.queues() == [ScenarioQueue(length: count, limit: 16)]
    }
  }

  /// Threads of the server that write to its standard error, which is of that kind.
  private static func writing(_ count: Int, to kind: String) -> ScenarioClaim {
    ScenarioClaim("/proc: \(count) threads write to \(kind)…") {
      $0.server.threads(in: .sendto) == count && $0.server.link("2")?.hasPrefix(kind) == true
    }
  }

  /// `1: FLOCK  ADVISORY  WRITE 812 00:1f:77 0 EOF`; waiters have `->` behind the number.
  private static func locks() -> [Substring] {
    ((try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? "").split(separator: "\n")
  }

  private static func pid(_ lock: Substring) -> Int32? {
    let fields = lock.split(separator: " ").filter { $0 != "->" }
    return fields.count > 4 ? Int32(fields[4]) : nil
  }

  /// The process of the scenario that holds a lock.
  private static func holder(_ look: ScenarioLook) -> Int32? {
    locks().filter { !$0.contains("->") }.compactMap(pid).first(where: look.ready.pids.contains)
  }

  /// What its clients sent has been read, by every server.
  static let nothingUnread = ScenarioClaim("ss: nobody waits for accept, nothing is unread") {
    look in
    try look.ready.servers.allSatisfy { server in
      let rows = try look.rows(port: server.port)
      return rows.contains { $0.state == "ESTAB" }
        && rows.allSatisfy { $0.receiveQueue == 0 && $0.sendQueue == 0 || $0.state == "LISTEN" }
    }
  }
}
