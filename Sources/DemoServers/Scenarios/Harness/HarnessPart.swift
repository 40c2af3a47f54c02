import Glibc

/// A part that a scenario plays itself, as the process that it was started as.
public enum HarnessPart {
  /// The words behind `demo`: `@SCENARIO ROLE WORD…`. Only a harness types them.
  public static func run(_ words: [String]) throws(DemoError) {
    guard let name = words.first?.dropFirst(), words.count > 1,
      let scenario = ScenarioList.named(String(name))
    else { throw DemoError("demo: unknown part of a scenario", status: 64) }
    try endWithParent()
    if words[1] == NamedServer.role { try NamedServer.run(Array(words.dropFirst(2))) }
    try scenario.act(words[1], Array(words.dropFirst(2)))
  }

  /// Says to the harness that it is ready, as `serve` does.
  static func sayReady(_ words: String) {
    let line = Array("ready pid=\(getpid()) \(words)\n".utf8)
    _ = unsafe write(1, line, line.count)
  }

  /// Sleeps until somebody ends us.
  static func sleepForever() -> Never { while true { pause() } }

  /// The name that ps and ss show.
  static func setName(_ name: String) {
    ThreadName.set(name)
  }

  /// A parent that was gone before we asked shows as the end of our input.
  private static func endWithParent() throws(DemoError) {
    ParentDeath.endsUs()
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    if unsafe poll(&input, 1, 0) > 0 { throw DemoError("demo: the harness has ended") }
  }
}
