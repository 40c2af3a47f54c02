extension Lesson {
  static var pool: Lesson {
    Lesson(
      name: "pool", title: "A queue behind the queue",
      teaches: """
        How a thread pool fills, why connections then wait in two places, and how one lock turns \
        many threads into one.
        """,
      ports: 4,
      steps: { twoQueues($0.port) + oneLock($0.port + 1) })
  }

  private static func twoQueues(_ port: Int) -> [Step] {
    [
      .say(
        """
        One thread accepts and puts connections into a queue of the program; a fixed number of \
        threads take them out and serve them. This one has two threads, and room for two in its \
        queue.
        """),
      .start(
        "sockinspect serve pool --port \(port) --reuse-address --workers 2 --queue 2 --backlog 4 -q"
      ),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 2 --for 600 -q"),
      .predict(
        """
        Both threads have a silent client now. Ten more clients write something. Where does each \
        of them wait?
        """),
      .start("sockinspect load 127.0.0.1:\(port) --kind half --connections 10 --for 600 -q"),
      .run(
        "sockinspect -ta "
          + "--columns state,recv-q,local,peer,standing,command sport = :\(port)",
        .line("LISTEN 5 127.0.0.1:\(port) 0.0.0.0:* held demo-pool"),
        .lines(2, "ESTAB 0 127.0.0.1:\(port) 127.0.0.1:… held demo-pool"),
        .lines(3, "ESTAB 16 127.0.0.1:\(port) 127.0.0.1:… held demo-pool"),
        .lines(5, "ESTAB 16 127.0.0.1:\(port) 127.0.0.1:… queued -")),
      .look(
        """
        Two are served. Three have been accepted and not been read: two in the program's queue, \
        one in the hands of the thread that would like to put it there. Five fill the accept \
        queue, and the rest send their SYN again and again.
        """),
      .others(
        [
          .other("ss -tan sport = :\(port)", .line("LISTEN 5 4 127.0.0.1:\(port) 0.0.0.0:*")),
          .other(
            "netstat -tan | grep '0 127.0.0.1:\(port)'",
            .line("tcp 5 0 127.0.0.1:\(port) 0.0.0.0:* LISTEN")),
          .other(
            "lsof -nP -a -c demo-pool -iTCP:\(port) -sTCP:ESTABLISHED",
            .line("demo-pool … 127.0.0.1:\(port)->…")),
        ],
        limits: """
          Connections in the program's own queue look like any other that has not been read. Only \
          that they stay so tells them apart.
          """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("CRITICAL 127.0.0.1:\(port) accepts no new connections: both …")),
      .look("Which thread is with which client, by number and descriptor."),
      .stop("half"), .stop("silent"), .stop("serve"),
    ]
  }

  private static func oneLock(_ port: Int) -> [Step] {
    [
      .say("Now four threads, and one lock that a request holds until it is finished."),
      .start("sockinspect serve pool --port \(port) --reuse-address --workers 4 --handler lock -q"),
      .start("sockinspect load 127.0.0.1:\(port) --kind half --connections 4 --for 600 -q"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,command sport = :\(port)",
        .line("LISTEN 0 127.0.0.1:\(port) 0.0.0.0:* held demo-pool"),
        .lines(1, "ESTAB 0 127.0.0.1:\(port) 127.0.0.1:… held demo-pool"),
        .lines(3, "ESTAB 16 127.0.0.1:\(port) 127.0.0.1:… held demo-pool")),
      .look(
        """
        One thread holds the lock and waits for the rest of its request; the others have a \
        connection and wait for the lock, so their bytes stay unread. The accept queue is empty: \
        nothing looks wrong yet.
        """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("WARNING demo-pool (pid …) does not read 48 bytes …")),
      .look(
        """
        It looks at threads too: three wait for a lock at one address, and the one that does not \
        is with a client. Once the accept queue fills, the lock becomes the headline.
        """),
      .stop("half"), .stop("serve"),
      .remedy("More threads?"),
      .start(
        "sockinspect serve pool --port \(port + 1) --reuse-address --workers 10 --handler lock -q"),
      .start("sockinspect load 127.0.0.1:\(port + 1) --kind half --connections 10 --for 600 -q"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,command "
          + "'sport = :\(port + 1) and recv-q > 0'",
        .lines(9, "ESTAB 16 127.0.0.1:\(port + 1) 127.0.0.1:… held demo-pool")),
      .look("One is served, the others wait for the lock, only more expensively."),
      .stop("half"), .stop("serve"),
      .remedy(
        "Do not hold the lock while waiting for a client. Without it, the silent harm only "
          + "themselves."
      ),
      .start("sockinspect serve pool --port \(port + 2) --reuse-address --workers 20 -q"),
      .start("sockinspect load 127.0.0.1:\(port + 2) --kind half --connections 16 --for 600 -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port + 2) --connections 4 -q",
        .line("requests 4 sent, 4 answered; …")),
      .stop("half"), .stop("serve"),
    ]
  }
}
