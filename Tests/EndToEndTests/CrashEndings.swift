import Foundation
import Testing

extension DemosEndToEnd {
  /// Swift's runtime answers a crash and SIGQUIT by running a program that it looks for near this
  /// one. Where others can write there, they would run what they like as root.
  @Suite("A crash ends the program as it ends a C program")
  struct CrashEndings {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let signals = [
      SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV,
    ]

    /// A copy of the program with a backtracer of ours wherever the runtime looks for one.
    private func surrounded() throws -> String {
      let architecture = Program(words: ["uname", "-m"])
      let machine = try architecture.run().text.trimmingCharacters(in: .whitespacesAndNewlines)
      let script = Array("#!/bin/sh\n: > '\(folder.path)/has-run'\n".utf8)
      for place in ["", "libexec/", "libexec/swift/", "libexec/swift/linux/"] {
        for place in [place, "\(place)\(machine)/"] {
          let inside = "\(folder.path)/\(place)"
          try FileManager.default.createDirectory(
            atPath: inside, withIntermediateDirectories: true)
          for name in ["swift-backtrace", "swift-backtrace-static"] {
            try Data(script).write(to: URL(fileURLWithPath: inside + name))
            chmod(inside + name, 0o755)
          }
        }
      }
      return try folder.copy(of: Product.sockinspect)
    }

    /// The runtime as a shared library takes SWIFT_ROOT for where it is; a static one looks
    /// around the program.
    @Test("and runs no swift-backtrace that lies near it", arguments: signals)
    func backtracer(_ signal: Int32) throws {
      let program = try surrounded()
      let server = try DemoServer(running: [
        "env", "SWIFT_ROOT=\(folder.path)", "SWIFT_BACKTRACE=enable=yes,color=no", program,
        "serve", "serial",
      ])
      #expect(server.end(signal) == .killed(signal: signal))
      #expect(server.troubles == "")
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/has-run"))
    }

    @Test("and leaves no socket file", arguments: signals)
    func socketFile(_ signal: Int32) throws {
      let path = "\(folder.path)/socket"
      let server = try DemoServer("serial", "--unix", path)
      #expect(FileManager.default.fileExists(atPath: path))
      #expect(server.end(signal) == .killed(signal: signal))
      #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("and at its end it removes no other file that has the socket's name by then")
    func replaced() throws {
      let path = "\(folder.path)/socket"
      let kinds: [(Int32, (String) -> Void)] = [
        (SIGTERM, { _ = FileManager.default.createFile(atPath: $0, contents: Data("x".utf8)) }),
        (SIGINT, { _ = symlink("/etc/passwd", $0) }), (SIGQUIT, { _ = mkfifo($0, 0o600) }),
      ]
      for (signal, replace) in kinds {
        let server = try DemoServer("serial", "--unix", path)
        #expect(unlink(path) == 0)
        replace(path)
        _ = server.end(signal)
        var status = stat()
        #expect(lstat(path, &status) == 0, "signal \(signal)")
        unlink(path)
      }
    }

    @Test("and at its end it leaves the socket of the next server")
    func nextServer() throws {
      let path = "\(folder.path)/socket"
      let first = try DemoServer("serial", "--unix", path)
      #expect(unlink(path) == 0)
      let second = try DemoServer("serial", "--unix", path)
      #expect(first.end() == .exited(0))
      #expect(FileManager.default.fileExists(atPath: path))
      #expect(second.end() == .exited(0))
      #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("and a SIGQUIT that the parent has left ignored stays so")
    func ignored() throws {
      let script = #"trap "" QUIT; exec "$0" serve serial"#
      let server = try DemoServer(running: ["sh", "-c", script, Product.sockinspect])
      kill(server.pid, SIGQUIT)
      let client = try server.client()
      try client.send("still here\n")
      #expect(server.line()?.hasPrefix("accepted ") == true)
      #expect(server.end() == .exited(0))
    }
  }
}
