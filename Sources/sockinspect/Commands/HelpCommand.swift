import ProcNet

/// `sockinspect help [COMMAND]`: everything from the tables of commands and options.
enum HelpCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    let names = words.filter { $0 != "--help" && $0 != "-h" }
    guard let name = names.first else { return try overview() }
    if names.count > 1 { throw UsageError("help takes one command") }
    return try show(name)
  }

  static func show(_ name: String) throws -> ExitStatus {
    guard let command = CommandList.named(name) else { throw CommandList.unknown(name) }
    var text = "Usage: sockinspect \(command.name) \(command.usage)\n\n"
    text += "\(command.summary.prefix(1).uppercased())\(command.summary.dropFirst()).\n"
    if !command.options.isEmpty {
      text += "\nOptions:\n" + columns(command.options.map { ($0.title, $0.help) })
    }
    for glossary in command.glossaries {
      text += "\n\(glossary.title):\n" + columns(glossary.words.map { ($0.word, $0.meaning) })
    }
    let filter = ["FILTER", "TARGET"].first { command.usage.contains($0) }
    text += "\nsockinspect(1) says more"
    text += filter.map { "; sockinspect-filter(7) is about \($0).\n" } ?? ".\n"
    return try write(text)
  }

  private static func overview() throws(KernelError) -> ExitStatus {
    var text = """
      Usage: sockinspect [COMMAND] [OPTION]... [FILTER]

      Shows the sockets of this host: states, queues, owners.

      Commands:

      """
    text += columns(CommandList.all.map { ("\($0.name) \($0.usage)", $0.summary) })
    text += """

      Examples:
        sockinspect -tlnp                  listening TCP sockets and who holds them
        sockinspect :8080                  everything at port 8080
        sockinspect 'fill >= 80%'          listeners whose accept queue is nearly full
        sockinspect state time-wait -s     how many connections are in TIME-WAIT
        sockinspect --json -tan            for programs

      'sockinspect help COMMAND' lists a command's options; sockinspect(1) says more.

      """
    return try write(text)
  }

  /// Two columns that fit into 80; what is too wide for the left one gets a line of its own.
  private static func columns(_ rows: [(String, String)]) -> String {
    let width = min(28, rows.map(\.0.count).max() ?? 0)
    let margin = "\n" + String(repeating: " ", count: width + 4)
    return rows.map { title, help in
      let gap =
        title.count > width ? margin : String(repeating: " ", count: width - title.count + 2)
      return
        "  \(title)\(gap)\(WrappedText.lines(help, width: 76 - width).joined(separator: margin))\n"
    }.joined()
  }

  private static func write(_ text: String) throws(KernelError) -> ExitStatus {
    try OutputFile.standardOutput.write(text)
    return .done
  }
}
