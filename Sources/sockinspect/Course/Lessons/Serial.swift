extension Lesson {
  static var serial: Lesson {
    Lesson(
      name: "serial", title: "Everybody waits",
      teaches: """
        What a server does to its clients that serves one after the other, how many the accept \
        queue holds, what happens when it is full, and why a longer one does not help.
        """,
      ports: 2,
      steps: {
        filling($0.port) + overflowing($0.port) + longerQueue($0.port + 1) + otherModel($0.port + 1)
      })
  }

  private static func filling(_ port: Int) -> [Step] {
    [
      .say(
        """
        The simplest server: accept, read, answer, until the client hangs up; then the next. Its \
        accept queue has a limit of 3.
        """),
      .start("sockinspect serve serial --port \(port) --reuse-address --backlog 3 -q"),
      .say(
        "One client connects and says nothing. From now on the server waits in `read(2)` for it."),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 1 --for 600 -q"),
      .predict(
        "Six more clients connect, one after the other, and write. How many of them are connected?"),
      .start(
        "sockinspect load 127.0.0.1:\(port) --kind half --connections 6 --rate 50/s --for 600 -q"),
      .run(
        "sockinspect -ta --columns state,recv-q,send-q,local,peer,standing,age sport = :\(port)",
        .line("LISTEN 4 3 127.0.0.1:\(port) 0.0.0.0:* held -"),
        .lines(4, "ESTAB 16 0 127.0.0.1:\(port) 127.0.0.1:… queued …"),
        .lines(1, "ESTAB 0 0 127.0.0.1:\(port) 127.0.0.1:… held -")),
      .look(
        """
        The listener's Recv-Q is 4, one more than its limit of 3: the queue is full when it is \
        *longer* than the limit. The ages say for how many milliseconds each has waited; the \
        connection that is served has none.
        """),
    ]
  }

  private static func overflowing(_ port: Int) -> [Step] {
    [
      .predict("And the other two?"),
      .run(
        "sockinspect -tano state syn-sent dport = :\(port)",
        .lines(2, "0 1 127.0.0.1:… 127.0.0.1:\(port) timer:(on,…")),
      .run(
        "sockinspect -tln --columns +drops,fill sport = :\(port)",
        .line("LISTEN 4 3 127.0.0.1:\(port) 0.0.0.0:* … 100%")),
      .look(
        """
        They are in SYN-SENT: the server's kernel dropped their SYNs, and the clients' kernels \
        retransmit them, after a second, then after two, four, and so on: that is the timer. No \
        program learns of it. Each attempt counts as a drop, so drops are not clients. (In a \
        burst, some clients may even believe that they are connected: only their last ACK was \
        dropped, and the server's end is still in SYN-RECV.)
        """),
      .others(
        [
          .other("ss -tln sport = :\(port)", .line("LISTEN 4 3 127.0.0.1:\(port) 0.0.0.0:*")),
          .other("netstat -tan | grep :\(port)", .lines(2, "… 127.0.0.1:\(port) SYN_SENT")),
          .other("lsof -nP -iTCP:\(port) -sTCP:LISTEN", .line("… TCP 127.0.0.1:\(port) (LISTEN)")),
        ],
        limits: """
          `ss` has both numbers and leaves the comparison to you; for drops of one listener it \
          wants -m and a look at the number behind the letter d. `netstat` cannot tell a full \
          queue from an empty one that is large. `lsof` knows nothing of queues. None of them says \
          how long a client has waited.
          """),
      .say(
        """
        The same question asked in one go: `diagnose` looks twice, a second apart, at queues, \
        threads and both ends of connections, and follows who waits for whom.
        """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("CRITICAL 127.0.0.1:\(port) answers no one: its only accepting thread …")),
      .look(
        """
        The thread, the call it sleeps in, and the one connection that it waits for. Without \
        --brief come the facts with their sources, what to do and what not to do, and commands to \
        see it by hand. Its exit status is that of a monitoring plugin, here 2.
        """),
      .run(
        "sockinspect counters ListenOverflows ListenDrops",
        .line("TcpExtListenOverflows …"), .line("TcpExtListenDrops …")),
      .look(
        """
        All drops of all listeners since the machine was started: good for an alarm, and silent on \
        who it was. `sockinspect explain ListenDrops` says more of this counter, and `explain` \
        knows every other word of the screen as well.
        """),
      .stop("half"), .stop("silent"), .stop("serve"),
    ]
  }

  private static func longerQueue(_ port: Int) -> [Step] {
    [
      .remedy(
        "A longer queue? Here an answer takes a fifth of a second, and ten clients come at once."),
      .start(
        "sockinspect serve serial --port \(port) --reuse-address --backlog 100 "
          + "--handler sleep:0.2 -q"
      ),
      .predict("No client has to retransmit its SYN now. How long does the last client wait?"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 10 -q",
        .line("connections 10 connected of 10 tried"),
        .line("requests 10 sent, 10 answered; …"),
        .line("latency … max … s")),
      .look(
        """
        All are connected at once, and the last answer takes as long as all of them together. A \
        queue stores work; it does none. If clients come faster than they are served, every queue \
        fills, and a longer one only makes those in it wait longer.
        """),
      .stop("serve"),
    ]
  }

  private static func otherModel(_ port: Int) -> [Step] {
    [
      .remedy("Serve more than one at a time: here with a thread for each connection."),
      .start(
        "sockinspect serve thread --port \(port) --reuse-address --backlog 100 "
          + "--handler sleep:0.2 -q"
      ),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 10 -q",
        .line("requests 10 sent, 10 answered; …"),
        .line("latency min …")),
      .look("The last answer comes about as fast as the first."),
      .stop("serve"),
    ]
  }
}
