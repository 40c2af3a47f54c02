import Foundation
import Testing

extension EndToEnd {
  /// `kill` on sockets in a namespace of their own: nothing else is in reach.
  @Suite("The kill command")
  struct KillCommandTests {
    @Test(
      "without a filter, or with one that is wrong, it does nothing",
      arguments: [
        [], ["--yes"], ["sport", "=", ":x"], ["--yes", "--from", "x", ":1"], ["8080"],
        ["--yes", "--dry-run", ":1"], ["--json", ":1"], ["300.1.1.1"],
      ])
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

    @Test("a word that no process is called is said, and is no success")
    func nothing() throws {
      let ours = try Program(words: [Product.sockinspect, "kill", "no-such-program"]).run()
      #expect(ours.status == 1 && ours.output.isEmpty, "\(ours)")
      #expect(ours.errorText.contains("nothing matches 'no-such-program'"), "\(ours)")
    }

    @Test(
      "what has no owner is shown as such, and no table is missed that was not asked for",
      .enabled(if: ListenScene.isPossible, ListenScene.reason))
    func queued() throws {
      let scene = try ListenScene("clogged")
      let ours = try scene.run(
        [Product.sockinspect, "kill", "state established state close-wait sport = :9000"])
      #expect(ours.status == 0 && ours.errors.isEmpty, "\(ours)")
      let rows = ours.text.split(separator: "\n").filter { $0.contains("127.0.0.1:9000") }
      #expect(rows.count == 6 && rows.allSatisfy { $0.hasSuffix("nothing") }, "\(ours)")
      #expect(rows.allSatisfy { $0.contains("(queued)") }, "\(ours)")
      #expect(ours.text.contains("\nA queued connection has no owner yet."), "\(ours)")
      #expect(!ours.text.contains("\nA connection's peer"), "\(ours)")
    }

    @Test(
      "at a terminal it asks, and closes after a yes only",
      .enabled(if: Tool.canChangeUser, "needs root, nsenter and setpriv"))
    func question() throws {
      guard let zoo = try Self.privateZoo() else { return }
      let filter = "inode = \(try zoo.catalog.first("tcp4-accepted").inode)"
      let words = ["nsenter", "-t", "\(zoo.catalog.pid)", "-n", Product.sockinspect, "kill"]
      let dry = try WatchTerminal(words + ["--dry-run", filter])
      #expect(dry.shows("Nothing has been closed: --yes does it.") && dry.end() == .exited(0))
      for (answer, left) in [("n\n", 1), ("\n", 1), ("y\n", 0)] {
        let terminal = try WatchTerminal(words + [filter])
        #expect(terminal.shows("zoo (pid", "ECONNABORTED", "Close this socket? [y/N]"))
        terminal.type(answer)
        #expect(terminal.end() == .exited(0))
        #expect(try Self.count(zoo, "\(filter) and state established") == left)
      }
    }

    @Test("of a recording it says what it would have closed")
    func recorded() throws {
      let zoo = try Zoo()
      let file = "\(zoo.folder.path)/moment"
      #expect(try zoo.sockinspect(["record", "-N", "self", file]).status == 0)
      let filter = "inode = \(try zoo.catalog.first("tcp4-accepted").inode)"
      let ours = try zoo.sockinspect(["kill", "--from", file, filter])
      #expect(ours.status == 0 && ours.text.hasPrefix("Would close 1 socket:\n"), "\(ours)")
      #expect(ours.text.hasSuffix("Nothing has been closed: this is a recording.\n"), "\(ours)")
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
