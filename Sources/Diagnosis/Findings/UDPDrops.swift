extension FindingDescription {
  static let udpDrops = FindingDescription(
    id: "udp-drops", severities: [.warning],
    title: "A UDP receiver loses datagrams",
    means: "Datagrams arrived while the receive buffer was full, and were dropped.",
    condition:
      """
      The drops of a UDP socket (d of skmem, last column of `/proc/net/udp`) rose within the \
      interval.
      """,
    explanation:
      """
      UDP has no window: what does not fit into the socket's buffer is gone, and the sender is \
      not told. The program reads too slowly, or bursts are larger than the buffer. Recv-Q of a \
      UDP socket counts memory, the kernel's own overhead included, not bytes of data.
      """,
    remedy: [
      """
      See what the receiver does between two reads; read in larger batches (recvmmsg), or with \
      more threads and SO_REUSEPORT.
      """,
      """
      For bursts, give the socket a larger buffer: SO_RCVBUF of the program, up to \
      `net.core.rmem_max`.
      """,
    ],
    avoid: [
      """
      give a larger buffer to a program that is too slow on average: it fills as well, and \
      what is read is old.
      """,
      "raise `net.core.rmem_default` for all sockets of the host for the sake of one.",
    ],
    check: [
      "ss -uanm 'sport = :PORT'",
      "sockinspect counters --interval 1 UdpRcvbufErrors UdpInErrors",
    ],
    demo: ["udp-drops"])
}
