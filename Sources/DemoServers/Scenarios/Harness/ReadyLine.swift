import Glibc

/// The line that says a scenario stands, for people and programs: `ready {…}`.
enum ReadyLine {
  static func text(
    _ scenario: any Scenario, _ scene: RunningScenario, _ processes: [ProcessView]
  ) -> String {
    var members = [
      ("scenario", JSONText.quote(scenario.name)),
      ("expects", JSONText.array(scenario.expects.map { JSONText.quote($0.rawValue) })),
      ("allows", JSONText.array(scenario.allows.map { JSONText.quote($0.rawValue) })),
      ("pids", JSONText.array(processes.map { "\($0.pid)" })),
    ]
    if let first = scene.servers.first { members += place(of: first) }
    members.append(("servers", JSONText.array(scene.servers.map(server))))
    if scenario.needs.contains(.ownNetwork) { members.append(("netns", "\(getpid())")) }
    if let note = scene.note { members.append(("note", JSONText.quote(note))) }
    if let target = scene.target {
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
