extension Lesson {
  static var event: Lesson {
    Lesson(
      name: "event", title: "One thread for all",
      teaches: """
        How one thread serves any number of connections, and what a single call that blocks does \
        to all of them.
        """,
      ports: 3,
      steps: { loop($0.port) + blocked($0.port + 1) })
  }

  private static func loop(_ port: Int) -> [Step] {
    [
      .say(
        """
        An event loop never waits for one client: it asks the kernel, with `epoll_wait(2)`, which \
        of all its connections have something to do, does that, and asks again.
        """),
      .start("sockinspect serve event --port \(port) --reuse-address -q"),
      .start("sockinspect load 127.0.0.1:\(port) --kind half --connections 1000 --for 600 -q"),
      .run("ps -C demo-event -o nlwp,rss,comm", .line("1 … demo-event")),
      .predict("A thousand clients have sent half a request. Does a new one get its answer?"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 10 --requests 1000 -q",
        .line("requests 1000 sent, 1000 answered; …")),
      .run(
        "sockinspect -s sport = :\(port)", .line("tcp ESTAB 1000 …"), .line("tcp LISTEN 1 …")),
      .look(
        """
        At once. Half a request costs a loop some memory and nothing else; any of the servers \
        before would have had a process or a thread waiting for each.
        """),
      .stop("half"), .stop("serve"),
    ]
  }

  private static func blocked(_ port: Int) -> [Step] {
    [
      .say(
        """
        Now something in the program blocks: a query, a lock, a name server, a file on a sleepy \
        disk. Here it takes a second for each message.
        """),
      .start("sockinspect serve event --port \(port) --reuse-address --handler sleep:1 -q"),
      .predict("Four clients ask at once. How long does each of them wait?"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 4 -q",
        .line("requests 4 sent, 4 answered; …"), .line("latency … max … s")),
      .look(
        "One after the other: the event loop has become the serial server of the first lesson."),
      .start("sockinspect load 127.0.0.1:\(port) --connections 12 --for 600 -q"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,command sport = :\(port)",
        .line("LISTEN 0 127.0.0.1:\(port) 0.0.0.0:* held demo-event"),
        .atLeast(9, "ESTAB 32 127.0.0.1:\(port) 127.0.0.1:… held demo-event")),
      .look(
        """
        All are accepted and hardly one has been read: whole messages lie in the Recv-Qs. New \
        clients would wait in the accept queue, because the thread that accepts is the one that \
        sleeps.
        """),
      .others(
        [
          .other("ss -tan sport = :\(port)", .atLeast(9, "ESTAB 32 0 127.0.0.1:\(port) …")),
          .other(
            "netstat -tan | grep '0 127.0.0.1:\(port)'", .atLeast(9, "tcp 32 0 127.0.0.1:\(port) …")
          ),
          .other(
            "lsof -nP -iTCP:\(port) -sTCP:LISTEN",
            .line("demo-even… TCP 127.0.0.1:\(port) (LISTEN)")),
        ],
        limits: """
          All but `lsof` show the unread bytes. That a single thread is to blame, and in which \
          call it sleeps, is in /proc/PID/task/TID/syscall, not in any socket table.
          """),
      .run(
        "sockinspect diagnose --brief :\(port)",
        .line("CRITICAL 127.0.0.1:\(port) answers no one: its event loop sleeps …")),
      .look("`diagnose` reads it there: an event loop that is not in its wait for events."),
      .stop("load"), .stop("serve"),
      .remedy("What may block goes to threads of its own."),
      .start("sockinspect serve thread --port \(port + 1) --reuse-address --handler sleep:1 -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port + 1) --connections 4 -q",
        .line("latency … max … s")),
      .stop("serve"),
    ]
  }
}
