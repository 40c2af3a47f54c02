extension Lesson {
  static var thread: Lesson {
    Lesson(
      name: "thread", title: "A thread for each connection",
      teaches: "What idle clients cost a server that keeps a thread for each of them.",
      ports: 1,
      steps: { many($0.port) + unread($0.port) })
  }

  private static func many(_ port: Int) -> [Step] {
    [
      .say(
        """
        Threads are cheaper than processes: memory, files and program are shared. So this server \
        starts one for every connection and ends it with the connection.
        """),
      .start("sockinspect serve thread --port \(port) --reuse-address --backlog 1000 -q"),
      .run("ps -C demo-thread -o nlwp,rss,vsz,comm", .line("1 … demo-thread")),
      .predict("Five hundred clients connect and say nothing. How many threads, how much memory?"),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 500 --for 600 -q"),
      .run("ps -C demo-thread -o nlwp,rss,vsz,comm", .line("501 … demo-thread")),
      .run(
        "sockinspect -s sport = :\(port)",
        .line("tcp ESTAB 500 …"), .line("tcp LISTEN 1 …")),
      .look(
        """
        NLWP is the number of threads: one for each client, and the one that accepts. RSS is the \
        memory that is really used, in KiB: a few for each thread. VSZ is what has been set aside, \
        mostly for stacks that are never filled. Nothing is queued: to a client this server looks \
        fine.
        """),
    ]
  }

  private static func unread(_ port: Int) -> [Step] {
    [
      .say("What do the sockets look like?"),
      .run(
        "sockinspect -tap --limit 3 state established sport = :\(port)",
        .lines(3, "0 0 127.0.0.1:\(port) 127.0.0.1:… users:((\"demo-thread\",…")),
      .others(
        [
          .other("ss -s"),
          .other(
            "lsof -nP -iTCP:\(port) -sTCP:LISTEN",
            .line("demo-thre… TCP 127.0.0.1:\(port) (LISTEN)")),
        ],
        limits: """
          Sockets belong to processes, not to threads: no tool can say from the socket tables \
          which thread serves whom. And `ss` -s counts the sockets of the whole host, whatever its \
          filter.
          """),
      .run("sockinspect diagnose --brief :\(port)", .line("OK Nothing wrong with :\(port)…")),
      .look("Right: clients that say nothing are no fault as long as the next one is accepted."),
      .stop("silent"),
      .run("ps -C demo-thread -o nlwp,rss,vsz,comm", .line("1 … demo-thread")),
      .look(
        """
        The threads are gone. What remains of the memory is kept for the next ones. The lesson \
        *c10k* does the same with many more.
        """),
      .stop("serve"),
    ]
  }
}
