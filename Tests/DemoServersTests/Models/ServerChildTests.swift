import Testing

@testable import DemoServers

@Suite("What a child process is told") struct ServerChildTests {
  @Test("is understood as it was meant")
  func roundTrip() throws {
    for model in ServerModel.allCases {
      var plan = ServePlan(model)
      plan.handler = try HandlerChoice("upstream:[::1]:9000")
      plan.isQuiet = model == .event
      var arguments = ChildArguments(plan, socket: 7, lock: .file(try FileLock()), number: 3)
      arguments.ready = 9
      #expect(arguments.words.first == ServerChild.command)
      #expect(ChildArguments(Array(arguments.words.dropFirst())) == arguments)
    }
  }

  @Test("is refused when a word is missing or makes no sense")
  func damaged() throws {
    let arguments = ChildArguments(ServePlan(.prefork), socket: 7, lock: .none)
    let words = Array(arguments.words.dropFirst())
    #expect(ChildArguments(words) != nil)
    for index in words.indices {
      var fewer = words
      fewer.remove(at: index)
      #expect(ChildArguments(fewer) == nil, "\(fewer)")
      var wrong = words
      wrong[index] = words[index].prefix { $0 != "=" } + "=nonsense"
      #expect(ChildArguments(wrong) == nil, "\(wrong)")
    }
    #expect(ChildArguments([]) == nil)
  }
}
