/// How TCP connections begin and end.
enum TCPExtConnections {
  /// Handshakes, listeners and their queues.
  static let handshakes = CounterDescription.list(
    (
      "TcpExt",
      [
        .init(
          "ListenOverflows",
          "the accept queue was full when a SYN or the last ACK of a handshake arrived",
          """
          A program does not accept, or not fast enough. Every retry counts again, so it does not \
          count clients. `sockinspect listen` shows which listener it is.
          """),
        .init(
          "ListenDrops",
          """
          a segment for a listener was dropped while a connection was set up: a full accept queue \
          (counted in ListenOverflows too), a full SYN queue, no memory or no route
          """,
          """
          It rises with ListenOverflows when programs do not accept. When it rises alone, look at \
          TCPReqQFullDrop and at memory. It is the sum over all listeners of the namespace.
          """),
        .init(
          "SyncookiesSent",
          "the kernel answered a SYN with a SYN cookie because the SYN queue was full",
          """
          A burst, a SYN flood, or a listener with a very small backlog. The service goes on; \
          connections made this way lack some TCP options.
          """),
        .init(
          "SyncookiesRecv",
          "the last ACK of a handshake brought a valid SYN cookie back",
          """
          Far fewer than SyncookiesSent means that most of those SYNs had forged addresses: a \
          flood.
          """),
        .init(
          "SyncookiesFailed",
          "an ACK without a valid cookie arrived at a listener that has lately sent SYN cookies",
          "Late or stray ACKs, or an attacker who guesses."),
        .init(
          "TCPReqQFullDoCookies",
          "the SYN queue of a listener was full and the kernel went over to SYN cookies",
          "See SyncookiesSent; the kernel's log names the port."),
        .init(
          "TCPReqQFullDrop",
          "the SYN queue of a listener was full, SYN cookies are off, and the SYN was dropped",
          """
          New clients cannot connect. Switch `net.ipv4.tcp_syncookies` on, or find the source of \
          the flood.
          """),
        .init(
          "EmbryonicRsts",
          "a connection request ended in SYN-RECV by a reset, received or sent",
          """
          Port scans and clients that give up at once. With `net.ipv4.tcp_abort_on_overflow` 1 \
          also clients that met a full accept queue.
          """),
        .init(
          "TCPDeferAcceptDrop",
          """
          a listener with TCP_DEFER_ACCEPT set the last ACK of a handshake aside since no data \
          came with it
          """,
          """
          Normal on such listeners, once or more for each client. These ACKs count among the \
          drops of the listening socket as well.
          """),
        .init(
          "TCPSynRetrans",
          "a SYN or SYN/ACK was sent again since no answer came",
          """
          As a client: servers with full queues, or packets lost on the way. As a server: clients \
          that vanish, or a SYN flood.
          """),
        .init(
          "TCPTimeWaitOverflow",
          """
          a connection was ended without TIME-WAIT since `net.ipv4.tcp_max_tw_buckets` was reached
          """,
          """
          Late segments of an old connection could meet a new one. Raise the limit, or keep \
          connections open for longer.
          """),
        .init(
          "TCPMigrateReqSuccess",
          """
          a request or a queued connection of a listener that was closed went to another listener \
          of its SO_REUSEPORT group
          """,
          "A reload that lost no client."),
        .init(
          "TCPMigrateReqFailure",
          "a request or a queued connection of a closed listener found no other listener to go to",
          "Those clients were dropped."),
        .init(
          "TCPFastOpenActive",
          "a client's SYN with data (TCP Fast Open) was acknowledged by the server"),
        .init(
          "TCPFastOpenActiveFail",
          "a client's SYN with data was not accepted by the server, or had no answer in time",
          """
          The server, or something on the way, does not like Fast Open; such connections cost a \
          retry.
          """),
        .init(
          "TCPFastOpenPassive",
          "a listener took the data of a SYN (TCP Fast Open) and made the connection at once"),
        .init(
          "TCPFastOpenPassiveFail",
          "a listener did not take the data of a SYN with Fast Open",
          "Usually a cookie that is not valid any more."),
        .init(
          "TCPFastOpenListenOverflow",
          "a listener had as many Fast Open requests pending as TCP_FASTOPEN allows",
          "Clients fall back to an ordinary handshake."),
        .init("TCPFastOpenCookieReqd", "a client asked for a Fast Open cookie"),
        .init(
          "TCPFastOpenBlackhole",
          "the kernel stopped using Fast Open as a client, since the way seems to swallow it",
          "See `net.ipv4.tcp_fastopen_blackhole_timeout_sec`."),
        .init(
          "TCPFastOpenPassiveAltKey",
          "a Fast Open cookie made with the second, older key was accepted",
          "Expected for a while after keys were changed."),
      ]
    ))

  /// Resets, timers, TIME-WAIT.
  static let endings = CounterDescription.list(
    (
      "TcpExt",
      [
        .init(
          "TCPAbortOnData",
          """
          a connection was reset since it was closed with SO_LINGER 0, or since data came after \
          the program had closed
          """,
          "The program does not wait for what the peer still sends; the peer sees a reset."),
        .init(
          "TCPAbortOnClose",
          """
          a program closed a connection with unread data in its receive queue, so the kernel sent \
          a reset
          """,
          """
          The peer may lose data that it had been sent before. Servers that hang up on a request \
          do this.
          """),
        .init(
          "TCPAbortOnMemory",
          "an orphan was reset since there are too many, or since TCP has no memory left",
          "See `net.ipv4.tcp_max_orphans` and `net.ipv4.tcp_mem`; answers on their way were lost."),
        .init(
          "TCPAbortOnTimeout",
          """
          a connection was given up since no answer came: data, keep-alive, window probes or the \
          handshake
          """,
          "The peer, or the path to it, is gone."),
        .init(
          "TCPAbortOnLinger",
          "a connection in FIN-WAIT-2 was ended at once since TCP_LINGER2 says so"),
        .init(
          "TCPAbortFailed",
          "a reset should have been sent and could not, mostly for lack of memory",
          "The peer does not learn that the connection is over."),
        .init(
          "TW",
          "a connection entered TIME-WAIT with its usual time of a minute",
          "This end closes first. Normal; on a client many a second can use up the local ports."),
        .init("TWKilled", "a connection entered TIME-WAIT with a short time, of 4 s or less"),
        .init(
          "TWRecycled",
          """
          a new outgoing connection took over the ports of one in TIME-WAIT \
          (`net.ipv4.tcp_tw_reuse`)
          """,
          "Ports are used again soon; without this they might run out."),
        .init(
          "TCPKeepAlive",
          "a keep-alive probe was sent",
          "Idle connections of programs that asked for it with SO_KEEPALIVE."),
        .init(
          "TCPWinProbe",
          "a window probe was sent: the peer had announced a window of 0",
          "The peer's program does not read; see peer-not-reading."),
        .init(
          "TCPWqueueTooBig",
          "a segment was not split since the send queue had grown beyond its limit",
          "Seen with peers that acknowledge in tiny pieces, possibly on purpose."),
        .init(
          "TCPRetransFail",
          "a segment should have been sent again, and the attempt failed on this host",
          "No memory, no route, or a full queue of the interface."),
        .init(
          "TCPSpuriousRtxHostQueues",
          "a segment was not sent again since its first copy had not left this host yet",
          "The queue of the interface is long, or shaped."),
      ]
    ))
}
