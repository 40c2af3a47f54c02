import Glibc

/// A client that waits in connect(), as most programs do, and tries again when that gives up.
enum BlockedCaller {
  static func run(to server: HarnessServer) throws(DemoError) {
    HarnessPart.setName("demo-caller")
    HarnessPart.sayReady("")
    while true {
      let family = server.path == nil ? AF_INET : AF_UNIX
      let descriptor = try HarnessSocket.open(family, SOCK_STREAM)
      try? HarnessSocket.connect(descriptor, to: HarnessAddress(server))
      close(descriptor)
      Deadline.pause(100)
    }
  }

  /// What tells such a part whom to call: `port=9000` or `path=@name`.
  static func server(_ words: [String]) throws(DemoError) -> HarnessServer {
    guard let ready = ReadyFields("ready pid=0 address=127.0.0.1 " + words.joined(separator: " "))
    else { throw DemoError("demo: a caller needs port=N or path=NAME", status: 64) }
    return try HarnessServer(ready)
  }
}
