extension Lesson {
  static var pool: Lesson {
    Lesson(
      name: "pool", title: "A queue behind the queue",
      teaches: """
        How a thread pool fills, why connections then wait in two places, and how one lock turns \
        many threads into one.
        """,
      steps: twoQueues + oneLock)
  }

  private static let twoQueues: [Step] = [
    .say(
      """
      One thread accepts and puts connections into a queue of the program; a fixed number of \
      threads take them out and serve them. This one has two threads, and room for two in its queue.
      """),
    .start(
      "sockinspect serve pool --port 9000 --reuse-address --workers 2 --queue 2 --backlog 4 -q"),
    .start("sockinspect load 127.0.0.1:9000 --kind silent --connections 2 --for 600 -q"),
    .predict(
      """
      Both threads have a silent client now. Ten more clients write something. Where does each of \
      them wait?
      """),
    .start("sockinspect load 127.0.0.1:9000 --kind half --connections 10 --for 600 -q"),
    .run(
      "sockinspect -ta --columns state,recv-q,local,peer,ownership,command sport = :9000",
      .line("LISTEN 5 127.0.0.1:9000 0.0.0.0:* held demo-pool"),
      .lines(2, "ESTAB 0 127.0.0.1:9000 127.0.0.1:… held demo-pool"),
      .lines(3, "ESTAB 16 127.0.0.1:9000 127.0.0.1:… held demo-pool"),
      .lines(5, "ESTAB 16 127.0.0.1:9000 127.0.0.1:… queued -")),
    .look(
      """
      Two are served. Three have been accepted and not been read: two in the program's queue, one \
      in the hands of the thread that would like to put it there. Five fill the accept queue, and \
      the rest send their SYN again and again.
      """),
    .others(
      [
        .other("ss -tan sport = :9000", .line("LISTEN 5 4 127.0.0.1:9000 0.0.0.0:*")),
        .other(
          "netstat -tan | grep '0 127.0.0.1:9000'",
          .line("tcp 5 0 127.0.0.1:9000 0.0.0.0:* LISTEN")),
        .other(
          "lsof -nP -a -c demo-pool -iTCP:9000 -sTCP:ESTABLISHED",
          .line("demo-pool … 127.0.0.1:9000->…")),
      ],
      limits: """
        Connections in the program's own queue look like any other that has not been read. Only \
        that they stay so tells them apart.
        """),
    .run(
      "sockinspect diagnose --brief :9000",
      .line("CRITICAL 127.0.0.1:9000 accepts no new connections: both …")),
    .look("Which thread is with which client, by number and descriptor."),
    .stop("half"), .stop("silent"), .stop("serve"),
  ]

  private static let oneLock: [Step] = [
    .say("Now four threads, and one lock that a request holds until it is finished."),
    .start("sockinspect serve pool --port 9001 --reuse-address --workers 4 --handler lock -q"),
    .start("sockinspect load 127.0.0.1:9001 --kind half --connections 4 --for 600 -q"),
    .run(
      "sockinspect -ta --columns state,recv-q,local,peer,ownership,command sport = :9001",
      .line("LISTEN 0 127.0.0.1:9001 0.0.0.0:* held demo-pool"),
      .lines(1, "ESTAB 0 127.0.0.1:9001 127.0.0.1:… held demo-pool"),
      .lines(3, "ESTAB 16 127.0.0.1:9001 127.0.0.1:… held demo-pool")),
    .look(
      """
      One thread holds the lock and waits for the rest of its request; the others have a connection \
      and wait for the lock, so their bytes stay unread. The accept queue is empty: nothing looks \
      wrong yet.
      """),
    .run(
      "sockinspect diagnose --brief :9001",
      .line("WARNING demo-pool (pid …) does not read 48 bytes …")),
    .look(
      """
      It looks at threads too: three wait for a lock at one address, and the one that does not is \
      with a client. Once the accept queue fills, the lock becomes the headline.
      """),
    .stop("half"), .stop("serve"),
    .remedy("More threads?"),
    .start("sockinspect serve pool --port 9002 --reuse-address --workers 10 --handler lock -q"),
    .start("sockinspect load 127.0.0.1:9002 --kind half --connections 10 --for 600 -q"),
    .run(
      "sockinspect -ta --columns state,recv-q,local,peer,ownership,command "
        + "'sport = :9002 and recvq > 0'",
      .lines(9, "ESTAB 16 127.0.0.1:9002 127.0.0.1:… held demo-pool")),
    .look("One is served, the others wait for the lock, only more expensively."),
    .stop("half"), .stop("serve"),
    .remedy(
      "Do not hold the lock while waiting for a client. Without it, the silent harm only themselves."
    ),
    .start("sockinspect serve pool --port 9003 --reuse-address --workers 20 -q"),
    .start("sockinspect load 127.0.0.1:9003 --kind half --connections 16 --for 600 -q"),
    .act(
      "sockinspect load 127.0.0.1:9003 --connections 4 -q",
      .line("requests 4 sent, 4 answered; …")),
    .stop("half"), .stop("serve"),
  ]
}
