import CStart
import ProcNet

/// What was typed after `help`.
struct HelpArguments: Sendable, HasHelp, HasPager {
  /// `--man`: a manual page instead of the overview or a list of options.
  var showsPage = false
  var usesPager = true
  var wantsHelp = false
}

extension Option where Arguments == HelpArguments {
  static var helpCommand: [Option<HelpArguments>] {
    [
      Option(nil, "man", help: "show a manual page; in a pipe its source, for 'man -l -'") {
        $0.showsPage = true
      },
      noPager,
      help,
    ]
  }
}

/// `sockinspect help [COMMAND]`: everything from the tables of commands and options, and the
/// manual pages.
enum HelpCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = HelpArguments()
    let parser = OptionParser(command: "sockinspect help", options: Option.helpCommand)
    let names = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try show("help") }
    if names.count > 1 {
      throw UsageError("help takes one \(arguments.showsPage ? "page" : "command")")
    }
    if arguments.showsPage { return try showPage(names.first, arguments) }
    guard let name = names.first else { return try overview() }
    return try show(name)
  }

  static func show(_ name: String) throws -> ExitStatus {
    guard let command = CommandList.named(name) else { throw unknown(name) }
    var text = "Usage: sockinspect \(command.name) \(command.usage)\n\n"
    text += "\(command.summary.prefix(1).uppercased())\(command.summary.dropFirst()).\n"
    if !command.examples.isEmpty { text += "\nExamples:\n" + examples(of: [command]) }
    if !command.options.isEmpty {
      text += "\nOptions:\n" + columns(command.options.map { ($0.title, $0.help) })
    }
    for glossary in command.glossaries {
      text += "\n\(glossary.title):\n" + columns(glossary.words.map { ($0.word, $0.meaning) })
    }
    text += "\nMore: \(pageCommands(command.name))\n"
    if let filter = ["FILTER", "TARGET"].first(where: command.usage.contains) {
      text += "\(filter): \(pageCommands("filter"))\n"
    }
    return try write(text)
  }

  /// How a manual page is shown.
  private static func pageCommands(_ name: String) -> String {
    "man sockinspect-\(name), or sockinspect help --man \(name)"
  }

  /// A page that is not a command's is known as well.
  private static func unknown(_ name: String) -> UsageError {
    guard ManualPages.named(name) != nil else { return CommandList.unknown(name) }
    let shown = SafeText.string(name)
    return UsageError(
      "'\(shown)' is not a command but a manual page: 'sockinspect help --man \(shown)' shows it")
  }

  /// A person gets text for the screen; in a pipe the page is as man(1) reads it.
  private static func showPage(
    _ name: String?, _ arguments: HelpArguments
  ) throws -> ExitStatus {
    guard let page = ManualPages.named(name ?? "sockinspect") else {
      throw ManualPages.unknown(name ?? "")
    }
    let file = OutputFile.standardOutput
    guard file.isTerminal else { return try write(page.text) }
    let screen = ManualScreen(
      width: min(max(file.width ?? 80, 40), 81) - 1,
      palette: Palette(isColoured: ColourChoice.auto.isOn),
      characters: .ofLocale)
    var output = Output()
    output.writer.append(screen.text(of: page.text))
    try Pager.show(output.writer.span, isWanted: arguments.usesPager)
    return .done
  }

  private static func overview() throws(KernelError) -> ExitStatus {
    var text = """
      Usage: sockinspect [COMMAND] [OPTION]... [FILTER]

      Says why connections to a server hang; lists sockets, queues and owners.

      Commands:

      """
    text += columns(CommandList.all.map { ("\($0.name) \($0.usage)", $0.summary) })
    text += """

      Examples:

      """
    text += examples(of: CommandList.all.filter { Self.first.contains($0.name) }, most: 2)
    text += """

      'sockinspect help COMMAND' lists a command's options.
      More: man sockinspect, or sockinspect help --man [COMMAND]

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

/// The manual pages, which the program carries along for hosts where only it was copied.
enum ManualPages {
  struct Page {
    /// As in man/: `sockinspect-filter.7`.
    let file: String
    /// In mdoc(7).
    let text: String

    /// `filter`; of sockinspect(1) its whole name.
    var name: String {
      let stem = file.dropLast(2)
      return stem == "sockinspect" ? "sockinspect" : String(stem.dropFirst("sockinspect-".count))
    }

    /// Whether a word means this page: `filter`, `sockinspect-filter`, `sockinspect-filter.7`, or
    /// `sockinspect-filter(7)` as it is written in texts.
    func has(_ word: String) -> Bool {
      let section = file.suffix(1)
      return [name, String(file.dropLast(2))].contains { name in
        [name, "\(name).\(section)", "\(name)(\(section))"].contains(word)
      }
    }
  }

  static var all: [Page] {
    var pages: [Page] = []
    while let name = unsafe sockinspect_page_name(Int32(pages.count)),
      let text = unsafe sockinspect_page_text(Int32(pages.count))
    {
      pages.append(unsafe Page(file: String(cString: name), text: String(cString: text)))
    }
    return pages
  }

  /// A command's aliases have its page.
  static func named(_ word: String) -> Page? {
    let word = CommandList.named(word)?.name ?? word
    return all.first { $0.has(word) }
  }

  /// The names of those that are not about one command.
  static var ofNoCommand: [String] { all.map(\.name).filter { CommandList.named($0) == nil } }

  static func unknown(_ word: String) -> UsageError {
    let pages = all
    let isWhole = word.hasPrefix("sockinspect-")
    return UsageError(
      "unknown manual page", word,
      among: pages.map { isWhole ? String($0.file.dropLast(2)) : $0.name },
      orElse: "there are \(pages.map(\.name).joined(separator: ", "))")
  }
}
