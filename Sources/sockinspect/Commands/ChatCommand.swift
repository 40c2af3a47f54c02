import DemoServers
import ProcNet

/// What was typed after `chat`.
struct ChatArguments: Sendable, HasHelp {
  var wantsHelp = false
}

extension Option where Arguments == ChatArguments {
  static var chat: [Option<ChatArguments>] {
    [help]
  }
}

/// `sockinspect chat HOST:PORT`: type a line, see the echo, `q` quits.
enum ChatCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = ChatArguments()
    let parser = OptionParser(command: "sockinspect chat", options: Option<ChatArguments>.chat)
    let rest = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("chat") }
    guard rest.count == 1 else {
      throw UsageError("chat takes one HOST:PORT or unix:PATH to connect to")
    }
    let isInteractive = ClientInput.standard.isTerminal && OutputFile.standardOutput.isTerminal
    var screen = ChatScreen(isInteractive: isInteractive)
    do {
      return try talk(to: try SocketAddress(rest[0]), &screen)
    } catch let error as DemoError {
      try screen.clear()
      return try ExitStatus(showing: error)
    }
  }

  private static func talk(
    to address: SocketAddress, _ screen: inout ChatScreen
  ) throws -> ExitStatus {
    let chat = try ChatClient(to: address, isInteractive: screen.isInteractive)
    while true {
      let event = try chat.next()
      try screen.show(event, of: address)
      if case .ended = event { return .done }
    }
  }
}

/// How a conversation looks: a prompt and news for a person, nothing but the answers in a pipe.
private struct ChatScreen {
  let isInteractive: Bool
  /// What the last line, without a newline, shows.
  private var last = Last.nothing

  private enum Last { case nothing, prompt, notice, part }

  init(isInteractive: Bool) { self.isInteractive = isInteractive }

  mutating func show(
    _ event: ChatEvent, of server: SocketAddress
  ) throws(KernelError) {
    switch event {
    case .connected(let own):
      try clear()
      if isInteractive { try write(Self.greeting(server, own)) }
    case .prompt:
      try clear()
      try write("> ")
      last = .prompt
    // The terminal has shown the line with its newline.
    case .sent, .ended(.quit): last = .nothing
    case .text(let bytes):
      if last != .part { try clear() }
      last = .nothing
      try show(bytes)
      if isInteractive, bytes.last != UInt8(ascii: "\n") { last = .part }
    case .waiting(let wait, let seconds):
      try write("\r\u{1B}[K\(Self.notice(wait, seconds))")
      last = .notice
    case .ended: try clear()
    }
  }

  /// Makes room for other output: takes a notice away, and begins a new line after a
  /// prompt or an unfinished answer.
  mutating func clear() throws(KernelError) {
    if last == .notice { try write("\r\u{1B}[K") }
    if last == .prompt || last == .part { try write("\n") }
    last = .nothing
  }

  /// Raw in a pipe; a server must not command our terminal.
  private func show(_ bytes: [UInt8]) throws(KernelError) {
    guard isInteractive else { return try OutputFile.standardOutput.write(bytes.span) }
    let isLine = bytes.last == UInt8(ascii: "\n")
    let fields = bytes.dropLast(isLine ? 1 : 0).split(
      separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    let text = fields.map { SafeText.string(Array($0)) }.joined(separator: "\t")
    try write(isLine ? "\(text)\n" : text)
  }

  private static func greeting(_ server: SocketAddress, _ own: SocketAddress?) -> String {
    let from = own.map { " from \($0)" } ?? ""
    return "Connected to \(SafeText.string(server.description))\(from)."
      + " A line and Enter goes to the server; q quits.\n"
  }

  private static func notice(_ wait: ChatWait, _ seconds: UInt64) -> String {
    let what =
      switch wait {
      case .connection: "Waiting for the connection"
      case .answer: "Waiting for the answer"
      case .restOfAnswer(let count): "\(count) bytes have come; waiting for the rest"
      }
    return "\(what) since \(seconds) s (Ctrl-C leaves) "
  }

  private func write(_ text: String) throws(KernelError) {
    try OutputFile.standardOutput.write(text)
  }
}
