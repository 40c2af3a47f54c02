extension Lesson {
  static var abandoned: Lesson {
    Lesson(
      name: "abandoned", title: "Serving clients that hung up",
      teaches: """
        Why a server that has caught up still seems slow: its queue is full of clients who left \
        long ago.
        """,
      ports: 2,
      steps: { leaving($0.port) + serving($0.port) + remedied($0.port + 1) })
  }

  private static func leaving(_ port: Int) -> [Step] {
    [
      .say(
        "A serial server that needs a third of a second for an answer, and is busy with a client."),
      .start("sockinspect serve serial --port \(port) --reuse-address --handler sleep:0.3 -q"),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 1 --for 600 -q"),
      .say("Eight clients ask something. They have half a second's patience, then they hang up."),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 8 --timeout 0.5 -q",
        .line("connections 8 connected of 8 tried, 8 timed out")),
      .predict("They have closed their ends. Are they still in the accept queue?"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,age sport = :\(port)",
        .line("LISTEN 8 127.0.0.1:\(port) 0.0.0.0:* held -"),
        .lines(8, "CLOSE-WAIT 33 127.0.0.1:\(port) 127.0.0.1:… queued …")),
      .look(
        """
        All eight: CLOSE-WAIT and queued, which is to say abandoned. Their requests lie in Recv-Q, \
        with one more for the FIN. A server cannot know; `accept(2)` will hand it each of them.
        """),
      .others(
        [
          .other(
            "ss -tanp state close-wait sport = :\(port)", .lines(8, "33 0 127.0.0.1:\(port) …")),
          .other(
            "netstat -tanp | grep '0 127.0.0.1:\(port)'",
            .lines(8, "tcp 33 0 127.0.0.1:\(port) … CLOSE_WAIT -")),
          .other("lsof -nP -iTCP:\(port) -sTCP:CLOSE_WAIT", .none("… (CLOSE_WAIT)")),
        ],
        limits: """
          In `ss` and `netstat` this looks like a program that forgets to close, were it not for \
          the missing process. `lsof` does not see them.
          """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("CRITICAL 127.0.0.1:\(port) answers no one: its only accepting thread …")),
      .look("Whom the server waits for, and that all who wait for it have given up."),
    ]
  }

  private static func serving(_ port: Int) -> [Step] {
    [
      .predict("The first client hangs up at last. A new one comes. When does it get its answer?"),
      .stop("silent"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 1 -q",
        .line("requests 1 sent, 1 answered; …"), .line("latency … max … s")),
      .look(
        """
        First the server answered those that had hung up, one after the other, and then the only \
        client that was still there. Had that one given up meanwhile, its answer would have been \
        in vain, too: that is how a server can be busy all day without a single customer.
        """),
      .stop("serve"),
    ]
  }

  private static func remedied(_ port: Int) -> [Step] {
    [
      .remedy(
        """
        A *short* queue: those for whom there is no room retry their SYN and leave no request \
        behind. A queued client should be served before its patience ends.
        """),
      .start(
        "sockinspect serve serial --port \(port) --reuse-address --backlog 1 --handler sleep:0.3 -q"
      ),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 1 --for 600 -q"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,standing sport = :\(port)",
        .line("LISTEN 0 127.0.0.1:\(port) held"), .line("ESTAB 0 127.0.0.1:\(port) held")),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 8 --timeout 0.5 -q",
        .line("connections 2 connected of 8 tried, 8 timed out")),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,age sport = :\(port)",
        .lines(2, "CLOSE-WAIT 33 127.0.0.1:\(port) 127.0.0.1:… queued …")),
      .stop("silent"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 1 -q",
        .line("requests 1 sent, 1 answered; …")),
      .look("Two clients that had hung up were before it in the queue, not eight."),
      .stop("serve"),
    ]
  }
}
