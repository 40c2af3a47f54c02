extension Lesson {
  static var closeWait: Lesson {
    Lesson(
      name: "close-wait", title: "The descriptor leak",
      teaches: """
        What it means when connections stay in CLOSE-WAIT, and how it ends if it is left alone.
        """,
      ports: 2,
      steps: { leak($0.port) + full($0.port) + closed($0.port) })
  }

  private static func leak(_ port: Int) -> [Step] {
    [
      .say(
        """
        This server answers correctly and never calls `close(2)`. It may have 64 descriptors open, \
        as a server in production may have some thousands.
        """),
      .start(
        "sockinspect serve event --port \(port) --reuse-address --handler never-close "
          + "--max-files 64 -q"
      ),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 30 -q",
        .line("requests 30 sent, 30 answered; …")),
      .predict("The clients were served and have hung up. In which state is each end now?"),
      .run(
        "sockinspect -s :\(port)",
        .line("tcp CLOSE-WAIT 30 …"), .line("tcp FIN-WAIT-2 …"), .line("tcp LISTEN 1 …")),
      .run(
        "sockinspect -tanp --limit 3 state close-wait sport = :\(port)",
        .lines(3, "… 0 127.0.0.1:\(port) 127.0.0.1:… users:((\"demo-event\",…")),
      .look(
        """
        CLOSE-WAIT: the peer has said that it is done, and the program that holds the descriptor \
        has not closed it. No time-out ends that. The clients' ends are orphans in FIN-WAIT-2, \
        which the kernel forgets after a minute; then the server's rows stand alone.
        """),
    ]
  }

  private static func full(_ port: Int) -> [Step] {
    [
      .predict("Thirty more clients come, and then thirty more. Are they served?"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 30 --timeout 1 -q",
        .line("connections 30 connected of 30 tried…")),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 30 --timeout 1 -q",
        .line("connections 30 connected of 30 tried, 30 timed out"),
        .line("requests 30 sent, 0 answered, 30 without answer…")),
      .run(
        "sockinspect -ta --columns state,recv-q,local,standing,command --limit 4 "
          + "'( state listening or queued ) and sport = :\(port)'",
        .line("LISTEN … 127.0.0.1:\(port) held demo-event"),
        .line("CLOSE-WAIT … 127.0.0.1:\(port) queued -")),
      .look(
        """
        No more descriptors, no more `accept(2)`: it fails with EMFILE, and the kernel goes on \
        queueing connections for a server that cannot take them.
        """),
      .others(
        [
          .other("ss -tan state close-wait sport = :\(port) | head -3"),
          .other("netstat -tanp | grep -c CLOSE_WAIT"),
          .other(
            "lsof -nP -iTCP:\(port) -sTCP:CLOSE_WAIT | head -3", .line("demo-even… (CLOSE_WAIT)")),
        ],
        limits: """
          All of them show the state. `ss` and `netstat` mix the leak (rows with a process) with \
          those who gave up in the queue (rows without one); `lsof` has only the first kind.
          """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("CRITICAL demo-event (pid …), which serves …, has not closed … connections…")),
      .look(
        """
        The leak is the cause; that there are no descriptors left, and no connection is accepted, \
        follows from it. `sockinspect explain close-wait-leak` tells what there is to know of it.
        """),
    ]
  }

  private static func closed(_ port: Int) -> [Step] {
    [
      .remedy("A restart closes them all; the cure is to close."),
      .stop("serve"),
      .run("sockinspect -tan state close-wait sport = :\(port)", .none("CLOSE-WAIT …")),
      .start("sockinspect serve event --port \(port + 1) --reuse-address --max-files 64 -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port + 1) --connections 30 --requests 300 -q",
        .line("requests 300 sent, 300 answered; …")),
      .run(
        "sockinspect -tan state close-wait sport = :\(port + 1)", .none("CLOSE-WAIT …")),
      .stop("serve"),
    ]
  }
}
