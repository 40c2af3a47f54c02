import Foundation
import Testing

extension EndToEnd {
  /// The live view at a terminal.
  @Suite(
    "watch at a terminal", .enabled(if: ListenScene.isPossible, ListenScene.reason),
    .timeLimit(.minutes(2)))
  struct WatchScreenTests {
    private func watch(
      _ scene: ListenScene, _ arguments: [String] = [], columns: Int = 80, rows: Int = 24,
      environment: [String: String] = [:]
    ) throws -> WatchTerminal {
      let enter = ["nsenter", "-t", "\(scene.facts.pid)", "-n", Product.sockinspect, "watch"]
      return try WatchTerminal(
        enter + arguments, columns: columns, rows: rows, environment: environment)
    }

    @Test(
      "a full queue, who waits in it, its threads, a filter, another order, help, states, counters")
    func tour() throws {
      let scene = try ListenScene("clogged")
      let terminal = try watch(scene, ["--interval", "0.2", "-t"])
      #expect(terminal.shows("#127.0.0.1:9000", "6/5 ██FULL██", "[1 Listeners]", "? help"))
      #expect(terminal.shows("127.0.0.1:9001") && terminal.isTaken, "\(terminal.screen.text)")
      terminal.type("\r")
      #expect(
        terminal.shows("Waiting (6)", "(gone)", "Threads of its owners (1)", "read(fd 0, pipe:["),
        "\(terminal.screen.text)")
      #expect(terminal.shows("Queue 6/5 FULL", "python3 (pid \(scene.facts.pid))", "Esc back"))
      terminal.type("\u{1B}")
      #expect(terminal.shows("127.0.0.1:9001", "Enter look"))
      try filters(terminal)
      terminal.type("gd")
      #expect(terminal.shows("Sampling, 1 s …", "diagnose 127.0.0.1:9000"))
      #expect(terminal.shows("CRITICAL", "Esc back"), "\(terminal.screen.text)")
      terminal.type("q")
      #expect(terminal.shows("127.0.0.1:9001", "Enter look", without: ["CRITICAL"]))
      terminal.type("s")
      #expect(terminal.shows("s sort: rise", "Rise/s"))
      terminal.type("?")
      #expect(terminal.shows("the queue is full", "any key: back"))
      terminal.type("x2")
      #expect(terminal.shows("[2 States]", "of them wait in accept queues"))
      terminal.type("\t")
      #expect(terminal.shows("[3 Counters]", "ListenOverflows", "Per s"))
      terminal.type("\r")
      #expect(terminal.shows("(counter)", "Rises each time"), "\(terminal.screen.text)")
      terminal.type("\u{1B}")
      #expect(terminal.shows("Enter explain"))
      terminal.type("q")
      #expect(terminal.end() == .exited(0) && terminal.isGivenBack)
      #expect(terminal.screen.strange.isEmpty, "\(terminal.screen.strange)")
    }

    private func filters(_ terminal: WatchTerminal) throws {
      terminal.type("/fil >= lots\r")
      #expect(terminal.shows("/fil >= lots_"), "\(terminal.screen.text)")
      #expect(terminal.shows("did you mean", "\n ^~~"), "\(terminal.screen.text)")
      terminal.type("\u{15}:9001\r")
      #expect(terminal.shows("filter: :9001", without: ["127.0.0.1:9000"]))
      terminal.type("/\u{15}\r")
      #expect(terminal.shows("127.0.0.1:9000", "127.0.0.1:9001", without: ["filter:"]))
    }

    @Test("a recording is stepped through, there and back, and diagnosed")
    func recording() throws {
      let scene = try ListenScene("clogged")
      let file = "\(scene.folder.path)/a"
      let made = try scene.run([
        Product.sockinspect, "record", "-N", "self", "--samples", "2", "--interval", "0.2", file,
      ])
      #expect(made.status == 0, "\(made)")
      let terminal = try watch(scene, ["-t", "--from", file], columns: 120)
      #expect(terminal.shows("sample 1 of 2, ", "#127.0.0.1:9000", "Queue 6/5 FULL", "n b sample"))
      #expect(terminal.shows("read(fd 0, pipe:[", without: ["Drops/s"]), "\(terminal.screen.text)")
      terminal.type("n")
      #expect(terminal.shows("sample 2 of 2, ", "Drops/s"), "\(terminal.screen.text)")
      terminal.type("nb")
      #expect(terminal.shows("sample 1 of 2, ", without: ["Drops/s"]), "\(terminal.screen.text)")
      terminal.type("d")
      #expect(terminal.shows("CRITICAL"), "\(terminal.screen.text)")
      terminal.type("qq")
      #expect(terminal.end() == .exited(0) && terminal.screen.strange.isEmpty)
    }

    @Test("larger and smaller screens, down to one that is too small")
    func resizes() throws {
      let scene = try ListenScene("clogged")
      let terminal = try watch(scene, ["-t"])
      #expect(terminal.shows("127.0.0.1:9000", without: ["Owners"]))
      terminal.resize(columns: 160, rows: 50)
      #expect(
        terminal.shows("Owners", "python3 (pid \(scene.facts.pid))"), "\(terminal.screen.text)")
      terminal.resize(columns: 30, rows: 6)
      #expect(terminal.shows("127.0.0.1:9000", "[1 Listeners] 2  3"), "\(terminal.screen.text)")
      terminal.resize(columns: 29, rows: 6)
      #expect(terminal.shows("too small: 30x6", without: ["9000"]), "\(terminal.screen.text)")
      terminal.resize(columns: 80, rows: 24)
      #expect(terminal.shows("127.0.0.1:9000"))
      terminal.type("q")
      #expect(terminal.end() == .exited(0) && terminal.screen.strange.isEmpty)
    }

    @Test("while it is paused nothing is looked at; the terminal rests")
    func pause() throws {
      let scene = try ListenScene("clogged")
      let terminal = try watch(scene, ["-t", "--interval", "0.1"])
      #expect(terminal.shows("127.0.0.1:9000"))
      terminal.type("p")
      #expect(terminal.shows("PAUSED"))
      terminal.read(for: 300)
      let bytes = terminal.screen.bytes
      terminal.read(for: 500)
      #expect(terminal.screen.bytes == bytes)
      terminal.type("p")
      #expect(terminal.shows("127.0.0.1:9000", without: ["PAUSED"]))
    }

    @Test("a listener that drops has its mark, in the row and in its history")
    func drops() throws {
      let scene = try ListenScene("dropping")
      // Clients try again after 1 s and after 3 s.
      let terminal = try watch(scene, ["-t", "--interval", "0.2"], columns: 120)
      #expect(terminal.shows(">!127.0.0.1:9000"), "\(terminal.screen.text)")
      let isMarked = { terminal.screen.text.contains(#/9000 .* [▁-█]*!+[▁-█!]* /#) }
      #expect(isMarked(), "\(terminal.screen.text)")
    }

    @Test("without UTF-8 and colours there is only ASCII, and the same is told")
    func plain() throws {
      let scene = try ListenScene("clogged")
      let terminal = try watch(
        scene, ["-t", "--interval", "0.1"], environment: ["LC_ALL": "C", "NO_COLOR": "1"])
      #expect(terminal.shows(">#127.0.0.1:9000", "##FULL##"))
      #expect(terminal.screen.text.utf8.allSatisfy { $0 < 0x7F }, "\(terminal.screen.text)")
      #expect(terminal.screen.colours == 0)
    }
  }

  /// However `watch` ends, the shell gets its terminal back.
  @Suite("watch gives the terminal back", .timeLimit(.minutes(2)))
  struct WatchEndings {
    private func started(_ words: [String] = [Product.sockinspect, "watch"]) throws -> WatchTerminal
    {
      let terminal = try WatchTerminal(words)
      #expect(terminal.shows("[1 Listeners]"), "\(terminal.screen.text)")
      #expect(terminal.isTaken)
      return terminal
    }

    @Test("when it is told to quit", arguments: ["q", "\u{3}", "/abc\u{3}"])
    func keys(typed: String) throws {
      let terminal = try started()
      terminal.type(typed)
      #expect(terminal.end() == .exited(0) && terminal.isGivenBack)
    }

    @Test("at signals that ask it to end", arguments: [SIGINT, SIGTERM, SIGHUP])
    func asked(signal: Int32) throws {
      let terminal = try started()
      kill(terminal.number, signal)
      #expect(terminal.end() == .exited(0) && terminal.isGivenBack)
    }

    @Test(
      "when it crashes",
      arguments: [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGQUIT])
    func crash(signal: Int32) throws {
      let terminal = try started([
        "sh", "-c", "ulimit -c 0; exec \"$0\" watch", Product.sockinspect,
      ])
      kill(terminal.number, signal)
      #expect(terminal.end() == .killed(signal: signal) && terminal.isGivenBack)
    }

    @Test("when the terminal goes away it ends as well, with 0")
    func closed() throws {
      let terminal = try started()
      terminal.hangUp()
      #expect(terminal.end() == .exited(0))
    }

    @Test("after so many looks")
    func count() throws {
      let terminal = try WatchTerminal([
        Product.sockinspect, "watch", "--count", "2", "--interval", "0.1",
      ])
      #expect(terminal.end() == .exited(0) && terminal.isGivenBack)
      #expect(terminal.screen.bytes > 100)
    }

    @Test("Ctrl-Z gives it back too, and fg takes it again", .enabled(if: Tool.has("bash")))
    func stopped() throws {
      let terminal = try WatchTerminal(["bash", "--norc", "--noprofile", "--noediting", "-i"])
      terminal.type("PS1='ready> '; stty -g >/tmp/$$.before\n")
      defer { unlink("/tmp/\(terminal.number).before") }
      terminal.type("\(Product.sockinspect) watch\n")
      #expect(terminal.shows("[1 Listeners]") && terminal.isTaken)
      terminal.type("\u{1A}")
      #expect(terminal.shows("Stopped"), "\(terminal.screen.text)")
      #expect(!terminal.screen.isFullScreen && terminal.screen.showsCursor)
      terminal.type("fg\n")
      #expect(terminal.shows("[1 Listeners]") && terminal.screen.isFullScreen)
      terminal.type("q")
      #expect(terminal.shows("ready>") && !terminal.screen.isFullScreen)
      terminal.type("stty -g | cmp - /tmp/$$.before && echo same\\ settings\n")
      #expect(terminal.shows("same settings"), "\(terminal.screen.text)")
      terminal.type("exit\n")
      #expect(terminal.end() == .exited(0))
    }
  }
}
