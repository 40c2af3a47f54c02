/// Receiving: buffers, order, windows.
enum TCPExtReceiving {
  static let counters = CounterDescription.list(
    (
      "TcpExt",
      [
        .init(
          "PruneCalled",
          "a socket's receive buffer was over its limit and the kernel tried to make room in it",
          "The program reads too slowly, or the buffer is small for the distance."),
        .init(
          "RcvPruned",
          "making room in a receive buffer did not help, and the segment that arrived was dropped",
          "Data must be sent again: throughput suffers. Find the program that does not read."),
        .init(
          "OfoPruned",
          """
          segments that had arrived out of order were thrown away to make room in a receive buffer
          """,
          "Loss on the way together with a full buffer; the data must be sent again."),
        .init(
          "TCPRcvCollapsed",
          "segments in a receive queue were copied together to save memory",
          "Costs time; it means that receive buffers are tight."),
        .init(
          "TCPRcvCoalesce",
          "a segment was merged with the one before it in a receive queue",
          "Normal."),
        .init(
          "TCPBacklogCoalesce",
          "a segment was merged with another one while a program held the socket",
          "Normal under load."),
        .init(
          "TCPBacklogDrop",
          """
          a segment was dropped since the socket's backlog, which fills while a program is busy \
          within a call on it, was full
          """,
          "The receiver is overrun for a moment. See bl of skmem."),
        .init(
          "PFMemallocDrop",
          "a segment that had been received into the emergency reserve of memory was dropped",
          "The host is out of memory."),
        .init(
          "TCPRcvQDrop",
          "a segment in order was dropped since the receive buffer, or TCP as a whole, had no room",
          "A program does not read. See the memory of TCP in sockstat, too."),
        .init(
          "TCPZeroWindowDrop",
          "data arrived although the window announced was 0, and was dropped",
          "Senders that probe do so; the receiver does not read."),
        .init(
          "BeyondWindow",
          "a segment reached beyond the window that had been announced",
          "A peer that does not keep to the window, or something in between."),
        .init(
          "TCPOFOQueue",
          "a segment arrived out of order and was put aside",
          "Reordering or loss on the way."),
        .init(
          "TCPOFOMerge",
          "a segment that arrived out of order held data that was there already",
          "Data was sent twice, without need."),
        .init(
          "TCPOFODrop",
          "a segment that arrived out of order was dropped since the receive buffer was full",
          "Loss on the way and a full buffer at once."),
        .init(
          "TCPFromZeroWindowAdv",
          "a window that had been 0 was opened again: the program has read"),
        .init(
          "TCPToZeroWindowAdv",
          "the window announced went down to 0: the receive buffer is full",
          "A program does not read; its peers must wait. receive-stuck names it."),
        .init(
          "TCPWantZeroWindowAdv",
          """
          the kernel would have announced a window of 0, but may not take back what it had \
          announced
          """
        ),
        .init(
          "DelayedACKs",
          "an acknowledgement that had been held back was sent by its timer",
          """
          Normal; a steady high rate fits with requests and answers that wait for each other by 40 \
          ms.
          """),
        .init(
          "DelayedACKLocked",
          """
          the timer of a held back acknowledgement came while a program held the socket, and had \
          to wait
          """),
        .init(
          "DelayedACKLost",
          "data arrived that was here already: our acknowledgement was late or lost"),
        .init(
          "TCPAckCompressed",
          "an acknowledgement was left out since one for several segments does as well",
          "Normal where segments arrive out of order."),
        .init("TCPHPHits", "a data segment took the fast path of the receiver", "Normal."),
        .init(
          "TCPPureAcks",
          "an acknowledgement without data took the slow path of the receiver",
          "Normal."),
        .init(
          "TCPHPAcks",
          "an acknowledgement without data took the fast path of the receiver",
          "Normal."),
        .init(
          "TCPMemoryPressures",
          """
          the memory of all TCP sockets passed the pressure mark, the second value of \
          `net.ipv4.tcp_mem`
          """,
          "Buffers stop growing and throughput falls. See mem of TCP in sockstat."),
        .init(
          "TCPMemoryPressuresChrono",
          "a millisecond was spent above the pressure mark of TCP's memory",
          "Of 1000 a second, all of the time."),
        .init(
          "BusyPollRxPackets",
          "a packet was received while a program polled the interface itself (SO_BUSY_POLL)"),
      ]
    ))
}
