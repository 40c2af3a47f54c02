import Foundation
import TestSupport
import Testing

@testable import sockinspect

/// What real shells offer after TAB.
@Suite("Completions", .serialized)
struct CompletionTests {
  private static let shells = CompletionsCommand.shells.filter { shell in
    ["/usr/bin", "/bin"].contains { access("\($0)/\(shell)", X_OK) == 0 }
  }

  /// A command line up to the cursor, and some of what must be offered there.
  private struct Line {
    var words: [String]
    var offers: [String]
  }

  /// Every option of every command; every value of those that have a list of them.
  private static let lines: [Line] =
    CommandList.all.flatMap { command in
      let names = command.options.flatMap(\.names).map { "--\($0)" }
      let options = names.isEmpty ? [] : [Line(words: [command.name, "--"], offers: names)]
      let values = command.options.compactMap { option -> Line? in
        guard let name = option.names.first, !option.choices.isEmpty else { return nil }
        return Line(words: [command.name, "--\(name)", ""], offers: option.choices)
      }
      return options + values
    } + [
      Line(words: [""], offers: CommandList.all.map(\.name)),
      Line(words: ["serve", ""], offers: ["serial", "prefork", "event"]),
      Line(words: ["demo", ""], offers: ["handshake", "serial-blocked"]),
      Line(words: ["explain", ""], offers: ["accept-queue-full", "TcpExtListenDrops"]),
      Line(words: ["counters", "Tcp"], offers: ["TcpExtListenDrops", "TcpInSegs"]),
      Line(words: ["listen", "--sort", ""], offers: ["queue", "-queue", "drops"]),
      Line(words: ["-t", "state", "est"], offers: ["established", "estab"]),
      Line(words: ["--color", "never", "listen", "--wai"], offers: ["--waiting"]),
      Line(words: ["why", "--evi"], offers: ["--evidence"]),
    ]

  @Test("offer every option of every command and every value", arguments: shells)
  func offers(_ shell: String) throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let script = folder.file(shell == "zsh" ? "_sockinspect" : "script")
    let text =
      switch shell {
      case "bash": BashCompletion.script
      case "zsh": ZshCompletion.script
      default: FishCompletion.script
      }
    try text.write(toFile: script, atomically: false, encoding: .utf8)
    let answers = try Self.ask(shell, script, in: folder)
    #expect(answers.count == Self.lines.count)
    for (line, offered) in zip(Self.lines, answers) {
      let missing = Set(line.offers).subtracting(offered)
      #expect(missing.isEmpty, "\(shell) \(line.words): \(missing), offered \(offered.prefix(20))")
    }
  }

  @Test("several columns are completed one after the other", .enabled(if: shells.contains("bash")))
  func lists() throws {
    let program = """
      . "$1"; COMP_WORDS=(sockinspect list --columns local,rec); COMP_CWORD=3
      _sockinspect; printf '%s\\n' "${COMPREPLY[@]}"
      """
    let folder = try TemporaryFolder()
    try BashCompletion.script.write(
      toFile: folder.file("script"), atomically: false, encoding: .utf8)
    let offered = try Self.run(["bash", "-c", program, "bash", folder.file("script")])
    #expect(offered.split(separator: "\n").contains("local,recv-q"), "\(offered)")
  }

  /// The answers to all lines, in their order.
  private static func ask(
    _ shell: String, _ script: String, in folder: TemporaryFolder
  ) throws -> [[String]] {
    let input = folder.file("lines")
    try lines.map { $0.words.joined(separator: "\t") + "\n" }.joined()
      .write(toFile: input, atomically: false, encoding: .utf8)
    let program =
      switch shell {
      case "bash":
        """
        . "$1"
        while IFS= read -r line; do
          mapfile -t -d $'\\t' words < <(printf '%s\\t' "$line")
          COMP_WORDS=(sockinspect "${words[@]}"); COMP_CWORD=${#words[@]}; COMPREPLY=()
          _sockinspect
          printf '%s\\t' "${COMPREPLY[@]}"; echo
        done < "$2"
        """
      case "fish":
        """
        source $argv[1]
        while read -l line
          set -l words (string split \\t -- $line)
          set -l offered (complete -C "sockinspect "(string join ' ' -- $words) | string replace -r '\\t.*' '')
          set -l joined (string join \\t -- $offered)
          echo "$joined"
        end < $argv[2]
        """
      default: zsh
      }
    let words =
      shell == "fish"
      ? ["fish", "--no-config", "-c", program, script, input]
      : [shell, shell == "zsh" ? "-f" : "--norc", "-c", program, shell, script, input, folder.path]
    let answer = try run(words)
    return answer.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.split(separator: "\t").map(String.init) }
  }

  /// zsh completes only at a terminal: one of its own, in which whatever is offered is noted.
  private static let zsh = """
    zmodload zsh/zpty
    cat > $3/inner <<'END'
    PS1=; PS2=; unsetopt zle_bracketed_paste 2>/dev/null
    autoload -Uz compinit
    compinit -u -D
    autoload -Uz _sockinspect
    compdef _sockinspect sockinspect
    zstyle ':completion:*' verbose no
    zstyle ':completion:*' list-prompt ''
    LISTMAX=100000
    compadd() {
      if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)' '* ]]; then builtin compadd "$@"; return; fi
      local -a hits
      builtin compadd -A hits "$@"
      print -rn -- "${(pj:\\t:)hits}	" >> $NOTES
      return 0
    }
    note-completions() { : >> $NOTES; zle list-choices; print -r -- "" >> $NOTES; print -r done >> $NOTES.done; BUFFER=; }
    zle -N note-completions
    bindkey '^I' note-completions
    END
    export NOTES=$3/notes
    : > $NOTES; : > $NOTES.done
    zpty shell "FPATH=${1:h}:$FPATH zsh -f -i"
    zpty -w shell ". $3/inner"
    count=0
    while IFS= read -r line; do
      zpty -w -n shell "sockinspect ${line//$'\\t'/ }"$'\\t'
      ((count++))
      for ((wait = 0; wait < 1000; wait++)); do
        zpty -r -t shell rest >/dev/null 2>&1
        (( $(wc -l < $NOTES.done) >= count )) && break
        sleep 0.01
      done
    done < $2
    zpty -d shell
    cat $NOTES
    """

  private static func run(_ words: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }
}
