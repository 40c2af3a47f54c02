extension Lesson {
  static var c10k: Lesson {
    Lesson(
      name: "c10k", title: "Ten thousand clients",
      teaches: """
        The models side by side under the same crowd of idle clients: processes, threads, memory, \
        processor time, and what their sockets look like.
        """,
      ports: 3, takesManyClients: true,
      steps: {
        prefork10k($0.port, $0.clients) + thread10k($0.port + 1, $0.clients)
          + event10k($0.port + 2, $0.clients)
      })
  }

  /// What the clients of each model are.
  private static func crowd(_ clients: Int) -> String {
    "--kind silent --connections \(clients) --for 600 -q"
  }

  private static func prefork10k(_ port: Int, _ clients: Int) -> [Step] {
    [
      .say(
        """
        \(clients) clients connect and say nothing; then one more wants an answer. First the \
        processes of the prefork model, a hundred of them.
        """),
      .start(
        "sockinspect serve prefork --port \(port) --reuse-address --workers 100 --backlog 1000 -q"),
      .start("sockinspect load 127.0.0.1:\(port) \(crowd(clients))"),
      .run(
        "sockinspect -s sport = :\(port)", .line("tcp ESTAB 1101 …"), .line("tcp LISTEN 1 …")),
      .run(
        "sockinspect -tln sport = :\(port)", .line("LISTEN 1001 1000 127.0.0.1:\(port) 0.0.0.0:*")),
      .run("ps -C demo-prefork-1 -o nlwp,rss,time,comm", .line("1 … demo-prefork-1")),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 1 --timeout 1 -q",
        .line("connections 0 connected of 1 tried, 1 timed out")),
      .look(
        """
        As many clients are served as there are processes; a queue full of others waits, and all \
        the rest have not even got that far. A process for each would need this much memory, RSS \
        in KiB, as often as there are clients, though part of it is shared.
        """),
      .stop("silent"), .stop("serve"),
    ]
  }

  private static func thread10k(_ port: Int, _ clients: Int) -> [Step] {
    [
      .predict(
        "A thread for each of them: how many, how much memory, and is the new client answered?"),
      .start("sockinspect serve thread --port \(port) --reuse-address --backlog 4000 -q"),
      .start("sockinspect load 127.0.0.1:\(port) --rate 5000 \(crowd(clients))"),
      .run("ps -C demo-thread -o nlwp,rss,vsz,time,comm", .line("\(clients + 1) … demo-thread")),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 1 -q",
        .line("requests 1 sent, 1 answered; …")),
      .run(
        "sockinspect -s sport = :\(port)", .line("tcp ESTAB \(clients) …"), .line("tcp LISTEN 1 …")),
      .look(
        """
        It works. The price is the memory of the threads, and besides RSS the kernel has a stack \
        for each of them. It gets dearer when many wake up at once.
        """),
      .stop("silent"), .stop("serve"),
    ]
  }

  private static func event10k(_ port: Int, _ clients: Int) -> [Step] {
    [
      .predict("And one thread with an event loop?"),
      .start("sockinspect serve event --port \(port) --reuse-address --backlog 4000 -q"),
      .start("sockinspect load 127.0.0.1:\(port) --rate 5000 \(crowd(clients))"),
      .run("ps -C demo-event -o nlwp,rss,vsz,time,comm", .line("1 … demo-event")),
      .act(
        "sockinspect load 127.0.0.1:\(port) --connections 1 -q",
        .line("requests 1 sent, 1 answered; …")),
      .run(
        "sockinspect -s sport = :\(port)", .line("tcp ESTAB \(clients) …"), .line("tcp LISTEN 1 …")),
      .run("sockinspect diagnose --brief :\(port)", .line("OK Nothing wrong with :\(port)…")),
      .look(
        "One thread, a small process, an answer at once: idle connections cost next to nothing."),
      .run(
        "sockinspect -tanm --limit 1 state established sport = :\(port)",
        .line("skmem:(r0,rb…,t0,tb…,f0,w0,…")),
      .look(
        """
        In the kernel too: r and w, the memory of bytes received and to be sent, are 0. rb and tb \
        are limits, not memory in use.
        """),
      .others(
        [
          .other("ss -s", .line("TCP: …")),
          .other("netstat -tan | grep -c :\(port)"),
          .other(
            "lsof -nP -iTCP:\(port) -sTCP:LISTEN",
            .line("demo-even… TCP 127.0.0.1:\(port) (LISTEN)")),
        ],
        limits: """
          With many sockets it matters what a tool does for each: `netstat` reads a text table, \
          and -p makes every tool walk all descriptors of all processes.
          """),
      .stop("silent"), .stop("serve", .line("memory: … bytes a connection in this process, …")),
      .look("When it ends, this server says how much memory of its own each connection took."),
    ]
  }
}
