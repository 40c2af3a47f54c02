import Foundation
import Testing

extension EndToEnd {
  /// `kill` on sockets in a namespace of their own: nothing else is in reach.
  @Suite("The kill command")
  struct KillCommandTests {
    @Test(
      "without a filter, or with one that is wrong, it does nothing",
      arguments: [[], ["--yes"], ["sport", "=", ":x"], ["--from", "x", ":1"], ["8080"]])
    func usage(_ words: [String]) throws {
      let ours = try Program(words: [Product.sockinspect, "kill"] + words).run()
      #expect(ours.status == 64 && ours.output.isEmpty && !ours.errors.isEmpty, "\(ours)")
    }

    @Test("ss's -K points to it")
    func letter() throws {
      let ours = try Program(words: [Product.sockinspect, "-K", "sport = :1"]).run()
      #expect(ours.status == 64 && ours.errorText.contains("sockinspect kill FILTER"), "\(ours)")
    }

    private static func privateZoo() throws -> Zoo? {
      let zoo = try Zoo()
      return zoo.catalog.private ? zoo : nil
    }

    private static func count(_ zoo: Zoo, _ filter: String) throws -> Int {
      try sockets(try zoo.sockinspect(["-ja", filter]).output).count
    }

    @Test(
      "it says what it would do and does nothing; with --yes it does, and the program lives on",
      .enabled(if: Tool.canChangeUser, "needs root, nsenter and setpriv"),
      arguments: ["tcp4-accepted", "tcp6-client", "tcp-mapped-accepted", "tcp-waiting-client"])
    func connection(_ kind: String) throws {
      guard let zoo = try Self.privateZoo() else { return }
      let inode = try zoo.catalog.first(kind).inode
      let filter = "inode = \(inode)"
      let dry = try zoo.sockinspect(["kill", filter])
      #expect(dry.status == 0, "\(dry)")
      #expect(dry.text.hasPrefix("Would close 1 socket:\n"), "\(dry)")
      #expect(dry.text.contains("reset") && dry.text.hasSuffix("--yes does it.\n"), "\(dry)")
      #expect(dry.text.contains("zoo"), "the process is named: \(dry)")
      #expect(try Self.count(zoo, filter) == 1)
      let denied = try zoo.sockinspect(["kill", "--yes", filter], as: .nobody)
      #expect(denied.status == 1 && denied.errorText.contains("CAP_NET_ADMIN"), "\(denied)")
      #expect(try Self.count(zoo, filter) == 1)
      let done = try zoo.sockinspect(["kill", "--yes", filter])
      #expect(done.status == 0 && done.text.hasSuffix("\nClosed 1 of 1.\n"), "\(done)")
      #expect(try Self.count(zoo, "\(filter) and state established") == 0)
      #expect(kill(zoo.catalog.pid, 0) == 0)
      let again = try zoo.sockinspect(["kill", "--yes", "\(filter) and state established"])
      #expect(again.status == 0 && again.text == "Nothing to close matches.\n", "\(again)")
    }

    @Test(
      "a listener is closed only when its state is named",
      .enabled(if: Tool.canChangeUser, "needs root, nsenter and setpriv"))
    func listener() throws {
      guard let zoo = try Self.privateZoo() else { return }
      let port = try zoo.catalog.port("tcp4-listener")
      let plain = try zoo.sockinspect(["kill", ":\(port)"])
      #expect(plain.text.contains("Left out: 1 in state LISTEN; 'state listen'"), "\(plain)")
      #expect(!plain.text.contains("A listener is gone"), "\(plain)")
      let named = ["kill", "state listening sport = :\(port)"]
      #expect(try zoo.sockinspect(named).text.contains("A listener is gone for good"))
      let done = try zoo.sockinspect(named + ["-y"])
      #expect(done.status == 0 && done.text.contains("Closed 1 of 1."), "\(done)")
      #expect(try Self.count(zoo, "state listening sport = :\(port)") == 0)
    }

    @Test("unix sockets are left out, aloud")
    func unix() throws {
      let zoo = try Zoo()
      let path = try #require(zoo.catalog.made.lazy.compactMap(\.path).first { $0.first == "/" })
      let ours = try zoo.sockinspect(["kill", "--yes", path])
      #expect(ours.status == 0, "\(ours)")
      #expect(ours.text.hasPrefix("Nothing to close matches.\nLeft out: "), "\(ours)")
    }
  }
}
