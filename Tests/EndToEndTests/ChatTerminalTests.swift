import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("chat at a terminal", .timeLimit(.minutes(5)))
  struct ChatAtTerminal {
    private func chat(with server: LoadServer) throws -> ChatTerminal {
      try ChatTerminal([Product.sockinspect, "chat", server.address])
    }

    @Test("prompts, shows the echo, and q quits")
    func prompts() throws {
      let server = try LoadServer("event")
      let terminal = try chat(with: server)
      #expect(terminal.shows("q quits.\r\n> "), "\(terminal.screen)")
      terminal.type("hello\n")
      // What was typed, its echo, the next prompt.
      #expect(terminal.shows("> hello\r\nhello\r\n> "), "\(terminal.screen)")
      terminal.type("q\n")
      #expect(terminal.status() == 0)
    }

    @Test("Ctrl-D quits")
    func endOfInput() throws {
      let server = try LoadServer("event")
      let terminal = try chat(with: server)
      #expect(terminal.shows("> "))
      terminal.type("\u{4}")
      #expect(terminal.status() == 0)
    }

    @Test("says that it waits, and Ctrl-C leaves")
    func waits() throws {
      let server = try LoadServer("event", "--handler", "never-read")
      let terminal = try chat(with: server)
      #expect(terminal.shows("> "))
      terminal.type("hello\n")
      // Renewed once a second; a busy machine may skip one, so not which second.
      let notice = "\r\u{1B}[KWaiting for the answer since "
      #expect(terminal.shows(notice, times: 2), "\(terminal.screen)")
      terminal.type("\u{3}")
      #expect(terminal.status() == 0, "\(terminal.screen)")
    }

    @Test("a server cannot command the terminal")
    func escapes() throws {
      let server = try LoadServer("event")
      let terminal = try chat(with: server)
      #expect(terminal.shows("> "))
      // The terminal's own echo shows what was typed as ^[[31m; the server's comes through us.
      terminal.type("\u{16}\u{1B}[31mred\n")
      #expect(terminal.shows("\\x1b[31mred\r\n> "), "\(terminal.screen)")
      #expect(!terminal.screen.contains("\u{1B}[31m"))
    }

    @Test("a server that goes away is one line and status 1")
    func serverGoes() throws {
      let server = try LoadServer("event")
      let terminal = try chat(with: server)
      #expect(terminal.shows("> "))
      server.send(SIGKILL)
      // A close, or a reset if the server had not yet come to accept.
      #expect(terminal.shows("the connection\r\n"), "\(terminal.screen)")
      #expect(
        terminal.screen.contains("> \r\nsockinspect: \(server.address) "), "\(terminal.screen)")
      #expect(terminal.status() == 1)
    }

    @Test("load renews one line, and Ctrl-C ends it with the report")
    func load() throws {
      let server = try LoadServer("event")
      let terminal = try ChatTerminal([
        Product.sockinspect, "load", server.address, "--kind", "silent", "--connections", "3",
      ])
      #expect(terminal.shows("\r\u{1B}[Kconnected 3  waiting 0"), "\(terminal.screen)")
      terminal.type("\u{3}")
      #expect(terminal.shows("3 connected of 3 tried"), "\(terminal.screen)")
      #expect(terminal.status() == 0)
    }
  }
}
