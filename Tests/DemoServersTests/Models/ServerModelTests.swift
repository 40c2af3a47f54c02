import Foundation
import Testing

@testable import DemoServers

@Suite("Server models") struct ServerModelTests {
  @Test("have a file of the folder each, which is in the list")
  func folder() throws {
    let machinery: Set = ["Server", "ServerChild", "ServerModel"]
    #expect(try Set(sources("Models")).subtracting(machinery) == Set(types))
    #expect(types.count == Set(types).count)
  }

  private let types = ServerModel.allCases.map { "\($0.kind)" }

  @Test("give their processes names that fit into 15 bytes")
  func names() {
    let names = ServerModel.allCases.map(\.processName)
    let known = [
      "demo-serial", "demo-worker", "demo-prefork", "demo-thread", "demo-pool", "demo-event",
    ]
    #expect(names.filter(known.contains) == known)
    #expect(names == ServerModel.allCases.map { "demo-\($0.rawValue)" })
    #expect(ServerModel.allCases.allSatisfy { $0.processName.utf8.count <= 15 })
  }

  @Test("serve a connection to its end, with a thread of the caller's")
  func service() throws {
    var ends: [Int32] = [-1, -1]
    try #require(
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    let client = Socket(ends[0], peer: "client")
    try client.send(Array("eins\nzw".utf8))
    try client.send(Array("ei\ndrei".utf8))
    client.finishSending()
    let journal = ServerLog(isQuiet: true, server: getpid())
    Service(handler: Echo(), journal: journal).serve(Socket(ends[1], peer: "server"))
    var inbox = Inbox(capacity: 100)
    var answers: [String] = []
    while let answer = try inbox.message(from: client) {
      answers.append(String(decoding: answer, as: UTF8.self))
    }
    #expect(answers == ["eins\n", "zwei\n", "drei"])
  }
}
