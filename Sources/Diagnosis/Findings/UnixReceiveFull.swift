extension FindingDescription {
  static let unixReceiveFull = FindingDescription(
    id: "unix-receive-full", severities: [.warning],
    title: "The receiver of a unix datagram socket does not read",
    means: "Its queue of datagrams is full, and senders block in send.",
    condition:
      """
      Threads wait for room in a unix datagram socket (in send, or polling for writing) and did \
      not move between the looks, while what they sent before stands unread at both.
      """,
    explanation:
      """
      A unix datagram socket queues a limited number of datagrams (`net.unix.max_dgram_qlen`, \
      fixed when it was made). When they are not read, every sender waits, unless it sends \
      without blocking. The classic case is a log daemon that hangs: programs that write to \
      `/dev/log` stop one by one, with nothing wrong in them. Recv-Q of such a socket is the size \
      of its first datagram, so it does not show how full the queue is.
      """,
    remedy: [
      """
      Look at the receiver: is it stopped, out of disk space, waiting for its own peer? Restart \
      it if need be.
      """,
      "Programs that must not depend on it should send with MSG_DONTWAIT and count what they lose.",
    ],
    avoid: [
      "restart the senders: they block again at their next message.",
      """
      only raise `net.unix.max_dgram_qlen`: it holds for sockets made afterwards, and they fill \
      as well.
      """,
    ],
    check: ["ss -xanp src PATH", "cat /proc/PID/task/TID/wchan"],
    demo: ["unix-datagram-full"])
}
