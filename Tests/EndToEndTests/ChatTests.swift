import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("chat", .timeLimit(.minutes(5)))
  struct Chat {
    private func chat(_ typed: String, with address: String) throws -> Outcome {
      let script = #"printf '%b' "$1" | "$0" chat "$2""#
      return try Program(words: ["sh", "-c", script, Product.sockinspect, typed, address]).run()
    }

    @Test("in a pipe prints the echoes and nothing else")
    func pipe() throws {
      let server = try LoadServer("event")
      let ours = try chat(#"a\nü ✓\n"#, with: server.address)
      #expect(ours.ending == .exited(0) && ours.text == "a\nü ✓\n", "\(ours)")
      #expect(ours.errors.isEmpty, "\(ours)")
    }

    @Test(
      "is answered by every model",
      arguments: ["serial", "worker", "prefork", "thread", "pool", "event"])
    func everyModel(_ model: String) throws {
      let server = try LoadServer(model)
      let ours = try chat(#"hello\n"#, with: server.address)
      #expect(ours.ending == .exited(0) && ours.text == "hello\n", "\(ours)")
    }

    @Test("one line and status 1 when refused")
    func refused() throws {
      let server = try LoadServer("serial")
      server.send(SIGKILL)
      // The port is free once the process is gone.
      var ours = try chat(#"a\n"#, with: server.address)
      for _ in 0..<100 where !ours.errorText.contains("refused") {
        ours = try chat(#"a\n"#, with: server.address)
      }
      #expect(ours.ending == .exited(1) && ours.output.isEmpty, "\(ours)")
      #expect(
        ours.errorText
          == "sockinspect: cannot connect to \(server.address): connection refused\n", "\(ours)")
    }

    @Test("a signal ends it well while no answer comes", arguments: [SIGINT, SIGTERM])
    func signal(_ signal: Int32) throws {
      let server = try LoadServer("event", "--handler", "never-read")
      let (input, typing) = try OpenFile.pipe()
      let output = try OpenFile.temporary()
      let chat = try ChildProcess(
        [Product.sockinspect, "chat", server.address], input: input.number,
        output: output.number, errors: output.number)
      _ = write(typing.number, "a\n", 2)
      // It waits for the answer once it has taken the line out of the pipe.
      #expect(isEmpty(input))
      kill(chat.number, signal)
      #expect(chat.waitForEnd(until: .now + .seconds(60)) == .exited(0))
      #expect(output.contents().isEmpty)
    }

    private func isEmpty(_ pipe: OpenFile) -> Bool {
      for _ in 0..<10_000 {
        var count: Int32 = 1
        _ = ioctl(pipe.number, UInt(FIONREAD), &count)
        if count == 0 { return true }
        usleep(1000)
      }
      return false
    }

    @Test("a server that is killed in the middle is one line and status 1")
    func killedServer() throws {
      let server = try LoadServer("event", "--handler", "never-read")
      let (input, typing) = try OpenFile.pipe()
      let output = try OpenFile.temporary()
      let chat = try ChildProcess(
        [Product.sockinspect, "chat", server.address], input: input.number,
        output: output.number, errors: output.number)
      _ = write(typing.number, "a\n", 2)
      #expect(isEmpty(input))
      server.send(SIGKILL)
      #expect(chat.waitForEnd(until: .now + .seconds(60)) == .exited(1))
      let said = String(decoding: output.contents(), as: UTF8.self)
      #expect(said.hasPrefix("sockinspect: \(server.address) "), "\(said)")
      #expect(said.contains("before it had answered\n"), "\(said)")
    }

    @Test(
      "wrong usage is status 64 and one line",
      arguments: [
        ([], "HOST:PORT"), (["a:1", "b:2"], "HOST:PORT"), (["127.0.0.1"], "port"),
        (["127.0.0.1:http"], "http"), (["unix:"], "name"), (["--json", ":1"], "--json"),
      ])
    func usage(_ words: [String], _ hint: String) throws {
      let ours = try Program(words: [Product.sockinspect, "chat"] + words).run()
      #expect(ours.ending == .exited(64) && ours.output.isEmpty, "\(ours)")
      #expect(ours.errorLines.count == 1 && ours.errorText.contains(hint), "\(ours)")
    }
  }
}
