/// accept, serve to the end, close, and only then the next: while one client is served, all
/// others wait in the accept queue.
struct Serial: Model {
  let server: Server

  func run() throws(DemoError) -> Never {
    server.announce()
    while true {
      server.serve(try server.accept())
    }
  }
}

extension ServerModel {
  public static let serial = ServerModel(
    "serial", meaning: "one client after the other; all others wait", takesWorkers: false,
    Serial.self)
}
