import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("What is peculiar to a server model")
  struct ServeModels {
    @Test("a worker server that joins accepts one connection a second")
    func join() throws {
      let times = try acceptTimes(join: "1")
      // Since the clients came; how late we hear of an accept is the machine's business.
      for (place, time) in times.enumerated() {
        #expect(time >= .milliseconds(990 * place), "\(times)")
      }
    }

    @Test("a worker server that does not join accepts at once, and leaves no zombies")
    func noJoin() throws {
      // All before the first has its answer.
      let times = try acceptTimes(join: "0")
      #expect(times[4] < .seconds(3), "\(times)")
    }

    /// When each of five clients was accepted that take 3 s each, counted from their coming.
    private func acceptTimes(join: String) throws -> [Duration] {
      let server = try DemoServer("worker", "--join", join, "--handler", "sleep:3")
      let begin = ContinuousClock.now
      let clients = try (1...5).map { _ in try server.client() }
      for client in clients { try client.send("hello\n") }
      let times = clients.map { _ in
        #expect(server.line()?.hasPrefix("accepted ") == true)
        return ContinuousClock.now - begin
      }
      for client in clients {
        #expect(client.line() == "hello\n")
        client.finishSending()
      }
      eventually("no child is left") { server.children.isEmpty }
      return times
    }

    @Test(
      "prefork with all its processes busy leaves the others in the queue",
      .enabled(if: Tool.has("ss"), "needs ss"))
    func maxClients() throws {
      let server = try DemoServer("prefork", "--workers", "3", "--backlog", "5")
      var silent = try (1...3).map { _ in try server.client() }
      for _ in silent { #expect(server.line()?.hasPrefix("accepted ") == true) }
      let names = server.children.compactMap { ProcessTable.name($0) }
      #expect(names == ["demo-prefork-1", "demo-prefork-2", "demo-prefork-3"])
      // The queue of 5 holds 6; the other SYNs are dropped.
      let more = try (1...20).map { _ in try DemoClient(port: server.port, waits: false) }
      try eventually("6 wait in the queue of 5") { try server.queues() == ["6 of 5"] }
      silent.removeFirst()
      #expect(try more[0].ask("hello\n") == "hello\n")
    }

    @Test("prefork replaces a process that dies, under the same name")
    func replaces() throws {
      let server = try DemoServer("prefork", "--workers", "2", "--quiet")
      let first = server.children[0]
      kill(first, SIGKILL)
      eventually("another demo-prefork-1") {
        server.children.contains { ProcessTable.name($0) == "demo-prefork-1" && $0 != first }
      }
      #expect(try server.client().ask("hello\n") == "hello\n")
    }

    @Test(
      "with --reuseport each process has a queue of its own",
      .enabled(if: Tool.has("ss"), "needs ss"), arguments: ["prefork", "thread", "event"])
    func shards(_ model: String) throws {
      let server = try DemoServer("\(model)", "--reuseport", "--workers", "3", "--backlog", "7")
      #expect(try server.queues() == ["0 of 7", "0 of 7", "0 of 7"])
      kill(server.children[1], SIGSTOP)
      try eventually("the queue of the stopped one has grown, the others are empty") {
        let queues = try server.queues().sorted()
        if queues[2] < "3 of 7" { _ = try DemoClient(port: server.port) }
        return queues[..<2] == ["0 of 7", "0 of 7"] && queues[2] >= "3 of 7"
      }
    }

    @Test("a thread for each connection, each with its number")
    func threads() throws {
      let server = try DemoServer("thread", "--quiet")
      let clients = try (1...3).map { _ in try server.client() }
      for client in clients { #expect(try client.ask("hello\n") == "hello\n") }
      #expect(
        ProcessTable.threads(server.pid)
          == ["demo-thread", "demo-thread-1", "demo-thread-2", "demo-thread-3"])
      for client in clients { client.finishSending() }
      eventually("the threads end") { ProcessTable.threads(server.pid) == ["demo-thread"] }
    }

    @Test("a pool whose queue is full accepts no more", .enabled(if: Tool.has("ss"), "needs ss"))
    func poolQueue() throws {
      let server = try DemoServer("pool", "--workers", "2", "--queue", "3")
      let clients = try (1...10).map { _ in try server.client() }
      // Two are served, three are queued, the sixth is in the hand of the thread that accepts.
      for _ in 1...6 { #expect(server.line()?.hasPrefix("accepted ") == true) }
      try eventually("four wait in the kernel's queue") { try server.queues() == ["4 of 128"] }
      _ = clients
    }

    @Test("one thread serves ten thousand idle clients and answers a new one at once")
    func idleClients() throws {
      let count = raiseFileLimit(wanted: 10_000)
      let server = try DemoServer("event", "--quiet", "--backlog", "4096")
      let idle = try (1...count).map { _ in try server.client() }
      for client in idle { client.resetAtClose() }
      // Other programs on the machine may delay it, but not every time.
      try eventually("a new client is answered within 50 ms") {
        let client = try server.client()
        let begin = ContinuousClock.now
        #expect(try client.ask("hello\n") == "hello\n")
        return ContinuousClock.now - begin < .milliseconds(50)
      }
      #expect(ProcessTable.threads(server.pid) == ["demo-event"])
      #expect(server.end() == .exited(0))
      let report = try #require(server.line()).split(separator: " ")
      #expect(report.starts(with: ["memory:"]) && report[2...4] == ["bytes", "a", "connection"])
      let (bytes, most) = (Int(report[1]) ?? 0, Int(report[report.count - 2]) ?? 0)
      #expect(bytes > 0 && bytes < 2048, "\(report)")
      #expect(most * 100 >= count * 99, "\(report)")
    }

    /// How many connections this process can have, with some descriptors to spare.
    private func raiseFileLimit(wanted: Int) -> Int {
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      return min(wanted, Int(clamping: limit.rlim_max) - 500)
    }

    @Test(
      "without descriptors a server says so once and leaves clients in the queue",
      arguments: ["thread", "pool", "event"])
    func descriptors(_ model: String) throws {
      let server = try DemoServer("\(model)", "--max-files", "16", "--quiet", "--queue", "99")
      let clients = try (1...30).map { _ in try server.client() }
      let line = "sockinspect: cannot accept: too many open files\n"
      eventually("it says so") { server.troubles == line }
      let begin = ProcessTable.ticks(server.pid)
      // A level-triggered loop spins, at most 50 ticks in half a second; the others sleep between
      // their tries.
      if model == "event" {
        eventually("it burns") { ProcessTable.ticks(server.pid) - begin > 10 }
      } else {
        usleep(500_000)
        let burnt = ProcessTable.ticks(server.pid) - begin
        #expect(burnt < 10, "\(burnt) ticks")
      }
      #expect(server.troubles == line)
      _ = clients
    }
  }
}
