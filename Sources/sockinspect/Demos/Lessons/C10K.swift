extension Lesson {
  static var c10k: Lesson {
    Lesson(
      name: "c10k", title: "Ten thousand clients",
      teaches: """
        The models side by side under the same crowd of idle clients: processes, threads, memory, \
        processor time, and what their sockets look like.
        """,
      steps: prefork10k + thread10k + event10k)
  }

  private static let crowd = "--kind silent --connections 10000 --for 600 -q"

  private static let prefork10k: [Step] = [
    .say(
      """
      10000 clients connect and say nothing; then one more wants an answer. First the processes of \
      the prefork model, a hundred of them.
      """),
    .start("sockinspect serve prefork --port 9000 --reuse-address --workers 100 --backlog 1000 -q"),
    .start("sockinspect load 127.0.0.1:9000 \(crowd)"),
    .run(
      "sockinspect -s sport = :9000", .line("tcp ESTAB 1101 …"), .line("tcp LISTEN 1 …")),
    .run("sockinspect -tln sport = :9000", .line("LISTEN 1001 1000 127.0.0.1:9000 0.0.0.0:*")),
    .run("ps -C demo-prefork-1 -o nlwp,rss,time,comm", .line("1 … demo-prefork-1")),
    .act(
      "sockinspect load 127.0.0.1:9000 --connections 1 --timeout 1 -q",
      .line("connections 0 connected of 1 tried, 1 timed out")),
    .look(
      """
      As many clients are served as there are processes; a queue full of others waits, and all the \
      rest have not even got that far. A process for each would need this much memory, RSS in KiB, \
      as often as there are clients, though part of it is shared.
      """),
    .stop("silent"), .stop("serve"),
  ]

  private static let thread10k: [Step] = [
    .predict(
      "A thread for each of them: how many, how much memory, and is the new client answered?"),
    .start("sockinspect serve thread --port 9001 --reuse-address --backlog 4000 -q"),
    .start("sockinspect load 127.0.0.1:9001 --rate 5000 \(crowd)"),
    .run("ps -C demo-thread -o nlwp,rss,vsz,time,comm", .line("10001 … demo-thread")),
    .act(
      "sockinspect load 127.0.0.1:9001 --connections 1 -q",
      .line("requests 1 sent, 1 answered; …")),
    .run("sockinspect -s sport = :9001", .line("tcp ESTAB 10000 …"), .line("tcp LISTEN 1 …")),
    .look(
      """
      It works. The price is the memory of the threads, and besides RSS the kernel has a stack for \
      each of them. It gets dearer when many wake up at once.
      """),
    .stop("silent"), .stop("serve"),
  ]

  private static let event10k: [Step] = [
    .predict("And one thread with an event loop?"),
    .start("sockinspect serve event --port 9002 --reuse-address --backlog 4000 -q"),
    .start("sockinspect load 127.0.0.1:9002 --rate 5000 \(crowd)"),
    .run("ps -C demo-event -o nlwp,rss,vsz,time,comm", .line("1 … demo-event")),
    .act(
      "sockinspect load 127.0.0.1:9002 --connections 1 -q",
      .line("requests 1 sent, 1 answered; …")),
    .run("sockinspect -s sport = :9002", .line("tcp ESTAB 10000 …"), .line("tcp LISTEN 1 …")),
    .run("sockinspect diagnose --brief :9002", .line("OK Nothing wrong with :9002…")),
    .look("One thread, a small process, an answer at once: idle connections cost next to nothing."),
    .run(
      "sockinspect -tanm --limit 1 state established sport = :9002",
      .line("skmem:(r0,rb…,t0,tb…,f0,w0,…")),
    .look(
      """
      In the kernel too: r and w, the memory of bytes received and to be sent, are 0. rb and tb are \
      limits, not memory in use.
      """),
    .others(
      [
        .other("ss -s", .line("TCP: …")),
        .other("netstat -tan | grep -c :9002"),
        .other("lsof -nP -iTCP:9002 -sTCP:LISTEN", .line("demo-even… TCP 127.0.0.1:9002 (LISTEN)")),
      ],
      limits: """
        With many sockets it matters what a tool does for each: `netstat` reads a text table, and \
        -p makes every tool walk all descriptors of all processes.
        """),
    .stop("silent"), .stop("serve", .line("memory: … bytes a connection in this process, …")),
    .look("When it ends, this server says how much memory of its own each connection took."),
  ]
}
