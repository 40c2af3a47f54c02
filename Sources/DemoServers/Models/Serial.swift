/// accept, serve to the end, close, and only then the next: while one client is served, all
/// others wait in the accept queue. Each process of the prefork model works this way, too.
struct Serial {
  let server: Server

  func run() throws(DemoError) -> Never {
    server.announce()
    while true {
      server.serve(try server.accept())
    }
  }
}
