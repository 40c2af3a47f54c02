import ProcNet

/// `sockinspect completions bash|zsh|fish`: scripts made from the tables of commands and options.
enum CompletionsCommand {
  private static let shells = ["bash", "zsh", "fish"]

  static func run(_ words: [String]) throws -> ExitStatus {
    guard words.count == 1, let shell = words.first, shells.contains(shell) else {
      throw UsageError("completions takes the name of a shell: bash, zsh or fish")
    }
    let text: String
    switch shell {
    case "bash": text = bash
    case "zsh": text = zsh
    default: text = fish
    }
    try OutputFile.standardOutput.write(text)
    return .done
  }

  private static var commandNames: String {
    CommandList.all.map(\.name).joined(separator: " ")
  }

  /// Those of `list`, and what the other commands that read a host add.
  private static var options: [OptionDescription] {
    let others = [
      CommandList.listen, CommandList.diagnose, CommandList.counters, CommandList.metrics,
      CommandList.explain,
    ]
    return others.flatMap(\.options).reduce(into: CommandList.list.options) { options, option in
      let known = Set(options.flatMap(\.names))
      if known.isDisjoint(with: option.names) { options.append(option) }
    }
  }

  private static var bash: String {
    let names = options.flatMap(\.spellings)
    let cases = options.filter { !$0.choices.isEmpty }.map { option in
      let spellings = option.spellings.joined(separator: "|")
      let choices = option.choices.joined(separator: " ")
      return "    \(spellings)) COMPREPLY=($(compgen -W '\(choices)' -- \"$word\")); return ;;\n"
    }
    return """
      _sockinspect() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
        case $before in
      \(cases.joined())    --from|--proc|--output) COMPREPLY=($(compgen -f -- "$word")); return ;;
        esac
        if [[ $word == -* ]]; then
          COMPREPLY=($(compgen -W '\(names.joined(separator: " "))' -- "$word"))
        elif [[ $COMP_CWORD -eq 1 ]]; then
          COMPREPLY=($(compgen -W '\(commandNames)' -- "$word"))
        fi
      }
      complete -F _sockinspect sockinspect

      """
  }

  private static var zsh: String {
    let lines = options.flatMap { option -> [String] in
      let help = option.help.replacing("'", with: "’").replacing("[", with: "(")
        .replacing("]", with: ")").replacing(":", with: " -")
      let action = option.choices.isEmpty ? "" : "(\(option.choices.joined(separator: " ")))"
      let argument = option.argument.map { ":\($0):\(action)" } ?? ""
      return option.spellings.map { "    '\($0)[\(help)]\(argument)'" }
    }
    return """
      #compdef sockinspect
      _arguments \\
      \(lines.joined(separator: " \\\n")) \\
          '1:command:(\(commandNames))' '*:filter:'

      """
  }

  private static var fish: String {
    let commands = CommandList.all.map {
      "complete -c sockinspect -n __fish_use_subcommand -a \($0.name) -d '\(quoted($0.summary))'"
    }
    let lines = options.map { option in
      var line = "complete -c sockinspect"
      if let letter = option.letter { line += " -s \(letter)" }
      for name in option.names { line += " -l \(name)" }
      if option.argument != nil { line += " -x" }
      if !option.choices.isEmpty { line += " -a '\(option.choices.joined(separator: " "))'" }
      return line + " -d '\(quoted(option.help))'"
    }
    return (commands + lines).joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String { text.replacing("'", with: "\\'") }
}

extension String {
  /// Every occurrence of a character's text replaced.
  fileprivate func replacing(_ old: Character, with new: String) -> String {
    map { $0 == old ? new : String($0) }.joined()
  }
}
