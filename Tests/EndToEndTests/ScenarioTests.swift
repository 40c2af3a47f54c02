import Foundation
import Testing

extension ScenariosEndToEnd {
  @Suite("Scenarios of the demo")
  struct Scenarios {
    static let names: [String] = {
      let list = try? Program(words: [Product.sockinspect, "demo", "--list"]).run()
      return list?.text.split(separator: "\n").map { String($0.prefix { $0 != " " }) } ?? []
    }()

    /// Asked for on a machine that does nothing else, since it measures times.
    private static let isThorough =
      ProcessInfo.processInfo.environment["SITUATIONS_EVERY_END"] != nil

    /// Each scenario ends in one of the three ways, in turn; all in all three when asked.
    private static func ends(_ name: String) -> [ScenarioEnd] {
      if isThorough { return ScenarioEnd.allCases }
      let index = names.firstIndex(of: name) ?? 0
      return [ScenarioEnd.allCases[index % ScenarioEnd.allCases.count]]
    }

    @Test("the table of claims has each of them")
    func everyOneIsClaimed() {
      #expect(Self.names.count >= 28)
      #expect(Set(ScenarioClaim.all.keys) == Set(Self.names))
    }

    @Test("stands as ss, netstat, lsof and /proc see it, and leaves nothing", arguments: names)
    func stands(_ name: String) throws {
      for way in Self.ends(name) {
        guard let hold = try Self.hold(name) else { return }
        #expect(hold.ready.scenario == name)
        #expect(!Self.isThorough || hold.timeToReady < .seconds(10))
        let look = ScenarioLook(ready: hold.ready)
        for claim in ScenarioClaim.all[name] ?? [] {
          #expect(try claim.comesTrue(look), "\(claim.says)\n\(hold.ready)\n\(hold.said)")
        }
        let leftovers = ScenarioLeftovers(of: hold)
        #expect(hold.end(way) == way.expected, "\(way): \(hold.said)")
        let found = try leftovers.found()
        #expect(found.isEmpty, "after \(way): \(found)")
      }
    }

    /// Nil when it is skipped, which only those without rights may.
    private static func hold(_ name: String) throws -> ScenarioHold? {
      do {
        return try ScenarioHold(name)
      } catch let skipped as ScenarioHold.Skipped {
        #expect(!Tool.isRoot, "\(skipped.why)")
        return nil
      }
    }

    @Test("the list as JSON says the same as the list of lines")
    func jsonList() throws {
      let ours = try Program(words: [Product.sockinspect, "demo", "--list", "--json"]).run()
      let scenarios = try #require(try object(ours.output)["scenarios"] as? [[String: Any]])
      #expect(scenarios.compactMap { $0["name"] as? String } == Self.names)
      for scenario in scenarios {
        #expect(scenario["expects"] is [String])
        #expect((scenario["summary"] as? String)?.isEmpty == false)
      }
    }

    @Test(
      "wrong words get one line and the right status",
      arguments: [
        (["serial-blokced", "--hold"], "serial-blocked"), (["nothing-of-it", "--hold"], "--list"),
        (["--hold"], "--hold"), (["serial-blocked", "stopped", "--hold"], "--hold"),
        (["@serial-blocked"], "part"), (["@nothing", "x"], "part"),
        (["--list", "stopped"], "--list"), (["serial\u{1b}", "--hold"], "\\x1b"),
      ])
    func wrongWords(_ words: [String], _ hint: String) throws {
      let ours = try Program(words: [Product.sockinspect, "demo"] + words).run()
      #expect(ours.ending == .exited(64), "\(ours)")
      #expect(ours.errorLines.count == 1 && ours.errorText.contains(hint), "\(ours)")
      #expect(ours.output.isEmpty)
    }

    @Test("at a terminal it says in words what there is to see; --json has the line there, too")
    func words() throws {
      let words = [Product.sockinspect, "demo", "serial-blocked", "--hold"]
      let terminal = try WatchTerminal(words)
      let shown = terminal.shows(
        "serial-blocked is ready: one silent client", "  tcp 127.0.0.1:", ", pid ",
        "  sockinspect diagnose :", "Press Ctrl-C here to end it.", without: ["ready {"])
      #expect(shown, "\(terminal.screen.text)")
      terminal.type("\u{3}")
      #expect(terminal.end() == .exited(0))
      let line = try WatchTerminal(words + ["--json"])
      #expect(line.shows("ready {\"scenario\": \"serial-blocked\"", without: ["Ctrl-C"]))
      line.type("\u{3}")
      #expect(line.end() == .exited(0))
    }

    @Test("end of input before it stands is no reason not to say so")
    func endOfInputAtOnce() throws {
      let ours = try Program(words: [Product.sockinspect, "demo", "serial-blocked", "--hold"]).run()
      #expect(ours.ending == .exited(0), "\(ours)")
      #expect(ours.text.hasPrefix("ready {\"scenario\": \"serial-blocked\""), "\(ours)")
    }

    @Test(
      "what needs rights that we don't have is skipped with a reason",
      .enabled(if: Tool.canChangeUser, "needs root, nsenter and setpriv"),
      arguments: ["syn-flood", "time-wait-ports"])
    func skipped(_ name: String) throws {
      let program = try TemporaryFolder()
      let copy = try program.copy(of: Product.sockinspect)
      let ours = try Program(words: User.nobody.prefix + [copy, "demo", name, "--hold"]).run()
      #expect(ours.ending == .exited(77), "\(ours)")
      #expect(ours.text.hasPrefix("skip \(name): cannot make a network namespace"), "\(ours)")
    }

    @Test(
      "an ordinary user can make those that need no rights",
      .enabled(if: Tool.canChangeUser, "needs root, nsenter and setpriv"),
      arguments: ["serial-blocked", "prefork-full", "stopped", "unix-backlog"])
    func ordinaryUser(_ name: String) throws {
      let program = try TemporaryFolder()
      let copy = try program.copy(of: Product.sockinspect)
      let ours = try Program(words: User.nobody.prefix + [copy, "demo", name, "--hold"]).run()
      #expect(ours.ending == .exited(0), "\(ours)")
      #expect(ours.text.hasPrefix("ready "), "\(ours)")
    }
  }
}
