import Testing

@testable import sockinspect

/// Which command a line means, and with which words.
@Suite("The command line")
struct CommandLineTests {
  @Test(
    "options may stand before the command",
    arguments: [
      (["-N", "123", "listen", "-t"], "listen", ["-N", "123", "-t"]),
      (["-j", "diagnose"], "diagnose", ["-j"]),
      (["--color", "never", "listen"], "listen", ["--color", "never"]),
      (["--color=never", "why", ":80"], "diagnose", ["--color=never", ":80"]),
      (["-tN", "all", "listen"], "listen", ["-tN", "all"]),
      (["-Nall", "listen"], "listen", ["-Nall"]),
      (["--interval", "2", "counters"], "counters", ["--interval", "2"]),
      (["listen", "-t"], "listen", ["-t"]),
    ])
  func before(words: [String], command: String, rest: [String]) {
    let (found, others) = CommandList.split(words)
    #expect(found.name == command && others == rest)
  }

  @Test(
    "a command's name as an argument or behind other words is none",
    arguments: [
      ["-N", "listen"], ["--from", "record"], ["-t", "--", "listen"], ["state", "listen"],
      [":80", "diagnose"], ["--columns", "list"], ["-t", ":80", "kill"], ["-tan"], [],
    ])
  func notOne(words: [String]) {
    let (found, others) = CommandList.split(words)
    #expect(found.name == "list" && others == words)
  }

  @Test("a word near to a command's name is one that was mistyped, others are not")
  func near() {
    #expect(CommandList.near("lisen") == "listen" && CommandList.near("lsit") == "list")
    #expect(CommandList.near("version") == "--version" && CommandList.near("nginx") == nil)
  }

  @Test("the examples of help name commands, and options that these have")
  func examples() {
    var count = 0
    for command in CommandList.all {
      for example in command.examples {
        count += 1
        let words = example.line.split(separator: " ").map(String.init)
        let (meant, rest) = CommandList.split(words)
        let options = meant.options
        for word in rest.prefix(while: { !["|", "||"].contains($0) && !$0.hasPrefix(">") })
        where word.hasPrefix("-") {
          let letters = word.dropFirst().map { "-\($0)" }
          let spellings = word.hasPrefix("--") ? [word] : letters
          let known = options.flatMap(\.spellings)
          #expect(spellings.allSatisfy(known.contains), "\(example.line)")
        }
      }
    }
    #expect(count > 20)
  }
}
