import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("Every server model")
  struct ServeAnswers {
    static let models = ["serial", "worker", "prefork", "thread", "pool", "event"]

    @Test("answers a thousand requests", arguments: models)
    func thousand(_ model: String) throws {
      let server = try DemoServer("\(model)")
      let client = try server.client()
      for number in 1...1000 {
        let request = "request \(number)\n"
        try #require(try client.ask(request) == request)
      }
      #expect(server.line()?.hasPrefix("accepted 127.0.0.1:") == true)
    }

    @Test("puts messages together that came in pieces, and takes packets apart", arguments: models)
    func pieces(_ model: String) throws {
      let server = try DemoServer("\(model)", "--quiet")
      let client = try server.client()
      // The two bytes of ü and the four of 𝄞 in writes of their own.
      for byte in "Grüße, 𝄞\n".utf8 { try client.send([byte]) }
      #expect(client.line() == "Grüße, 𝄞\n")
      let many = (1...500).map { "Nachricht \($0)\n" }
      try client.send(many.joined())
      for message in many { try #require(client.line() == message) }
      #expect(try client.ask("\r\n") == "\r\n")
    }

    @Test("answers a message larger than any buffer", arguments: models)
    func large(_ model: String) throws {
      let server = try DemoServer("\(model)", "--quiet")
      let client = try server.client()
      let message = String(repeating: "ä", count: 4 << 20) + "\n"
      let sender = Thread { try? client.send(message) }
      sender.start()
      #expect(client.line() == message)
    }

    @Test("answers what was sent before the client finished, and closes", arguments: models)
    func finish(_ model: String) throws {
      let server = try DemoServer("\(model)")
      let client = try server.client()
      try client.send("one\nno line feed")
      client.finishSending()
      #expect(client.line() == "one\n")
      #expect(client.line() == "no line feed")
      #expect(client.count() == 0)
      #expect(server.line()?.hasPrefix("accepted ") == true)
      #expect(server.line()?.hasPrefix("closed ") == true)
    }

    @Test("goes on when a client resets its connection", arguments: models)
    func reset(_ model: String) throws {
      let server = try DemoServer("\(model)", "--quiet", "--join", "0")
      for _ in 1...10 {
        let client = try server.client()
        try client.send(String(repeating: "x\n", count: 1000))
        client.resetAtClose()
      }
      #expect(try server.client().ask("still there?\n") == "still there?\n")
    }

    @Test("serves a hundred clients at once", arguments: ["worker", "prefork", "thread", "event"])
    func hundred(_ model: String) throws {
      var words = [Product.sockinspect, "serve", model, "--quiet"]
      if model == "worker" { words += ["--join", "0"] }
      if model == "prefork" { words += ["--workers", "100"] }
      let server = try DemoServer(running: words)
      let clients = try (1...100).map { _ in try server.client() }
      for (number, client) in clients.enumerated() {
        try #require(try client.ask("\(number)\n") == "\(number)\n")
      }
      for client in clients.reversed() { try #require(try client.ask("again\n") == "again\n") }
    }

    @Test("a pool serves a hundred clients with four threads, one after the other of each")
    func hundredInPool() throws {
      let server = try DemoServer("pool", "--quiet")
      let clients = try (1...100).map { _ in try server.client() }
      for client in clients {
        try client.send("hello\n")
        client.finishSending()
      }
      for client in clients { try #require(client.line() == "hello\n") }
      #expect(
        ProcessTable.threads(server.pid) == ["demo-pool"] + (1...4).map { "demo-pool-w\($0)" })
    }

    @Test("a serial server serves one client at a time")
    func serial() throws {
      let server = try DemoServer("serial")
      var clients = try (1...3).map { _ in try server.client() }
      for client in clients { try client.send("hello\n") }
      #expect(clients[0].line() == "hello\n")
      #expect(clients[1].line(within: .milliseconds(300)) == "")
      clients.removeFirst()
      #expect(clients[0].line() == "hello\n")
      #expect(clients[1].line(within: .milliseconds(300)) == "")
      clients.removeFirst()
      #expect(clients[0].line() == "hello\n")
      clients.removeFirst()
      let said = (1...6).map { _ in server.line()?.prefix { $0 != " " } ?? "" }
      #expect(said == ["accepted", "closed", "accepted", "closed", "accepted", "closed"])
    }

    @Test("listens on unix sockets as well", arguments: models)
    func unix(_ model: String) throws {
      let folder = try TemporaryFolder()
      let path = folder.path + "/socket"
      let server = try DemoServer("\(model)", "--unix", path)
      #expect(server.ready["path"] == path)
      let client = try DemoClient(path: path)
      #expect(try client.ask("hello\n") == "hello\n")
      #expect(server.line()?.hasPrefix("accepted pid:\(getpid()) by pid ") == true)
      #expect(server.end() == .exited(0))
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }
}
