extension Lesson {
  static var prefork: Lesson {
    Lesson(
      name: "prefork", title: "MaxClients, or: Apache clogs",
      teaches: """
        What a server with a fixed number of processes looks like when they are all taken, and \
        why it seems to be down while it does nothing.
        """,
      ports: 2,
      steps: { clogging($0.port) + waiting($0.port) + unclogging($0.port) })
  }

  private static func clogging(_ port: Int) -> [Step] {
    [
      .say(
        """
        Processes that are started beforehand share one listener. Each accepts a connection, stays \
        with it until it is closed, and accepts the next. The number of processes is the number of \
        clients that can be served: MaxClients.
        """),
      .start("sockinspect serve prefork --port \(port) --reuse-address --workers 3 --backlog 5 -q"),
      .say("Three clients connect and stay, as browsers with keep-alive do."),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 3 --for 600 -q"),
      .predict("Two more clients ask something, and have a second's patience. What do they see?"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 2 --timeout 1 -q",
        .line("connections 2 connected of 2 tried, 2 timed out"),
        .line("requests 2 sent, 0 answered, 2 without answer…")),
      .look(
        """
        They are connected at once and get no answer. A monitor that only connects would call this \
        server healthy.
        """),
    ]
  }

  private static func waiting(_ port: Int) -> [Step] {
    [
      .say("More clients come."),
      .start("sockinspect load 127.0.0.1:\(port) --kind half --connections 20 --for 600 -q"),
      .run(
        "sockinspect -tlnp sport = :\(port)",
        .line("LISTEN 6 5 127.0.0.1:\(port) 0.0.0.0:* users:((\"demo-prefork…")),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,age,command sport = :\(port)",
        .lines(3, "ESTAB 0 127.0.0.1:\(port) 127.0.0.1:… held - demo-prefork-…"),
        .lines(2, "CLOSE-WAIT 33 127.0.0.1:\(port) 127.0.0.1:… queued … -"),
        .lines(4, "ESTAB 16 127.0.0.1:\(port) 127.0.0.1:… queued … -")),
      .look(
        """
        All processes hold the listener, but none is in `accept(2)`: each has one silent client. \
        The queue is full, and two of those in it have given up already (CLOSE-WAIT). The \
        processor is idle.
        """),
      .others(
        [
          .other("ss -tlnp sport = :\(port)", .line("LISTEN 6 5 127.0.0.1:\(port) 0.0.0.0:* …")),
          .other(
            "netstat -tanp | grep '0 127.0.0.1:\(port)'",
            .line("tcp 6 0 127.0.0.1:\(port) 0.0.0.0:* LISTEN …")),
          .other(
            "lsof -nP -iTCP:\(port) -sTCP:ESTABLISHED", .line("demo-pref… TCP 127.0.0.1:\(port)->…")
          ),
        ],
        limits: """
          `ss` -p names everybody who holds the listener, not who is in `accept(2)`. `lsof` shows \
          the three that are served; that others wait, and since when, it cannot.
          """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("CRITICAL 127.0.0.1:\(port) accepts no new connections: all 3 …")),
      .look(
        """
        The server is recognized as prefork, and every process with the client that it waits for. \
        What that holds up, such as the full queue, is not a cause: without --brief it is reported \
        as an effect.
        """),
    ]
  }

  private static func unclogging(_ port: Int) -> [Step] {
    [
      .say("The silent clients hang up, and those with half a request too."),
      .stop("silent"), .stop("half"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 3 -q",
        .line("requests 3 sent, 3 answered; …")),
      .look("Service goes on at once: nothing was broken."),
      .stop("serve"),
      .remedy(
        """
        More processes help as far as memory goes; a time-out for silent connections gives each \
        one back. For clients that are mostly silent, a process should not belong to a connection \
        at all.
        """),
      .start(
        "sockinspect serve prefork --port \(port + 1) --reuse-address --workers 30 --backlog 5 -q"),
      .start("sockinspect load 127.0.0.1:\(port + 1) --kind half --connections 20 --for 600 -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port + 1) --connections 3 -q",
        .line("requests 3 sent, 3 answered; …")),
      .run(
        "sockinspect -tln sport = :\(port + 1)", .line("LISTEN 0 5 127.0.0.1:\(port + 1) 0.0.0.0:*")
      ),
      .stop("half"), .stop("serve"),
    ]
  }
}
