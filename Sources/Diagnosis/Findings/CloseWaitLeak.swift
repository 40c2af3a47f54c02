extension FindingDescription {
  static let closeWaitLeak = FindingDescription(
    id: "close-wait-leak", severities: [.critical, .warning],
    title: "Connections that the peers closed stay open here",
    means: "Peers hung up long ago and the program never closed its end: it leaks descriptors.",
    condition:
      """
      A process holds connections in CLOSE-WAIT that did not go away between the looks: 20 or \
      more, or 5 or more that are 10 % of its limit on open files, or 3 accepted ones from which \
      nothing has come for a minute (warning); 5 or more that are half of the limit (critical). \
      Where the process may not be seen, 5 accepted ones are possibly a leak (warning). \
      Connections in CLOSE-WAIT that wait in an accept queue are clients that gave up, and do \
      not count.
      """,
    explanation:
      """
      CLOSE-WAIT means: the peer has sent its FIN, the kernel has told the program, by a read \
      that returns 0, and waits for it to call `close(2)`. There is no time-out for it in the \
      kernel. Each keeps a descriptor and memory until the process ends, and in the end \
      `accept(2)` and open fail.
      """,
    remedy: [
      """
      Correct the program: close on end of file and on every path of error. The finding says \
      which descriptors; what they had in common often names the place.
      """,
      "Until then, restart it before the limit is reached.",
    ],
    avoid: [
      """
      look for a kernel setting: none closes a CLOSE-WAIT, and `net.ipv4.tcp_fin_timeout` is for \
      another state.
      """,
      "only raise the limit on open files: it is reached a little later.",
    ],
    check: [
      "ss -tanp state close-wait | grep pid=PID,",
      "ls /proc/PID/fd | wc -l",
      "grep 'open files' /proc/PID/limits",
    ],
    demo: ["close-wait"])
}
