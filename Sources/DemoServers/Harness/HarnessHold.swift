import Glibc

/// Makes a scenario, says that it is ready, holds it, and takes it down.
public enum HarnessHold {
  /// Returns at end of input and on SIGTERM, SIGINT or SIGHUP. `say` gets the one line.
  public static func run<Failure: Error>(
    _ scenario: any Scenario, say: (String) throws(Failure) -> Void
  ) throws {
    for need in scenario.needs { try need.provide() }
    Signals.block(Signals.ending)
    keepInheritedToOurselves()
    var harness = ScenarioHarness()
    let running = try scenario.make(on: &harness)
    try say(ReadyLine.text(scenario, running, harness.processes))
    // What is typed is dropped: only its end counts.
    while !ClientInput.standard.hasEnded(within: 50), !Signals.arePending(Signals.ending) {
      try harness.checkParts()
      try scenario.keepUp(running, on: &harness)
    }
  }

  /// A demo server should not hold descriptors that a shell or a test left open.
  private static func keepInheritedToOurselves() {
    for descriptor in (SmallFile.names(in: "/proc/self/fd") ?? []).compactMap({ Int32($0) })
    where descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }
}

/// The line that reports a scenario as ready, for people and programs: `ready {…}`.
enum ReadyLine {
  static func text(
    _ scenario: any Scenario, _ running: RunningScenario, _ processes: [ProcessView]
  ) -> String {
    var members = [
      ("scenario", JSONText.quote(scenario.name)),
      ("expects", JSONText.array(scenario.expects.map { JSONText.quote($0.rawValue) })),
      ("allows", JSONText.array(scenario.allows.map { JSONText.quote($0.rawValue) })),
      ("pids", JSONText.array(processes.map { "\($0.pid)" })),
    ]
    if let first = running.servers.first { members += place(of: first) }
    members.append(("servers", JSONText.array(running.servers.map(server))))
    if scenario.needs.contains(.ownNetwork) { members.append(("netns", "\(getpid())")) }
    if let note = running.note { members.append(("note", JSONText.quote(note))) }
    if let target = running.target {
      members.append(("target", JSONText.quote(target)))
      members.append(("try", JSONText.quote(command(scenario, target))))
    }
    return "ready " + JSONText.object(members)
  }

  /// What to type in another terminal.
  private static func command(_ scenario: any Scenario, _ target: String) -> String {
    let network = scenario.needs.contains(.ownNetwork) ? "--netns \(getpid()) " : ""
    return "sockinspect diagnose \(network)\(target)"
  }

  private static func server(_ server: HarnessServer) -> String {
    JSONText.object([("pid", "\(server.pid)")] + place(of: server))
  }

  private static func place(of server: HarnessServer) -> [(String, String)] {
    let netid = ("netid", JSONText.quote(server.netid))
    if let path = server.path { return [netid, ("path", JSONText.quote(path))] }
    return [netid, ("address", JSONText.quote(server.address)), ("port", "\(server.port)")]
  }
}

/// JSON of our own plain words.
enum JSONText {
  static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\0"..<" ": quoted += "?"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  static func array(_ values: [String]) -> String { "[\(values.joined(separator: ", "))]" }

  static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(quote($0)): \($1)" }.joined(separator: ", ") + "}"
  }
}
