extension Lesson {
  static var upstream: Lesson {
    Lesson(
      name: "upstream", title: "What the database feels",
      teaches: """
        How one forgotten lock in the last server of a chain stops the first one, and how to walk \
        from the symptom to the cause.
        """,
      ports: 3,
      steps: { chain($0.port) + jam($0.port) + walk($0.port) + release($0.port) })
  }

  private static func chain(_ port: Int) -> [Step] {
    [
      .say(
        """
        Three servers: the front at port \(port) asks the application at \(port + 1), and that \
        asks the database at \(port + 2), where each query takes a lock until its connection is \
        closed.
        """),
      .start(
        "sockinspect serve prefork --port \(port + 2) --reuse-address --workers 6 --backlog 8 "
          + "--handler lock -q"
      ),
      .start(
        "sockinspect serve prefork --port \(port + 1) --reuse-address --workers 4 --backlog 8 "
          + "--handler upstream:127.0.0.1:\(port + 2) -q"),
      .start(
        "sockinspect serve prefork --port \(port) --reuse-address --workers 4 --backlog 8 "
          + "--handler upstream:127.0.0.1:\(port + 1) -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 4 --requests 20 -q",
        .line("requests 20 sent, 20 answered; …")),
      .say("All is well. Then a colleague opens a transaction in the database and goes to lunch."),
      .start("sockinspect load 127.0.0.1:\(port + 2) --kind silent --connections 1 --for 600 -q"),
      .predict("What will the users of the front notice? Which server will look guilty?"),
    ]
  }

  private static func jam(_ port: Int) -> [Step] {
    [
      .start("sockinspect load 127.0.0.1:\(port) --connections 20 --requests 20 -q"),
      .run(
        "sockinspect -tln '( sport >= :\(port) and sport <= :\(port + 2) )'",
        .line("LISTEN 9 8 127.0.0.1:\(port) 0.0.0.0:*"),
        .line("LISTEN 0 8 127.0.0.1:\(port + 1) 0.0.0.0:*"),
        .line("LISTEN 0 8 127.0.0.1:\(port + 2) 0.0.0.0:*")),
      .look(
        """
        The front is the one that clogs: its accept queue is full. The queues of the application \
        and of the database are empty. Who looks at queues alone restarts the wrong server.
        """),
    ]
  }

  private static func walk(_ port: Int) -> [Step] {
    [
      .say(
        """
        Follow the connections instead. The processes of a server are clients of the next one; the \
        owner of the other end is in the last column.
        """),
      .run(
        "sockinspect -t --columns local,peer,command,peer-process sport = :\(port + 1)",
        .lines(4, "127.0.0.1:\(port + 1) 127.0.0.1:… demo-prefork-… users:((\"demo-…")),
      .run(
        "sockinspect -t --columns local,peer,command,peer-process sport = :\(port + 2)",
        .lines(5, "127.0.0.1:\(port + 2) 127.0.0.1:… demo-prefork-… users:((…")),
      .run(
        "sockinspect -t --columns recv-q,local,peer,command,age 'sport = :\(port + 2)'",
        .line("0 127.0.0.1:\(port + 2) 127.0.0.1:… demo-prefork-… -"),
        .lines(4, "32 127.0.0.1:\(port + 2) 127.0.0.1:… demo-prefork-… -")),
      .look(
        """
        All of the front wait for the application, all of the application for the database. There, \
        four processes have a query in their Recv-Q and do not read it: they wait for the lock. \
        One connection is quiet and comes from outside of the chain. That is the transaction.
        """),
      .others(
        [
          .other(
            "ss -tnp '( sport = :\(port + 1) or sport = :\(port + 2) )'",
            .atLeast(4, "ESTAB 32 0 127.0.0.1:\(port + 2) …")
          ),
          .other(
            "netstat -tan | grep '0 127.0.0.1:\(port)'",
            .line("tcp 9 0 127.0.0.1:\(port) 0.0.0.0:* LISTEN")),
          .other(
            "lsof -nP -a -c demo-pref -iTCP:\(port + 2) -sTCP:ESTABLISHED",
            .line("demo-pref… 127.0.0.1:\(port + 2)->…")),
        ],
        limits: """
          All three list both ends of each connection on lines of their own and leave it to you to \
          find the pairs.
          """),
      .predict("Asked about the front, where will `diagnose` end?"),
      .run(
        "sockinspect diagnose :\(port) | grep Chain",
        .line("Chain clients … demo-prefork…")),
      .look(
        """
        At the other end of the chain: in the database, at the process that holds the lock, and \
        its client. Without `| grep Chain` come the facts and what to do.
        """),
    ]
  }

  private static func release(_ port: Int) -> [Step] {
    [
      .remedy("End the transaction, and leave the front alone."),
      .stop("silent"),
      .run("sockinspect -tln sport = :\(port)", .line("LISTEN 0 8 127.0.0.1:\(port) 0.0.0.0:*")),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 4 --requests 20 -q",
        .line("requests 20 sent, 20 answered; …")),
      .look(
        """
        The jam dissolves on its own. To be safe next time: a time-out for transactions at the \
        last server, and at each one before it a shorter patience than its own clients have.
        """),
      .stop("serve prefork --port \(port)"), .stop("serve prefork --port \(port + 1)"),
      .stop("serve"),
    ]
  }
}
