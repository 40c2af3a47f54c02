extension Lesson {
  static var worker: Lesson {
    Lesson(
      name: "worker", title: "One connection a second",
      teaches: """
        How one careless line caps a server at one connection a second, whatever the machine can \
        do.
        """,
      ports: 2,
      steps: { waiting($0.port) + watching($0.port) + remedied($0.port + 1) })
  }

  private static func waiting(_ port: Int) -> [Step] {
    [
      .say(
        """
        A process for each connection: accept, start a worker, go on. To clean up after its \
        workers this server waits for each of them with a time-out of a second. Many examples do \
        that, and no client notices as long as all are quick.
        """),
      .start(
        "sockinspect serve worker --port \(port) --reuse-address --join 1 --handler sleep:2 -q"),
      .predict(
        "An answer takes two seconds. Four clients come at once. When has the last its answer?"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 4 -q",
        .line("requests 4 sent, 4 answered; …"), .line("latency … max … s")),
      .look(
        """
        The first had it after two seconds, and each of the others a second later than the one \
        before: after each `accept(2)` the server was waiting for a worker that had only begun.
        """),
    ]
  }

  private static func watching(_ port: Int) -> [Step] {
    [
      .say(
        """
        With more clients, who stay, this can be watched: here in two samples, or live in a second \
        terminal with `sockinspect watch :\(port)`, which q ends.
        """),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 120 --for 600 -q"),
      .run(
        "sockinspect -tlnp sport = :\(port)",
        .line("LISTEN … 128 127.0.0.1:\(port) 0.0.0.0:* users:((\"demo-worker\",pid=…,fd=…))")),
      .act("sleep 3"),
      .run(
        "sockinspect -tlnp sport = :\(port)",
        .line("LISTEN … 128 127.0.0.1:\(port) 0.0.0.0:* users:((\"demo-worker\",pid=…,fd=…))")),
      .run(
        "sockinspect -ta --columns state,local,peer,age,command --limit 4 "
          + "'state established and sport = :\(port) and not queued'",
        .line("ESTAB 127.0.0.1:\(port) 127.0.0.1:… - demo-worker-…")),
      .run(
        "sockinspect -ta --columns state,local,peer,age,command --limit 4 "
          + "'queued and sport = :\(port)'",
        .lines(4, "ESTAB 127.0.0.1:\(port) 127.0.0.1:… … -")),
      .look(
        """
        Between the two samples Recv-Q fell by one a second. The rows with a worker have been \
        accepted, each by a process of its own; the others wait, and the machine is idle.
        """),
      .others(
        [
          .other("ss -tlnp sport = :\(port)", .line("LISTEN … 128 127.0.0.1:\(port) 0.0.0.0:* …")),
          .other(
            "netstat -tlnp | grep :\(port)", .line("tcp … 127.0.0.1:\(port) 0.0.0.0:* LISTEN …")),
          .other(
            "lsof -nP -iTCP:\(port) -sTCP:LISTEN",
            .line("demo-work… TCP 127.0.0.1:\(port) (LISTEN)")),
        ],
        limits: """
          Looked at twice, `ss` and `netstat` show the queue shrinking; how long the clients have \
          waited neither says. What the server waits for is no matter of sockets.
          """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("CRITICAL 127.0.0.1:\(port) accepts only … the thread that…")),
      .look(
        """
        It is a matter of threads and processes: `diagnose` names the call, the child, and the \
        time-out that the careless line asked for.
        """),
      .stop("silent"), .stop("serve"),
    ]
  }

  private static func remedied(_ port: Int) -> [Step] {
    [
      .remedy("Do not wait at all: take workers back when the kernel says that they have ended."),
      .start(
        "sockinspect serve worker --port \(port) --reuse-address --join 0 --handler sleep:2 -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 4 -q",
        .line("requests 4 sent, 4 answered; …"), .line("latency … max … s")),
      .look("All at once. What is left of the cost is a process for each connection."),
      .stop("serve"),
    ]
  }
}
