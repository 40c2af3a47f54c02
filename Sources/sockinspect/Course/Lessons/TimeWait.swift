extension Lesson {
  static var timeWait: Lesson {
    Lesson(
      name: "time-wait", title: "The minute afterwards",
      teaches: """
        Where TIME-WAIT piles up, when it hurts and when it does not, and which of the usual advice \
        helps.
        """,
      ports: 5,
      steps: { clients($0.port) + server($0.port + 3) + keepAlive($0.port + 4) })
  }

  private static func clients(_ port: Int) -> [Step] {
    [
      .say("Two hundred clients ask once, and hang up: a connection for each request."),
      .start("sockinspect serve event --port \(port) --reuse-address -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 200 -q",
        .line("requests 200 sent, 200 answered; …")),
      .predict("How many sockets are left at the server's port, and how many at the clients'?"),
      .run("sockinspect -s sport = :\(port)", .line("tcp LISTEN 1 …"), .none("tcp TIME-WAIT …")),
      .run("sockinspect -s dport = :\(port)", .line("tcp TIME-WAIT …")),
      .look(
        """
        The side that closes first has it, here the clients. No program owns these sockets, and \
        they are small. What they do hold is a local port each, towards this one destination: a \
        proxy that makes a connection for each request runs out of ports, not of memory.
        """),
      .run("cat /proc/sys/net/ipv4/ip_local_port_range"),
      .look("These are all the ports there are, and each is taken for a minute."),
      .run("sockinspect counters tw TCPTimeWaitOverflow", .line("TcpExtTW …")),
      .look(
        """
        What the kernel counts: those that ran their minute to the end, and those that found no \
        room. `sockinspect explain TIME-WAIT` sums up this lesson.
        """),
      .others(
        [
          .other("ss -tan state time-wait dport = :\(port) | wc -l"),
          .other("netstat -tan | grep -c TIME_WAIT"),
          .other("lsof -nP -iTCP:\(port)", .none("… (TIME_WAIT)")),
        ],
        limits: "`lsof` shows none of them: TIME-WAIT belongs to no process.",
      ),
      .stop("serve"),
    ]
  }

  private static func server(_ port: Int) -> [Step] {
    [
      .say("Now the server closes first."),
      .start("sockinspect serve event --port \(port) --reuse-address --handler flood:100 -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --kind silent --connections 50 --for 5 -q",
        .line("connections 50 connected of 50 tried, 50 closed by the server")),
      .run("sockinspect -s sport = :\(port)", .line("tcp TIME-WAIT …")),
      .stop("serve"),
      .predict("The server is gone. Can it be started again?"),
      .act(
        "sockinspect serve event --port \(port) --for 1 -q",
        .line("… cannot listen on 127.0.0.1:\(port): address already in use…")),
      .look(
        """
        Not for a minute: the connections in TIME-WAIT still have the port. SO_REUSEADDR says that \
        this is fine, and every server should set it.
        """),
      .remedy("--reuse-address sets it."),
      .act(
        "sockinspect serve event --port \(port) --reuse-address --for 1 -q",
        .line("ready pid=… address=127.0.0.1 port=\(port)")),
    ]
  }

  private static func keepAlive(_ port: Int) -> [Step] {
    [
      .remedy("And the clients? They keep their connections: the same requests over ten of them."),
      .start("sockinspect serve event --port \(port) --reuse-address -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 10 --requests 200 -q",
        .line("requests 200 sent, 200 answered; …")),
      .run(
        "sockinspect -tan state time-wait dport = :\(port)",
        .atLeast(10, "0 0 127.0.0.1:… 127.0.0.1:\(port)")),
      .look(
        """
        One row for each connection, not for each request. The setting tcp_tw_reuse lets a client \
        take such a port again after a second; tcp_tw_recycle, of which old advice is full, broke \
        clients behind one address and is gone.
        """),
      .stop("serve"),
    ]
  }
}
