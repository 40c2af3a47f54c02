/// How connections end: resets, timers, TIME-WAIT.
enum TCPExtEnding {
  static let counters = CounterDescription.list(
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
