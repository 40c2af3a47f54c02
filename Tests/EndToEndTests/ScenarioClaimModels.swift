import Foundation

extension ScenarioClaim {
  /// The server models with what each of them is prone to.
  static let models: [String: [ScenarioClaim]] = [
    "serial-blocked": [
      full(5), inVain(3), server(in: .recvfrom), established(1),
      ScenarioClaim("lsof: the server holds its listener and one connection") {
        try $0.lsof($0.server.pid, "(LISTEN)") == 1
          && $0.lsof($0.server.pid, "(ESTABLISHED)") == 1
      },
      ScenarioClaim("ss: what the six said waits unread") {
        try $0.served("ESTAB").count { !$0.hasOwner && $0.receiveQueue == 6 } == 6
      },
    ],
    "worker-join": [
      ScenarioClaim("ss -l: the queue of 16 is kept between 12 and 16") {
        let queue = try $0.queues()
        return queue.count == 1 && queue[0].limit == 16 && (12...16).contains(queue[0].length)
      },
      server(in: .poll),
      ScenarioClaim("/proc: one child more a second, not more") { look in
        let before = look.server.children.count
        usleep(2_100_000)
        return (1...3).contains(look.server.children.count - before)
      },
    ],
    "prefork-full": [
      full(5), inVain(14),
      ScenarioClaim("/proc: three workers, all waiting for their clients") {
        $0.server.children.count == 3
          && $0.server.children.allSatisfy { $0.threads(in: .recvfrom) == 1 }
      },
    ],
    "pool-exhausted": [
      full(5), inVain(2), established(7),
      ScenarioClaim("/proc: four threads wait for clients, the accepting one for room") {
        $0.server.threads(in: .recvfrom) == 4 && $0.server.threads(in: .futex) == 1
      },
    ],
    "pool-lock": [
      full(5), inVain(2), established(7),
      ScenarioClaim("/proc: three threads wait for the lock, the accepting one for room") {
        $0.server.threads(in: .recvfrom) == 1 && $0.server.threads(in: .futex) == 4
      },
    ],
    "event-spin": [
      full(5), inVain(2),
      ScenarioClaim("/proc: the loop is on the processor all the time") { look in
        let before = look.server.ticks
        usleep(300_000)
        return look.server.state == "R" && look.server.ticks - before >= 8
      },
    ],
    "event-sleep": [full(5), inVain(2), server(in: .nanosleep)],
    "event-blocked-upstream": [
      full(5), inVain(2), server(in: .recvfrom),
      ScenarioClaim("ss: the loop is connected to its upstream, which sleeps") {
        let upstream = $0.ready.servers[1]
        let row = try $0.rows(port: upstream.port).first {
          $0.state == "ESTAB" && $0.peer.hasSuffix(":\(upstream.port ?? 0)")
        }
        return row?.belongs(to: $0.server.pid) == true
          && $0.process(1).threads(in: .nanosleep) == 1
      },
    ],
  ]

  /// Those in which nothing is wrong.
  static let healthy: [String: [ScenarioClaim]] = [
    "serial-healthy": [answers, visited],
    "worker-healthy": [answers, visited],
    "prefork-healthy": [
      answers, visited,
      ScenarioClaim("/proc: two of three workers wait for clients") {
        $0.server.children.count { $0.threads(in: .recvfrom) == 1 } == 2
      },
    ],
    "pool-healthy": [
      answers, visited,
      ScenarioClaim("/proc: two of four threads wait for clients") {
        $0.server.threads(in: .recvfrom) == 2
      },
    ],
    "thread-many": [
      answers, established(300),
      ScenarioClaim("/proc: a thread for each") { $0.server.threads.count == 301 },
    ],
    "event-10k": [
      answers,
      ScenarioClaim("/proc: one thread, 10000 descriptors, or as many as the note says") { look in
        let wanted = look.ready.note?.split(separator: " ").first.flatMap { Int($0) } ?? 10_000
        return look.server.threads.count == 1 && look.server.descriptors.count >= wanted
      },
      ScenarioClaim("ss -s: as many connections") { look in
        try look.served("ESTAB", "-Htan").count >= look.server.descriptors.count - 20
      },
    ],
    "reuseport-healthy": [
      ScenarioClaim("ss -l: four listeners, nobody waits") {
        let queues = try $0.queues()
        return queues.count == 4 && queues.allSatisfy { $0.length == 0 }
      },
      visited,
    ],
    "unix-healthy": [answers],
    "healthy-busy": [
      answers,
      ScenarioClaim("ss: both servers have clients") { look in
        try look.ready.servers.allSatisfy { server in
          try look.rows(port: server.port).contains { $0.state == "ESTAB" }
        }
      },
      ScenarioClaim("ss: bytes go on being answered") { look in
        func sent() throws -> Int {
          let ours = try look.run("ss", "-Htin", "sport", "=", ":\(look.port)")
          return ours.text.split(whereSeparator: \.isWhitespace)
            .filter { $0.hasPrefix("bytes_sent:") }.compactMap { Int($0.dropFirst(11)) }
            .reduce(0, +)
        }
        let before = try sent()
        usleep(200_000)
        return try sent() > before
      },
    ],
  ]
}
