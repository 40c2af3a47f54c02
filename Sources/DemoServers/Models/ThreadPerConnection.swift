/// One thread accepts and starts another one for each connection.
struct ThreadPerConnection: Model {
  let server: Server

  func run() throws(DemoError) -> Never {
    server.announce()
    var number = 0
    while true {
      let connection = try server.accept()
      number += 1
      do {
        try start(number, connection)
      } catch {
        // The limit on threads; the client gets a close instead of an answer.
        server.journal.trouble(error.message)
      }
    }
  }

  private func start(_ number: Int, _ connection: Socket) throws(DemoError) {
    let server = server
    try ServerThread.start(named: ThreadName.numbered("\(server.plan.processName)-", number)) {
      server.serve(connection)
    }
  }
}

extension ServerModel {
  public static let thread = ServerModel(
    // Its threads have plain numbers.
    "thread", meaning: "a thread for each connection", needsShards: true, childMark: "-p",
    ThreadPerConnection.self)
}
