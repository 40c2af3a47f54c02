extension Lesson {
  static var handshake: Lesson {
    Lesson(
      name: "handshake", title: "One connection, step by step",
      teaches: """
        Which call of which program, and which packet, leads from one state of a connection to \
        the next; and who is left in TIME-WAIT.
        """,
      ports: 3,
      steps: {
        listening($0.port) + connecting($0.port) + queueing($0.port) + talking($0.port)
          + closing($0.port + 1) + closingTheOtherWay($0.port + 2)
      })
  }

  private static func listening(_ port: Int) -> [Step] {
    [
      .say(
        """
        A server calls `socket(2)` for a socket, `bind(2)` for its address, `listen(2)` to let \
        connections come, and from then on `accept(2)` for one connection after the other. Start \
        one; it prints a line when it is ready.
        """),
      .start("sockinspect serve serial --port \(port) --reuse-address -q"),
      .run(
        "sockinspect -tlnp sport = :\(port)",
        .line("LISTEN 0 128 127.0.0.1:\(port) 0.0.0.0:* users:((\"demo-serial\",pid=…,fd=…))")),
      .look(
        """
        This socket is the *listener*. It will never carry data. Its Recv-Q is the number of \
        connections that wait for `accept(2)`, its Send-Q how many may: the *backlog* that was \
        given to `listen(2)`. No packet has been sent yet.
        """),
    ]
  }

  private static func connecting(_ port: Int) -> [Step] {
    [
      .predict(
        """
        A client calls `connect(2)` and then says nothing. The server is waiting in `accept(2)`. \
        How many sockets are there now?
        """),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 1 --for 600 -q"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,command :\(port)",
        .line("LISTEN 0 127.0.0.1:\(port) 0.0.0.0:* held demo-serial"),
        .line("ESTAB 0 127.0.0.1:\(port) 127.0.0.1:… held demo-serial"),
        .line("ESTAB 0 127.0.0.1:… 127.0.0.1:\(port) held …")),
      .look(
        """
        Three: the listener, and one at each end of the connection. `connect(2)` sent a SYN and \
        put the client's socket into SYN-SENT. The server's kernel answered SYN/ACK and remembered \
        the client in SYN-RECV, in the *SYN queue*. With the client's ACK both ends were ESTAB, \
        the connection moved to the *accept queue*, and `accept(2)` took it from there.
        """),
    ]
  }

  private static func queueing(_ port: Int) -> [Step] {
    [
      .predict(
        """
        This server serves one client at a time, and reads from the silent one: it does not call \
        `accept(2)`. A second client connects and writes. Is it connected? Where are its bytes?
        """),
      .start("sockinspect load 127.0.0.1:\(port) --kind half --connections 1 --for 600 -q"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,command :\(port)",
        .line("LISTEN 1 127.0.0.1:\(port) 0.0.0.0:* held demo-serial"),
        .line("ESTAB 16 127.0.0.1:\(port) 127.0.0.1:… queued -")),
      .look(
        """
        It is connected: handshakes are the kernel's work, and no program has to be there. The \
        server's end is ESTAB, holds the bytes in its Recv-Q, and belongs to nobody: it is \
        *queued*. The listener's Recv-Q counts it.
        """),
      .others(
        [
          .other(
            "ss -tanp '( sport = :\(port) or dport = :\(port) )'",
            .line("ESTAB 16 0 127.0.0.1:\(port) …")),
          .other(
            "netstat -tanp | grep :\(port)", .line("tcp 1 0 127.0.0.1:\(port) 0.0.0.0:* LISTEN …")),
          .other("lsof -nP -iTCP:\(port)", .line("… TCP 127.0.0.1:\(port) (LISTEN)")),
        ],
        limits: """
          `ss` has the same row without a process and leaves it to you what that means. `netstat` \
          knows the length of the queue but not its limit: the listener's Send-Q is always 0. \
          `lsof` goes from process to process, so what belongs to none is not there at all.
          """),
      .say("Now the silent client hangs up."),
      .stop("silent"),
      .run(
        "sockinspect -ta --columns state,recv-q,local,peer,standing,command :\(port)",
        .line("LISTEN 0 127.0.0.1:\(port) 0.0.0.0:* held demo-serial"),
        .line("ESTAB 0 127.0.0.1:\(port) 127.0.0.1:… held demo-serial")),
      .look(
        """
        `read(2)` told the server that the first client was gone; it called `close(2)`, then \
        `accept(2)`, and `read(2)` again, which took the bytes: both Recv-Qs are 0, and the row \
        has an owner.
        """),
      .stop("half"),
    ]
  }

  private static func talking(_ port: Int) -> [Step] {
    [
      .say("A whole conversation: connect, write a line, read the echo, close."),
      .act("echo hello | sockinspect chat 127.0.0.1:\(port)", .line("hello")),
      .predict("The client closed first. Which end is in TIME-WAIT now, and whose port is taken?"),
      .run(
        "sockinspect -tan state time-wait :\(port)",
        .line("0 0 127.0.0.1:… 127.0.0.1:\(port)"),
        .none("0 0 127.0.0.1:\(port) …")),
      .look(
        """
        The client's, whose address is on the left. The side that closes first waits: its kernel \
        keeps the pair of ports for a minute, in case its last ACK got lost or an old packet is \
        still on its way. There is a row for each client that has hung up so far.
        """),
      .stop("serve"),
    ]
  }

  private static func closing(_ port: Int) -> [Step] {
    [
      .say(
        """
        Closing is two halves: each end says with a FIN that it will send no more, and the other \
        acknowledges it. A server that forgets to close shows what lies between.
        """),
      .start("sockinspect serve serial --port \(port) --reuse-address --handler never-close -q"),
      .start("sockinspect load 127.0.0.1:\(port) --kind silent --connections 1 --for 600 -q"),
      .stop("silent"),
      .run(
        "sockinspect -ta --columns state,local,peer,standing,command :\(port)",
        .line("CLOSE-WAIT 127.0.0.1:\(port) 127.0.0.1:… held demo-serial"),
        .line("FIN-WAIT-2 127.0.0.1:… 127.0.0.1:\(port) orphan -")),
      .look(
        """
        The client's FIN put its end into FIN-WAIT-1 and, once acknowledged, into FIN-WAIT-2. The \
        server's end is in CLOSE-WAIT: it waits for its own program to call `close(2)`. The \
        client's process is gone; its end is an *orphan* that the kernel looks after.
        """),
      .predict("The server ends, and with it all its descriptors. What is left?"),
      .stop("serve"),
      .run(
        "sockinspect -ta --columns state,local,peer,standing,command :\(port)",
        .line("TIME-WAIT 127.0.0.1:… 127.0.0.1:\(port) time-wait -"),
        .none("CLOSE-WAIT …")),
      .look(
        """
        The server's end went through LAST-ACK and was gone with the client's ACK. The client, who \
        closed first, is in TIME-WAIT.
        """),
    ]
  }

  private static func closingTheOtherWay(_ port: Int) -> [Step] {
    [
      .say("Now a server that says something and closes first."),
      .start("sockinspect serve serial --port \(port) --reuse-address --handler flood:6 -q"),
      .act(
        "sockinspect load 127.0.0.1:\(port) --kind silent --connections 1 --for 5 -q",
        .line("connections 1 connected of 1 tried, 1 closed by the server")),
      .run(
        "sockinspect -ta --columns state,local,peer,standing,command :\(port)",
        .line("LISTEN 127.0.0.1:\(port) 0.0.0.0:* held demo-serial"),
        .line("TIME-WAIT 127.0.0.1:\(port) 127.0.0.1:… time-wait -")),
      .look(
        """
        This time the server's port is on the left. That is harmless, but for one thing: until it \
        is over, a new server at this port needs SO_REUSEADDR, which the option --reuse-address \
        sets.
        """),
      .stop("serve"),
    ]
  }
}
