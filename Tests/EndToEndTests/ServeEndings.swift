import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("A server leaves nothing behind")
  struct ServeEndings {
    /// Each with clients in the middle of something that never ends.
    private static let busy: [[String]] = [
      ["serial", "--handler", "never-read"], ["serial", "--handler", "spin:1000"],
      ["worker", "--handler", "sleep:1000", "--join", "0"], ["worker"],
      ["prefork", "--handler", "sleep:1000"], ["prefork", "--handler", "lock"],
      ["thread", "--handler", "lock"], ["pool", "--handler", "spin:1000"],
      ["event", "--handler", "sleep:1000"], ["event", "--reuseport", "--workers", "2"],
    ]

    @Test("after SIGTERM and SIGINT", arguments: busy, [SIGTERM, SIGINT])
    func signals(_ words: [String], _ signal: Int32) throws {
      let (server, clients) = try busyServer(words)
      let all = [server.pid] + server.children
      #expect(server.end(signal) == .exited(0))
      #expect(all.filter(ProcessTable.isAlive) == [])
      #expect(throws: DemoClient.Failed.self) { try server.client() }
      _ = clients
    }

    @Test("after SIGKILL of the parent", arguments: busy)
    func killed(_ words: [String]) throws {
      let (server, clients) = try busyServer(words)
      let all = [server.pid] + server.children
      kill(server.pid, SIGKILL)
      eventually("all processes are gone") { all.filter(ProcessTable.isAlive) == [] }
      eventually("the port is free") { (try? server.client()) == nil }
      _ = clients
    }

    private func busyServer(_ words: [String]) throws -> (DemoServer, [DemoClient]) {
      let server = try DemoServer(
        running: [Product.sockinspect, "serve"] + words)
      let clients = try (1...2).map { _ in try server.client() }
      for client in clients { try client.send("hello\n") }
      #expect(server.line()?.hasPrefix("accepted ") == true)
      return (server, clients)
    }

    @Test("when its time is over", arguments: ["serial", "prefork", "event"])
    func duration(_ model: String) throws {
      let begin = ContinuousClock.now
      let server = try DemoServer("\(model)", "--for", "0.5")
      let all = [server.pid] + server.children
      #expect(server.waitForEnd() == .exited(0))
      #expect(ContinuousClock.now - begin >= .milliseconds(500))
      #expect(all.filter(ProcessTable.isAlive) == [])
    }

    @Test(
      "when it dies with its parent, whatever it does", arguments: ["serial", "prefork", "event"])
    func parentDies(_ model: String) throws {
      let script = #""$0" serve "$1" --die-with-parent --handler spin:1000 & wait"#
      let server = try DemoServer(running: ["sh", "-c", script, Product.sockinspect, model])
      let client = try server.client()
      try client.send("hello\n")
      let shell = try #require(ProcessTable.parent(of: server.pid))
      let all = [server.pid] + server.children
      kill(shell, SIGKILL)
      eventually("all processes are gone") { all.filter(ProcessTable.isAlive) == [] }
    }

    @Test("when it was told of a parent who has gone already")
    func parentWasGone() throws {
      let outcome = try Program(
        words: [Product.sockinspect, "serve", "serial", "--die-with-parent"],
        environment: ["SOCKINSPECT_PARENT": "1"]
      ).run()
      #expect(outcome.ending == .exited(1))
      #expect(outcome.output.isEmpty)
    }

    @Test("when nobody reads its lines any more")
    func brokenPipe() throws {
      let script = #""$0" serve prefork | { read line; echo "$line" >&2; }"#
      let server = try PipedServer(script)
      // It notices when it writes, and the reader may not have left at the first client.
      eventually("it ends with a client") {
        (try? DemoClient(port: server.port).ask("hello\n")) == nil
      }
      #expect(server.waitForEnd() == .exited(0))
    }

    @Test("its port can be had again at once with --reuse-address, in spite of TIME-WAIT")
    func portAgain() throws {
      let server = try DemoServer("serial", "--quiet", "--reuse-address")
      let client = try server.client()
      #expect(try client.ask("hello\n") == "hello\n")
      // The server ends first, so the connection goes to TIME-WAIT on its side.
      #expect(server.end() == .exited(0))
      #expect(client.count() == 0)
      _ = consume client
      let again = try DemoServer("serial", "--port", "\(server.port)", "--reuse-address")
      #expect(again.port == server.port)
    }
  }
}

/// A server whose reader leaves after the first line.
private final class PipedServer {
  let port: UInt16
  private let process: ChildProcess

  init(_ script: String) throws {
    let (errors, errorsEnd) = try OpenFile.pipe()
    let output = try OpenFile.temporary()
    process = try ChildProcess(
      ["bash", "-c", "set -o pipefail; " + script, Product.sockinspect], output: output.number,
      errors: errorsEnd.number)
    let line = String(decoding: errors.piece() ?? [], as: UTF8.self)
    let digits = line.split(separator: "=").last?.prefix { $0.isNumber } ?? ""
    guard let port = UInt16(digits) else { throw DemoServer.NotReady(said: line) }
    self.port = port
  }

  func waitForEnd() -> Shutdown { process.waitForEnd(until: .now + .seconds(60)) }
}
