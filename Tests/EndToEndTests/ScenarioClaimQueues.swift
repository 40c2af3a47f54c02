import Foundation

extension ScenarioClaim {
  /// Queues of all kinds.
  static let queues: [String: [ScenarioClaim]] = [
    "abandoned-queue": [
      full(5), server(in: .recvfrom),
      ScenarioClaim("ss: four in the queue have been left by their clients") {
        try $0.served("CLOSE-WAIT").count { !$0.hasOwner } == 4
          && $0.served("ESTAB").count { !$0.hasOwner } == 2
      },
    ],
    "connect-stuck": [
      full(2), inVain(2), server(in: .recvfrom),
      ScenarioClaim("/proc, ss: two processes sit in connect, and it is they who wait") { look in
        let waiting = try look.calling("SYN-SENT")
        return look.count(in: .connect) == 2
          && waiting.allSatisfy { row in look.ready.pids.contains { row.belongs(to: $0) } }
      },
    ],
    "syn-flood": [
      ScenarioClaim("ss, netstat: 64 half-open connections from strangers") {
        try $0.served("SYN-RECV").count >= 64 && $0.netstat("SYN_RECV") >= 64
          && $0.served("SYN-RECV").allSatisfy { $0.peer.hasPrefix("10.") }
      },
      ScenarioClaim("/proc/net/netstat: cookies, and ever more of them") { look in
        let before = try cookies(look)
        usleep(300_000)
        let after = try cookies(look)
        return before > 0 && after > before
      },
      ScenarioClaim("the host's own network has nothing of it") {
        let ours = try Program(words: ["ss", "-Htan", "state", "syn-recv"]).run()
        return $0.ready.netns != nil && !ours.text.contains(" 10.")
      },
    ],
    "time-wait-ports": [
      ScenarioClaim("ss: all 100 local ports are in TIME-WAIT") {
        try $0.calling("TIME-WAIT").count == 100
      },
      ScenarioClaim("nobody can connect any more") {
        let script = """
          import errno, socket, sys
          try: socket.create_connection(("127.0.0.1", int(sys.argv[1])))
          except OSError as error: print(errno.errorcode[error.errno])
          """
        let ours = try $0.run("python3", "-c", script, "\($0.port)")
        return ours.text == "EADDRNOTAVAIL\n"
      },
    ],
    "udp-drops": [
      ScenarioClaim("ss -m: dropped datagrams, and ever more of them") { look in
        let before = try drops(look)
        usleep(300_000)
        let after = try drops(look)
        return before > 0 && after > before
      }
    ],
    "unix-backlog": [
      full(2), server(in: .recvfrom),
      ScenarioClaim("/proc: two processes sit in connect") { $0.count(in: .connect) == 2 },
    ],
    "unix-datagram-full": [
      ScenarioClaim("/proc: two processes sit in send") { $0.count(in: .sendto) == 2 },
      ScenarioClaim("ss -x: the receiver has datagrams that it does not read") { look in
        let ours = try look.run("ss", "-Hxan", "src", "unix:\(look.ready.path ?? "")")
        return ours.text.split(separator: "\n").contains {
          $0.split(separator: " ").dropFirst(2).first.flatMap { Int($0) } ?? 0 > 0
        }
      },
    ],
  ]

  private static func cookies(_ look: ScenarioLook) throws -> Int {
    let lines = try look.run("cat", "/proc/net/netstat").text.split(separator: "\n")
      .filter { $0.hasPrefix("TcpExt:") }.map { $0.split(separator: " ") }
    guard lines.count == 2, let place = lines[0].firstIndex(of: "SyncookiesSent") else { return -1 }
    return Int(lines[1][place]) ?? -1
  }

  /// The letter d of `skmem:(r…,rb…,t…,tb…,f…,w…,o…,bl…,d…)`.
  private static func drops(_ look: ScenarioLook) throws -> Int {
    let text = try look.run("ss", "-Huanm", "sport", "=", ":\(look.port)").text
    let last = text.split(separator: ",d").last?.prefix { $0.isNumber }
    return last.flatMap { Int($0) } ?? -1
  }
}
