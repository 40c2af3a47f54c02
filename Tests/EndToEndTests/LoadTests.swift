import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("load", .timeLimit(.minutes(5)))
  struct Load {
    @Test(
      "a thousand messages are answered by every model",
      arguments: ["serial", "worker", "prefork", "thread", "pool", "event"])
    func everyModel(_ model: String) throws {
      // The worker model waits up to a second for each child before it accepts again.
      let server = try model == "worker" ? LoadServer(model, "--join", "0") : LoadServer(model)
      let ours = try Program(words: [
        Product.sockinspect, "load", server.address, "--connections", "10", "--requests", "1000",
        "--quiet", "--for", "60",
      ]).run()
      #expect(ours.ending == .exited(0), "\(ours)")
      #expect(ours.text.contains("1000 sent, 1000 answered"), "\(ours)")
      #expect(ours.errors.isEmpty, "\(ours)")
    }

    /// SOCKINSPECT_CLIENTS=10000 for the number that the design is made for.
    static let clients = ProcessInfo.processInfo.environment["SOCKINSPECT_CLIENTS"] ?? "2000"

    @Test("thousands of clients are connected by one process with one thread")
    func thousands() throws {
      let server = try LoadServer("event", "--backlog", "4096")
      let load = try LoadChild(
        [server.address, "--kind", "silent", "--connections", Self.clients, "--rate", "5000/s"])
      let ready = load.output()
      #expect(ready == "ready pid=\(load.process.number) connected=\(Self.clients)\n")
      let threads = try FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(load.process.number)/task")
      #expect(threads.count == 1)
      // Besides them another client is served at once.
      let other = try Program(words: [
        Product.sockinspect, "load", server.address, "--connections", "1", "--json", "-q",
      ]).run()
      #expect(other.ending == .exited(0), "\(other)")
      load.endInput()
      let (ending, report, _) = load.end()
      #expect(ending == .exited(0))
      #expect(report.contains("\(Self.clients) connected of \(Self.clients) tried"), "\(report)")
    }

    @Test("the report as JSON is one object, alone on standard output")
    func json() throws {
      let server = try LoadServer("event")
      let ours = try Program(words: [
        Product.sockinspect, "load", server.address, "--connections", "3", "--requests", "30",
        "--json",
      ]).run()
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(ours.output)) as? [String: Any], "\(ours)")
      let requests = try #require(report["requests"] as? [String: Any])
      #expect(requests["answered"] as? Int == 30 && requests["unanswered"] as? Int == 0)
      #expect((requests["answered_per_second"] as? Double ?? 0) > 0)
      let latency = try #require(report["latency_ns"] as? [String: Int])
      let times = ["min", "p50", "p90", "p99", "max"].compactMap { latency[$0] }
      #expect(times.count == 5 && times == times.sorted() && latency["count"] == 30)
      #expect(ours.errorText.hasPrefix("ready pid="), "\(ours)")
    }

    @Test("a time that was not measured is absent from the JSON, not 0")
    func jsonWithoutAnswers() throws {
      let ours = try Program(words: [
        Product.sockinspect, "load", "unix:/nonexistent/socket", "--json", "-q",
      ]).run()
      #expect(ours.ending == .exited(1), "\(ours)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(ours.output)) as? [String: Any], "\(ours)")
      #expect(report["latency_ns"] == nil && report["connect_ns"] == nil)
      let connections = try #require(report["connections"] as? [String: Any])
      #expect(
        connections["other_failures"] as? [String: Int] == ["no such file or directory": 10])
    }

    @Test("a signal ends it with the report and status 0", arguments: [SIGINT, SIGTERM])
    func signals(_ signal: Int32) throws {
      let server = try LoadServer("event")
      let load = try LoadChild([server.address, "--kind", "silent", "--connections", "5"])
      #expect(load.output()?.contains("connected=5\n") == true)
      load.send(signal)
      let (ending, report, _) = load.end()
      #expect(ending == .exited(0) && report.contains("5 connected of 5 tried"), "\(report)")
    }

    @Test("without an input to wait for, it stays until a signal")
    func nullInput() throws {
      let server = try LoadServer("event")
      let load = try LoadChild([server.address, "--kind", "silent"], inputIsOpen: false)
      #expect(load.output()?.contains("connected=10\n") == true)
      #expect(load.output(within: .milliseconds(500)) == nil)
      load.send(SIGTERM)
      #expect(load.end().0 == .exited(0))
    }

    @Test("a server that is killed resets or closes what it had, which the load says")
    func killedServer() throws {
      let server = try LoadServer("event")
      let load = try LoadChild([server.address, "--kind", "silent", "--connections", "5", "-q"])
      #expect(load.output()?.contains("connected=5\n") == true)
      server.send(SIGKILL)
      let (ending, report, _) = load.end()
      // Reset are those that the server had not yet come to accept.
      let lost = report.matches(of: /([0-9]+) (?:reset|closed by the server)/)
      #expect(lost.reduce(0) { $0 + (Int($1.1) ?? 0) } == 5, "\(report)")
      #expect(ending == .exited(0))
    }

    @Test("progress comes in plain lines, once a second, with what is waiting")
    func progress() throws {
      let server = try LoadServer("event", "--handler", "never-read")
      let ours = try Program(words: [
        Product.sockinspect, "load", server.address, "--connections", "4", "--for", "2.5",
      ]).run()
      #expect(ours.ending == .exited(0), "\(ours)")
      #expect((1...2).contains(ours.errorLines.count), "only when something changed: \(ours)")
      #expect(ours.errorLines.first?.hasPrefix("connected ") == true, "\(ours)")
      #expect(!ours.errors.contains(0x1B), "\(ours)")
    }

    @Test("a limit of open files that is too low is named, and it does what it can")
    func fileLimit() throws {
      let server = try LoadServer("event")
      let script =
        #"ulimit -n 64; exec "$0" load "$1" --kind silent --connections 100 --for 2 -q"#
      let ours = try Program(words: [
        "sh", "-c", script, Product.sockinspect, server.address,
      ]).run()
      #expect(ours.ending == .exited(0), "\(ours)")
      let allowed = try #require(ours.errorText.firstMatch(of: /note: ([0-9]+) of 100/)?.1)
      #expect(ours.errorLines.count == 1 && (10..<64).contains(Int(allowed) ?? 0), "\(ours)")
      #expect(ours.text.contains("\(allowed) connected of \(allowed) tried"), "\(ours)")
    }

    @Test("dies with its parent when told to")
    func diesWithParent() throws {
      let server = try LoadServer("event")
      // The shell starts it, tells its number and is killed.
      let script = #"""
        "$0" load "$1" --kind silent --die-with-parent & wait
        """#
      let (output, outputEnd) = try OpenFile.pipe()
      let errors = try OpenFile.temporary()
      let shell = try ChildProcess(
        ["sh", "-c", script, Product.sockinspect, server.address], output: outputEnd.number,
        errors: errors.number)
      _ = consume outputEnd
      let ready = String(decoding: output.piece() ?? [], as: UTF8.self)
      let number = try #require(ready.firstMatch(of: /pid=([0-9]+)/).flatMap { pid_t($0.1) })
      kill(shell.number, SIGKILL)
      let deadline = ContinuousClock.now + .seconds(60)
      while !Self.hasEnded(number), .now < deadline { usleep(1000) }
      #expect(Self.hasEnded(number))
    }

    /// Gone, or a zombie that nobody has waited for.
    private static func hasEnded(_ number: pid_t) -> Bool {
      let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
      return text?.contains(") Z ") ?? true
    }

    @Test(
      "wrong usage is status 64 and one line",
      arguments: [
        (["127.0.0.1"], "port"), ([], "HOST:PORT"), (["a:1", "b:2"], "one HOST:PORT"),
        (["example.invalid:80"], "example.invalid"), (["127.0.0.1:70000"], "70000"),
        ([":1", "--kind", "silnt"], "silent"), ([":1", "--connections", "0"], "--connections"),
        ([":1", "--rate", "fast"], "--rate"), ([":1", "--rate", "0/s"], "--rate"),
        ([":1", "--for", "soon"], "--for"), ([":1", "--size", "1"], "--size"),
        ([":1", "--kind", "half", "--requests", "3"], "--requests"),
        (["unix:"], "name"), (["[::1:80"], "::1"),
      ])
    func usage(_ words: [String], _ hint: String) throws {
      let ours = try Program(words: [Product.sockinspect, "load"] + words).run()
      #expect(ours.ending == .exited(64) && ours.output.isEmpty, "\(ours)")
      #expect(ours.errorLines.count == 1 && ours.errorText.contains(hint), "\(ours)")
    }
  }
}
