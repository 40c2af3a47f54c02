import DemoServers
import Diagnosis
import ProcNet

/// `sockinspect completions bash|zsh|fish`: scripts made from the tables of commands and options.
enum CompletionsCommand {
  static let shells = ["bash", "zsh", "fish"]

  static func run(_ words: [String]) throws -> ExitStatus {
    if words.contains(where: ["-h", "--help"].contains) {
      return try HelpCommand.show("completions")
    }
    guard words.count == 1, let shell = words.first, shells.contains(shell) else {
      throw UsageError("completions takes the name of a shell: bash, zsh or fish")
    }
    let text: String
    switch shell {
    case "bash": text = BashCompletion.script
    case "zsh": text = ZshCompletion.script
    default: text = FishCompletion.script
    }
    try OutputFile.standardOutput.write(text)
    return .done
  }
}

/// What can stand where an argument is to be typed.
enum CompletionValues {
  case words([String])
  /// Several words with commas between them.
  case list([String])
  case files, folders
  /// `self`, `all`, and the names below /run/netns.
  case namespaces([String])
  /// Nothing can be offered: a number, an address.
  case open

  /// Those of an option's argument.
  init(_ option: OptionDescription, of command: Command) {
    if option.names.contains("netns") {
      self = .namespaces(option.choices)
    } else if !option.choices.isEmpty {
      self = .words(option.choices)
    } else if option.names.contains("columns") {
      self = .list(Self.columns(of: command))
    } else if option.names.contains("sort") {
      let columns = Self.columns(of: command)
      let orders = command.name == "watch" ? ["rise"] : []
      self = .words(orders + columns + columns.map { "-\($0)" })
    } else {
      switch option.argument {
      case "FILE", "PATH|@NAME": self = .files
      case "DIR": self = .folders
      default: self = .open
      }
    }
  }

  private static func columns(of command: Command) -> [String] {
    switch command.name {
    case "listen", "watch": ColumnSet.listeners.all.map(\.name)
    case "counters": ColumnSet.counters.all.map(\.name)
    default: ColumnSet.sockets.all.map(\.name)
    }
  }

  /// Those of a command's other words.
  init(wordsOf command: Command) {
    switch command.name {
    case "explain": self = .words(TopicIndex.all.topics.compactMap(\.names.first).unique)
    case "counters": self = .words(Topic.counters.compactMap(\.names.first).unique)
    case "demo": self = .words(Course.lessons.map(\.name) + ScenarioList.all.map(\.name))
    case "serve": self = .words(ServerModel.allCases.map(\.rawValue))
    case "completions": self = .words(CompletionsCommand.shells)
    case "help": self = .words(CommandList.all.map(\.name) + ManualPages.ofNoCommand)
    case "record": self = .files
    case "chat", "load": self = .open
    default: self = .words(Self.filterWords)
    }
  }

  /// What a filter can begin with, and states, which follow `state`.
  private static var filterWords: [String] {
    ["state", "exclude", "sport", "dport", "src", "dst", "pid", "command", "user"]
      + StateNames.table.map(\.name)
  }
}

extension [String] {
  /// Each once, in the order of the first.
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

/// For bash 4 and later; it needs nothing of bash-completion.
enum BashCompletion {
  static var script: String {
    let names = CommandList.all.flatMap { [$0.name] + $0.aliases }
    return """
      # Completion of sockinspect for bash, made by 'sockinspect completions bash'.
      _sockinspect() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
        local command= index options= values=
        # '--name=value' comes as three words.
        if [[ $word == '=' ]]; then word=; elif [[ $before == '=' ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
        for ((index = 1; index < COMP_CWORD; index++)); do
          case ${COMP_WORDS[index]} in
            \(names.joined(separator: "|"))) command=${COMP_WORDS[index]}; break ;;
          esac
        done
        case ${command:-list}:$before in
      \(CommandList.all.flatMap(arguments).joined())    esac
        case ${command:-list} in
      \(CommandList.all.map(words).joined())    esac
        if [[ $word == -* ]]; then
          COMPREPLY=($(compgen -W "$options" -- "$word"))
        elif [[ $values == '<files>' ]]; then
          compopt -o filenames 2>/dev/null
          COMPREPLY=($(compgen -f -- "$word"))
        else
          [[ -n $command ]] || values="\(CommandList.all.map(\.name).joined(separator: " ")) $values"
          COMPREPLY=($(compgen -W "$values" -- "$word"))
        fi
      }
      complete -F _sockinspect sockinspect

      """
  }

  private static func pattern(_ command: Command) -> [String] { [command.name] + command.aliases }

  private static func arguments(of command: Command) -> [String] {
    command.options.filter { $0.argument != nil }.compactMap { option in
      let action: String
      switch CompletionValues(option, of: command) {
      case .words(let words):
        action = "COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$word\"))"
      case .list(let words):
        action = """
          local start=; [[ $word == *,* ]] && start=${word%,*},
                COMPREPLY=($(compgen -P "$start" -W '\(words.joined(separator: " "))' -- "${word##*,}"))
          """
      case .files:
        action = "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$word\"))"
      case .folders:
        action = "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- \"$word\"))"
      case .namespaces(let words):
        action =
          "COMPREPLY=($(compgen -W '\(words.joined(separator: " ")) '\"$(ls /run/netns 2>/dev/null)\" -- \"$word\"))"
      case .open: action = "COMPREPLY=()"
      }
      let cases = pattern(command).flatMap { name in option.spellings.map { "\(name):\($0)" } }
      return "    \(cases.joined(separator: "|")))\n      \(action); return ;;\n"
    }
  }

  private static func words(of command: Command) -> String {
    let values =
      switch CompletionValues(wordsOf: command) {
      case .words(let words): words.joined(separator: " ")
      case .files: "<files>"
      default: ""
      }
    let options = command.options.flatMap(\.spellings).joined(separator: " ")
    return """
          \(pattern(command).joined(separator: "|")))
            options='\(options)'
            values='\(values)' ;;

      """
  }
}

/// For zsh, with descriptions.
enum ZshCompletion {
  static var script: String {
    let commands = CommandList.all.map { "    '\($0.name):\(quoted($0.summary))'" }
    let names = CommandList.all.flatMap { [$0.name] + $0.aliases }
    return """
      #compdef sockinspect
      # Completion of sockinspect for zsh, made by 'sockinspect completions zsh'.
      _sockinspect_commands() {
        local -a commands=(
      \(commands.joined(separator: "\n"))
        )
        _describe command commands
      }
      _sockinspect_namespaces() { compadd self all /run/netns/*(N:t) }
      \(CommandList.all.map(function).joined())
      _sockinspect() {
        local index
        for ((index = 2; index < CURRENT; index++)); do
          case $words[index] in
            (\(names.joined(separator: "|")))
              local command=$words[index]
              words[index]=()
              ((CURRENT--))
              case $command in \(aliases) esac
              _sockinspect_$command
              return ;;
          esac
        done
        _alternative 'commands:command:_sockinspect_commands' 'list:socket:_sockinspect_list'
      }
      _sockinspect "$@"

      """
  }

  private static var aliases: String {
    CommandList.all.flatMap { command in
      command.aliases.map { "(\($0)) command=\(command.name) ;;" }
    }.joined(separator: " ")
  }

  private static func function(_ command: Command) -> String {
    let options = command.options.flatMap { option -> [String] in
      let argument = option.argument.map { name in
        ":\(quoted(name)):\(action(CompletionValues(option, of: command)))"
      }
      // Long names may have their argument behind a '='.
      return option.spellings.map { spelling in
        let end = option.argument != nil && spelling.hasPrefix("--") ? "=" : ""
        return "    '\(spelling)\(end)[\(quoted(option.help))]\(argument ?? "")'"
      }
    }
    let words = "    '*:word:\(action(CompletionValues(wordsOf: command)))'"
    return """
      _sockinspect_\(command.name)() {
        _arguments -s -S \\
      \((options + [words]).joined(separator: " \\\n"))
      }

      """
  }

  private static func action(_ values: CompletionValues) -> String {
    switch values {
    case .words(let words): "(\(words.map(word).joined(separator: " ")))"
    case .list(let words): "_values -s , column \(words.joined(separator: " "))"
    case .files: "_files"
    case .folders: "_files -/"
    case .namespaces: "_sockinspect_namespaces"
    case .open: " "
    }
  }

  /// A colon ends an action.
  private static func word(_ text: String) -> String { text.replacing(":", with: "\\:") }

  /// Text inside single quotes and brackets.
  private static func quoted(_ text: String) -> String {
    text.replacing("'", with: "’").replacing("[", with: "(").replacing("]", with: ")")
      .replacing(":", with: "\\:")
  }
}

/// For fish, with descriptions.
enum FishCompletion {
  static var script: String {
    let names = CommandList.all.flatMap { [$0.name] + $0.aliases }
    let aliases = CommandList.all.flatMap { command in
      command.aliases.map { "      case \($0)\n        echo \(command.name)\n" }
    }
    let commands = CommandList.all.map {
      "complete -c sockinspect -n 'not __sockinspect_has_command' -a \($0.name) -d '\(quoted($0.summary))'"
    }
    return """
      # Completion of sockinspect for fish, made by 'sockinspect completions fish'.
      function __sockinspect_has_command
        for word in (commandline -opc)[2..]
          contains -- $word \(names.joined(separator: " ")); and return 0
        end
        return 1
      end
      function __sockinspect_in
        set -l command list
        for word in (commandline -opc)[2..]
          if contains -- $word \(names.joined(separator: " "))
            set command $word
            break
          end
        end
        switch $command
      \(aliases.joined())      case '*'
            echo $command
        end | string match -q -- $argv[1]
      end
      function __sockinspect_list
        set -l start (commandline -ct | string match -r '.*,')
        for word in $argv
          echo $start$word
        end
      end
      complete -c sockinspect -f
      \((commands + CommandList.all.flatMap(lines)).joined(separator: "\n"))

      """
  }

  private static func lines(of command: Command) -> [String] {
    let start = "complete -c sockinspect -n '__sockinspect_in \(command.name)'"
    let options = command.options.map { option in
      var line = start
      if let letter = option.letter { line += " -s \(letter)" }
      for name in option.names { line += " -l \(name)" }
      if option.argument != nil { line += argument(CompletionValues(option, of: command)) }
      return "\(line) -d '\(quoted(option.help))'"
    }
    switch CompletionValues(wordsOf: command) {
    case .words(let words): return options + ["\(start) -a '\(words.joined(separator: " "))'"]
    case .files: return options + ["\(start) -F"]
    default: return options
    }
  }

  private static func argument(_ values: CompletionValues) -> String {
    switch values {
    case .words(let words): " -x -a '\(words.joined(separator: " "))'"
    case .list(let words): " -x -a '(__sockinspect_list \(words.joined(separator: " ")))'"
    case .files: " -r -F"
    case .folders: " -x -a '(__fish_complete_directories)'"
    case .namespaces(let words):
      " -x -a '\(words.joined(separator: " ")) (ls /run/netns 2>/dev/null)'"
    case .open: " -x"
    }
  }

  private static func quoted(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }
}
