extension FindingDescription {
  static let peerNotReading = FindingDescription(
    id: "peer-not-reading", severities: [.warning, .notice],
    title: "The peer does not read what it is sent",
    means:
      """
      The send buffer is full since the other side announces no room; the program cannot go on \
      writing.
      """,
    condition:
      """
      Unsent data stands in the send buffer, none less at the second look, and the peer's window \
      is closed (timer persist). It is a warning when a thread here is blocked in sending it or \
      the reader is on this host; a notice when a peer elsewhere has not read for a minute. Data \
      that is in flight and unacknowledged is retransmitting instead.
      """,
    explanation:
      """
      TCP sends only as much as the receiver says it has room for. The receiver's program does \
      not read, so its buffer is full, so ours stays full, and a program that writes with a \
      blocking call sleeps in it. The kernel asks again and again whether there is room (timer \
      persist), and as long as the peer's kernel answers, it never gives up.
      """,
    remedy: [
      "Look at the receiver; if it is on this host the finding names it and what it does.",
      """
      Give writes a time-out (SO_SNDTIMEO, TCP_USER_TIMEOUT, or that of the framework), so that \
      one slow reader does not occupy a worker for ever.
      """,
      "Put a proxy that buffers answers in front of servers with few workers.",
    ],
    avoid: [
      "only enlarge send buffers: they fill as well.",
      "look for packet loss: the network delivers.",
    ],
    check: ["ss -tanio 'sport = :PORT'", "ss -tanp 'dport = :PORT'"],
    demo: ["slow-reader"])
}
