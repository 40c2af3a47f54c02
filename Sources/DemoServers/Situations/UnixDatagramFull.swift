import Glibc

/// A unix datagram receiver that does not read, as a hung log daemon.
struct UnixDatagramFull: Situation {
  let name = "unix-datagram-full"
  let summary = "a unix datagram receiver does not read: its senders block (a hung log daemon)"
  let recipe = "a receiver that sleeps; 2 senders blocked in send"
  let expects: [FindingID] = [.unixReceiveFull]

  func make(on stage: inout Stage) throws(DemoError) -> Scene {
    let path = Stage.abstractName("log")
    let receiver = try StageServer(stage.play("receiver", of: self, path))
    var senders: [ProcessView] = []
    for _ in 0..<2 {
      let ready = try stage.play("sender", of: self, path)
      senders.append(ProcessView(pid: try ready.number("pid")))
    }
    try stage.wait("two senders to wait for room") { senders.allSatisfy { $0.isIn(.send) } }
    return Scene(receiver)
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    let address = StageAddress(path: words.first ?? "")
    let descriptor = try StageSocket.open(AF_UNIX, SOCK_DGRAM)
    if role == "receiver" {
      StagePart.setName("demo-log")
      try StageSocket.bind(descriptor, to: address)
      StagePart.sayReady("path=\(words.first ?? "") netid=u_dgr")
      StagePart.sleepForever()
    }
    StagePart.setName("demo-logger")
    try StageSocket.connect(descriptor, to: address)
    StagePart.sayReady("")
    while true { try StageSocket.send("a line for the log\n", on: descriptor) }
  }
}
