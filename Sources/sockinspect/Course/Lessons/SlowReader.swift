extension Lesson {
  static var slowReader: Lesson {
    Lesson(
      name: "slow-reader", title: "The client that does not read",
      teaches: """
        What full send and receive buffers look like from both ends, and how one slow reader stops \
        a server.
        """,
      ports: 2,
      steps: { stuck($0.port) + harmless($0.port + 1) })
  }

  private static func stuck(_ port: Int) -> [Step] {
    [
      .say(
        """
        An echo server sends back whatever comes. This client sends as fast as it can and never \
        reads an answer.
        """),
      .start("sockinspect serve serial --port \(port) --reuse-address -q"),
      .start("sockinspect load 127.0.0.1:\(port) --kind never-read --connections 1 --for 600 -q"),
      .predict("Where do the bytes pile up, and who waits for whom?"),
      .run(
        "sockinspect -tano state established :\(port)",
        .line("… 127.0.0.1:\(port) 127.0.0.1:… timer:(persist,…"),
        .line("… 127.0.0.1:… 127.0.0.1:\(port) timer:(persist,…")),
      .look(
        """
        Both ends have bytes in both columns. The client's Recv-Q is full, so its kernel has told \
        the server's that its window is zero; the server's Send-Q is full, so it waits in \
        `send(2)` and does not read; and so the server's Recv-Q and the client's Send-Q have \
        filled too. The timer `persist` asks now and then whether the window has opened.
        """),
      .others(
        [
          .other(
            "ss -tano state established '( sport = :\(port) or dport = :\(port) )'",
            .atLeast(2, "… timer:(persist,…")),
          .other("netstat -tano | grep :\(port)", .atLeast(2, "… probe (…")),
          .other("lsof -nP -iTCP:\(port) -T qs", .line("… 127.0.0.1:\(port)->… (ESTABLISHED …")),
        ],
        limits: """
          `netstat` calls this timer probe. All show the full queues; how much room the window \
          leaves, only `ss` -i and `sockinspect` -i can tell.
          """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("WARNING … does not read: … from demo-serial …")),
      .look("Who does not read, how much waits for it, and which thread is stuck in sending."),
      .predict("This server is serial. What do others notice?"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 2 --timeout 1 -q",
        .line("requests 2 sent, 0 answered, 2 without answer…")),
      .look("A client that does not read can stop a server as well as one that does not write."),
      .stop("never-read"), .stop("serve"),
    ]
  }

  private static func harmless(_ port: Int) -> [Step] {
    [
      .remedy(
        """
        Never wait for one client: an event loop sends what the socket takes, keeps the rest, and \
        turns to the others. Time-outs on writes as well as on reads get rid of the culprit.
        """),
      .start("sockinspect serve event --port \(port) --reuse-address -q"),
      .start("sockinspect load 127.0.0.1:\(port) --kind never-read --connections 1 --for 600 -q"),
      .run(
        "sockinspect -tano 'state established sport = :\(port) and send-q > 0'",
        .line("… 127.0.0.1:\(port) 127.0.0.1:… timer:(persist,…")),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 2 --timeout 1 -q",
        .line("requests 2 sent, 2 answered; …")),
      .look("The slow reader is as stuck as before, and no other client notices."),
      .stop("never-read"), .stop("serve"),
    ]
  }
}
