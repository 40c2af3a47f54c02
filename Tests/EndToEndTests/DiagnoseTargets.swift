import Foundation
import Testing

extension DiagnosesEndToEnd {
  /// Questions about places at which nothing listens, in a namespace where nothing else does.
  @Suite(
    "Targets that nothing listens at",
    .enabled(if: Tool.isRoot && Tool.has("unshare", "ip", "python3"), "needs root, and unshare"))
  struct DiagnoseTargets {
    /// Runs Python that puts what it keeps into `keep`, then asks about the targets.
    private static func ask(_ program: String, _ targets: [String]) throws -> [Outcome] {
      let script = """
        import socket, subprocess, sys, time
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        keep = []
        \(program)
        for target in sys.argv[2:]:
            done = subprocess.run([sys.argv[1], "diagnose", "--interval", "0.1", "-j", target],
                capture_output=True)
            print(done.returncode, done.stdout.decode().replace("\\n", " "))
        """
      let words =
        ["unshare", "--net", "python3", "-c", script, Product.sockinspect] + targets
      let ran = try Program(words: words).run()
      try #require(ran.status == 0, "\(ran)")
      return ran.text.split(separator: "\n").map { line in
        let parts = line.split(separator: " ", maxSplits: 1)
        return Outcome(
          words: words, ending: .exited(Int32(parts[0]) ?? -1), output: Array(parts[1].utf8),
          errors: [])
      }
    }

    private static func title(_ outcome: Outcome) throws -> String {
      let answer = try JSONDecoder().decode(DiagnosisAnswer.self, from: Data(outcome.output))
      #expect(answer.findings.first?.id == "not-listening", "\(outcome)")
      #expect(outcome.status == 3, "\(outcome)")
      return answer.verdict
    }

    @Test("a connection that took the server's port from the local range is named")
    func taken() throws {
      let answers = try Self.ask(
        """
        open("/proc/sys/net/ipv4/ip_local_port_range", "w").write("8080 8080")
        keep.append(socket.create_server(("127.0.0.1", 5432)))
        keep.append(socket.create_connection(("127.0.0.1", 5432)))
        try:
            socket.create_server(("127.0.0.1", 8080))
            sys.exit("the port is free")
        except OSError:
            pass
        """, [":8080", "sport = :8080", "127.0.0.1:8080"])
      #expect(answers.count == 3)
      for answer in answers {
        let title = try Self.title(answer)
        #expect(title.contains("has the port for its connection to 127.0.0.1:5432"), "\(answer)")
        #expect(answer.text.contains("ip_local_reserved_ports=8080"), "\(answer)")
      }
    }

    @Test("a bound socket that does not listen is named; a listener is an answer by itself")
    func bound() throws {
      let answers = try Self.ask(
        """
        one = socket.socket(); one.bind(("127.0.0.1", 8080)); keep.append(one)
        keep.append(socket.create_server(("127.0.0.1", 9090)))
        """, [":8080", "[::1]:9090", ":9090", "127.0.0.1:9090", ":7"])
      #expect(try Self.title(answers[0]).contains("has bound the port but does not listen"))
      #expect(try Self.title(answers[1]).contains("listens at 127.0.0.1:9090 only"))
      #expect(answers[2].status == 0 && answers[3].status == 0, "\(answers)")
      #expect(try Self.title(answers[4]).contains("no socket has the port"))
    }

    @Test("a process in the middle of somebody's wait is not said to be well")
    func middle() throws {
      let answers = try Self.ask(
        """
        child = subprocess.Popen(["sleep", "60"])
        server = socket.create_server(("127.0.0.1", 9000), backlog=4)
        import threading
        threading.Thread(target=lambda: (server.accept(), child.wait()), daemon=True).start()
        for number in range(4):
            keep.append(socket.create_connection(("127.0.0.1", 9000)))
            keep[-1].send(b"hello")
        time.sleep(0.3)
        sys.argv.append("pid:%d" % child.pid)
        import atexit; atexit.register(child.kill)
        """, [":9000"])
      #expect(answers.allSatisfy { $0.status == 2 }, "\(answers)")
      #expect(answers.count == 2)
    }
  }
}
