import DemoServers
import ProcNet

/// What was typed after `chat`.
struct ChatArguments: Sendable {
  var wantsHelp = false
}

extension Option where Arguments == ChatArguments {
  static var chat: [Option<ChatArguments>] {
    [Option("h", "help", help: "show this help") { $0.wantsHelp = true }]
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
      return try DemoFailure.status(of: error)
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
