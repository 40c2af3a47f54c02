import Foundation

extension ScenarioClaim {
  /// What can happen to a server of any model.
  static let faults: [String: [ScenarioClaim]] = [
    "upstream-chain": [
      full(5), inVain(2),
      ScenarioClaim("/proc: workers and pool threads wait for answers, the database for its lock") {
        $0.server.children.count { $0.threads(in: .recvfrom) == 1 } == 2
          && $0.process(1).threads(in: .recvfrom) == 2 && $0.process(2).threads(in: .futex) == 2
      },
    ],
    "self-call": [
      server(in: .recvfrom),
      ScenarioClaim("ss: its own connection waits in its own queue") {
        let calls = try $0.calling("ESTAB")
        return try $0.queues().map(\.length) == [1]
          && calls.contains { [look = $0] in $0.belongs(to: look.server.pid) }
      },
    ],
    "wait-cycle": [
      server(in: .recvfrom),
      ScenarioClaim("ss: each is a client of the other") { look in
        try zip(look.ready.servers, look.ready.servers.reversed()).allSatisfy { server, other in
          try look.rows(port: server.port).contains {
            $0.peer.hasSuffix(":\(server.port ?? 0)") && $0.belongs(to: other.pid)
          }
        }
      },
      ScenarioClaim("/proc: the other one waits, too") {
        $0.process(1).threads(in: .recvfrom) == 1
      },
    ],
    "close-wait": [
      ScenarioClaim("ss, lsof: 120 connections in CLOSE-WAIT that the server holds") {
        try $0.served("CLOSE-WAIT").count { $0.hasOwner } == 120
          && $0.lsof($0.server.pid, "(CLOSE_WAIT)") == 120
      },
      ScenarioClaim("/proc: out of 256 descriptors") {
        $0.server.limit("Max open files") == 256 && $0.server.descriptors.count > 120
      },
    ],
    "not-reading": [
      ScenarioClaim("ss, netstat: 4096 bytes unread on each of three connections") {
        try $0.served("ESTAB").count { $0.receiveQueue == 4096 && $0.hasOwner } == 3
          && $0.netstat(" 4096 ") == 3
      },
      server(in: .nanosleep),
    ],
    "slow-reader": [
      server(in: .sendto),
      ScenarioClaim("ss: both send queues are full, both clients have bytes to read") {
        try $0.served("ESTAB").count { $0.sendQueue > 0 } == 2
          && $0.calling("ESTAB").count { $0.receiveQueue > 0 } == 2
      },
      ScenarioClaim("ss -o: the window is closed: the kernel asks whether it opens again") {
        let ours = try $0.run("ss", "-Htno", "sport", "=", ":\($0.port)")
        return ours.text.split(separator: "\n").count { $0.contains("timer:(persist") } == 2
      },
    ],
    "descriptors": [
      ScenarioClaim("/proc: all 32 descriptors are in use") {
        $0.server.limit("Max open files") == 32 && $0.server.descriptors.count == 32
      },
      ScenarioClaim("ss -l: five wait that cannot be accepted") {
        try $0.queues() == [ScenarioQueue(length: 5, limit: 16)]
      },
    ],
    "paused-listener": [
      established(3),
      ScenarioClaim("ss -l: four wait, with plenty of room") {
        try $0.queues() == [ScenarioQueue(length: 4, limit: 16)]
      },
      ScenarioClaim("/proc: of its listener and its three clients it watches but three") {
        $0.server.threads(in: .poll) == 1 && $0.server.socketInodes.count == 4
          && $0.server.watchedInodes.count == 3
          && $0.server.watchedInodes.isSubset(of: $0.server.socketInodes)
      },
    ],
    "reuseport-stopped": [
      ScenarioClaim("ss -l: four listeners, one of them full") {
        let queues = try $0.queues()
        return queues.count == 4 && queues.count { $0.length > $0.limit } == 1
      },
      ScenarioClaim("/proc: one of four is stopped") { look in
        look.ready.servers.map { ScenarioProcess(pid: $0.pid).state }.filter { $0 == "T" } == ["T"]
          && look.server.state == "T"
      },
    ],
    "stopped": [
      full(5), inVain(2), established(2),
      ScenarioClaim("/proc: the server is stopped") { $0.server.state == "T" },
    ],
  ]
}
