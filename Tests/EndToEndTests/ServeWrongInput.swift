import Foundation
import Testing

extension DemosEndToEnd {
  @Suite("A server that cannot be had")
  struct ServeWrongInput {
    @Test(
      "wrong usage is one line with the right word, and status 64",
      arguments: [
        ("", "serve takes one MODEL: serial, worker, prefork, thread, pool, event"),
        ("seriel", "unknown model 'seriel'; did you mean serial?"),
        ("serial event", "serve takes one MODEL"),
        ("thread --handler ecko", "unknown handler 'ecko'; did you mean echo?"),
        ("thread --handler sleep", "the handler 'sleep' is written sleep:SECONDS"),
        ("thread --handler sleep:long", "'long' is not a number of seconds"),
        ("thread --handler upstream:9000", "'9000' has no port; write HOST:PORT or unix:PATH"),
        ("prefork --workers 0", "--workers takes a number from 1 to 1000, not '0'"),
        ("pool --workers many", "--workers takes a number from 1 to 1000, not 'many'"),
        ("serial --workers 2", "the serial model has no --workers"),
        ("event --workers 2", "--workers needs --reuseport in the event model"),
        ("serial --backlog -1", "--backlog takes a number from 0 to 2147483647, not '-1'"),
        ("serial --port 65536", "--port takes a number from 0 to 65535, not '65536'"),
        ("serial --host nowhere.example", "'nowhere.example' is not an address"),
        ("serial --unix /tmp/x --port 9", "--unix stands instead of --host and --port"),
        ("serial --unix @x --reuseport", "--reuseport is for ports"),
        ("serial --for -1", "--for: '-1' is not a number of seconds"),
        ("serial --jion 1", "unknown option --jion; did you mean --join?"),
      ])
    func usage(_ words: String, _ message: String) throws { try fails(words, message, 64) }

    @Test(
      "what the host refuses is one line with the reason, and status 1",
      arguments: [
        (
          "serial --host 203.0.113.1",
          "cannot listen on 203.0.113.1:0: cannot assign requested address; "
            + "this host does not have that address"
        ),
        (
          "prefork --unix /nonexistent/socket",
          "cannot listen on unix:/nonexistent/socket: no such file or directory"
        ),
        ("serial --max-files 4000000000", "--max-files takes a number from 0 to 2147483647"),
        ("prefork --max-files 6", "too many open files"),
      ])
    func refused(_ words: String, _ message: String) throws {
      try fails(words, message, words.contains("4000000000") ? 64 : 1)
    }

    @Test("a port in use", arguments: ServeAnswers.models)
    func portInUse(_ model: String) throws {
      let server = try DemoServer("serial")
      try fails(
        "\(model) --port \(server.port)",
        "cannot listen on 127.0.0.1:\(server.port): address already in use; "
          + "take another port; TIME-WAIT holds it for a minute "
          + "unless the server before and this one have --reuse-address", 1)
    }

    @Test("a file that is in the way of a unix socket is left alone")
    func pathInUse() throws {
      let folder = try TemporaryFolder()
      let path = folder.path + "/file"
      try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
      try fails(
        "serial --unix \(path)",
        "cannot listen on unix:\(path): address already in use; "
          + "remove \(path) if no server uses it any more", 1)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test(
      "port 80 without rights",
      .enabled(if: Tool.canChangeUser && firstFreePort > 80, "needs root, and ports that need it"))
    func privilegedPort() throws {
      let folder = try TemporaryFolder()
      let program = try folder.copy(of: Product.sockinspect)
      let outcome = try Program(
        words: User.nobody.prefix + [program, "serve", "serial", "--port", "80"]
      ).run()
      #expect(outcome.ending == .exited(1), "\(outcome)")
      #expect(
        outcome.errorText
          == "sockinspect: cannot listen on 127.0.0.1:80: permission denied; "
          + "ports below net.ipv4.ip_unprivileged_port_start need CAP_NET_BIND_SERVICE\n")
    }

    @Test("a backlog of 0 is one of 0", .enabled(if: Tool.has("ss"), "needs ss"))
    func noBacklog() throws {
      let server = try DemoServer("serial", "--backlog", "0")
      #expect(try server.queues() == ["0 of 0"])
      #expect(server.troubles.isEmpty)
    }

    @Test("a backlog of a million is cut by the kernel, and that is said")
    func hugeBacklog() throws {
      let server = try DemoServer("serial", "--backlog", "1000000")
      let most = try String(contentsOfFile: "/proc/sys/net/core/somaxconn", encoding: .utf8)
        .trimmingCharacters(in: .newlines)
      #expect(
        server.troubles
          == "sockinspect: note: the kernel cuts the backlog of 1000000 to \(most) "
          + "(net.core.somaxconn)\n")
    }

    @Test("listening beyond loopback is said", arguments: ["serial", "prefork"])
    func beyondLoopback(_ model: String) throws {
      let server = try DemoServer("\(model)", "--host", "0.0.0.0")
      #expect(
        server.troubles
          == "sockinspect: note: listening beyond loopback, on 0.0.0.0:\(server.port): "
          + "others can connect\n")
      #expect(try server.client().ask("hello\n") == "hello\n")
    }

    @Test("the command of its child processes is not for people")
    func hiddenCommand() throws {
      let outcome = try Program(words: [Product.sockinspect, "serve-child", "model=event"]).run()
      #expect(outcome.ending == .exited(64))
      #expect(outcome.errorLines.count == 1)
      let help = try Program(words: [Product.sockinspect, "help"]).run()
      #expect(!help.text.contains("serve-child"))
    }

    private func fails(_ words: String, _ message: String, _ status: Int32) throws {
      let arguments = words.split(separator: " ").map(String.init)
      let outcome = try Program(words: [Product.sockinspect, "serve"] + arguments).run()
      #expect(outcome.ending == .exited(status), "\(outcome)")
      #expect(outcome.errorLines.count == 1, "\(outcome)")
      #expect(outcome.errorText.hasPrefix("sockinspect: "), "\(outcome)")
      #expect(outcome.errorText.contains(message), "\(outcome)")
      #expect(outcome.output.isEmpty, "\(outcome)")
    }

    private static let firstFreePort: Int = {
      let file = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
      let text = try? String(contentsOfFile: file, encoding: .utf8)
      return Int(text?.trimmingCharacters(in: .newlines) ?? "") ?? 1024
    }()
  }
}
