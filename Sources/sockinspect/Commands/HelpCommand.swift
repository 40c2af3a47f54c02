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
    if !command.examples.isEmpty { text += "\nExamples:\n" + examples(of: [command]) }
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

      Shows sockets, their queues and their owners, and says why a server is stuck.

      Commands:

      """
    text += columns(CommandList.all.map { ("\($0.name) \($0.usage)", $0.summary) })
    text += """

      Examples:

      """
    text += examples(of: CommandList.all.filter { Self.first.contains($0.name) }, most: 2)
    text += """

      'sockinspect help COMMAND' lists a command's options; sockinspect(1) says more.

      """
    return try write(text)
  }

  /// Commands whose examples the overview shows.
  private static let first: Set<String> = ["list", "listen", "diagnose", "watch", "metrics"]

  private static func examples(of commands: [Command], most: Int = .max) -> String {
    columns(
      commands.flatMap { $0.examples.prefix(most) }.map { ("sockinspect \($0.line)", $0.purpose) },
      most: 40)
  }

  /// Two columns that fit into 80; what is too wide for the left one gets a line of its own.
  private static func columns(_ rows: [(String, String)], most: Int = 28) -> String {
    let width = min(most, rows.map(\.0.count).max() ?? 0)
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
