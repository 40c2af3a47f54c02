import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("What a handler does to its clients")
  struct ServeHandlers {
    private static let models = ServeAnswers.models

    @Test("never-read takes the connection and nothing else", arguments: models)
    func neverRead(_ model: String) throws {
      let server = try DemoServer("\(model)", "--handler", "never-read")
      let client = try server.client()
      #expect(server.line()?.hasPrefix("accepted ") == true)
      #expect(try client.ask("hello\n", within: .milliseconds(200)) == "")
      #expect(server.end() == .exited(0))
    }

    @Test(
      "never-close leaves connections in CLOSE-WAIT", .enabled(if: Tool.has("ss"), "needs ss"),
      arguments: models)
    func neverClose(_ model: String) throws {
      let server = try DemoServer("\(model)", "--handler", "never-close", "--join", "0")
      for _ in 1...3 {
        let client = try server.client()
        #expect(try client.ask("hello\n") == "hello\n")
      }
      try eventually("three that were never closed, each with a holder") {
        let ss = try Program(
          words: ["ss", "-Htnp", "state", "close-wait", "sport = :\(server.port)"]
        ).run()
        return ss.text.split(separator: "\n").filter { $0.contains("demo-\(model)") }.count == 3
      }
    }

    @Test("flood sends all at once, in pieces that the client takes", arguments: models)
    func flood(_ model: String) throws {
      let server = try DemoServer("\(model)", "--handler", "flood:20000001")
      let client = try server.client()
      try client.send("this is never read\n")
      #expect(client.count() == 20_000_001)
    }

    @Test("lock lets one client in at a time", arguments: ["worker", "prefork", "thread", "pool"])
    func lock(_ model: String) throws {
      let server = try DemoServer("\(model)", "--handler", "lock", "--join", "0")
      let first = try server.client()
      #expect(try first.ask("first\n") == "first\n")
      let second = try server.client()
      #expect(try second.ask("second\n", within: .milliseconds(300)) == "")
      first.finishSending()
      #expect(second.line() == "second\n")
    }

    @Test("a process that dies gives the lock back")
    func lockOfTheDead() throws {
      let server = try DemoServer("prefork", "--handler", "lock")
      let first = try server.client()
      #expect(try first.ask("first\n") == "first\n")
      let holder = try #require(server.line()?.split(separator: " ").last)
      let second = try server.client()
      try second.send("second\n")
      kill(try #require(pid_t(holder)), SIGKILL)
      #expect(second.line() == "second\n")
    }

    @Test("in an event loop the second client waits for the lock, and everybody with it")
    func lockInLoop() throws {
      let server = try DemoServer("event", "--handler", "lock")
      let clients = try (1...2).map { _ in try server.client() }
      for client in clients { try client.send("hello\n") }
      #expect(clients[1].line(within: .milliseconds(300)) == "")
      #expect(server.end() == .exited(0))
    }

    @Test("upstream gets its answers from another server", arguments: models)
    func upstream(_ model: String) throws {
      let database = try DemoServer("thread", "--handler", "sleep:0.1")
      let server = try DemoServer("\(model)", "--handler", "upstream:127.0.0.1:\(database.port)")
      let client = try server.client()
      for _ in 1...2 { #expect(try client.ask("hello\n") == "hello\n") }
      // A new connection for each message.
      let said = (1...3).compactMap { _ in database.line()?.prefix { $0 != " " } }
      #expect(said.filter { $0 == "accepted" }.count == 2)
    }

    @Test("upstream hangs up on its client when there is nobody, and says so once")
    func noUpstream() throws {
      let gone = try DemoServer("serial").port
      let server = try DemoServer("thread", "--handler", "upstream:127.0.0.1:\(gone)")
      for _ in 1...3 {
        let client = try server.client()
        #expect(try client.ask("hello\n") == "")
      }
      let line = "sockinspect: cannot connect to 127.0.0.1:\(gone): connection refused\n"
      eventually("it says so") { server.troubles == line }
    }

    @Test(
      "self works as long as somebody is free", arguments: ["worker", "prefork", "thread", "pool"])
    func selfCall(_ model: String) throws {
      let server = try DemoServer("\(model)", "--handler", "self", "--join", "0")
      #expect(try server.client().ask("hello\n") == "hello\n")
    }

    @Test("self waits for itself where nobody is", arguments: ["serial", "event"])
    func selfDeadlock(_ model: String) throws {
      let server = try DemoServer("\(model)", "--handler", "self")
      #expect(try server.client().ask("hello\n", within: .milliseconds(300)) == "")
      #expect(server.end() == .exited(0))
    }

    @Test("a slow answer delays everybody in an event loop, and nobody in threads")
    func sleep() throws {
      #expect(try timeOfFour("event") >= .milliseconds(1200))
      // Other programs on the machine may delay them, but not every time.
      try eventually("four answers in the time of one") {
        try timeOfFour("thread") < .milliseconds(1100)
      }
    }

    private func timeOfFour(_ model: String) throws -> Duration {
      let server = try DemoServer("\(model)", "--handler", "sleep:0.3")
      let clients = try (1...4).map { _ in try server.client() }
      let begin = ContinuousClock.now
      for client in clients { try client.send("hello\n") }
      for client in clients { #expect(client.line() == "hello\n") }
      return ContinuousClock.now - begin
    }
  }
}
