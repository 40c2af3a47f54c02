extension FindingDescription {
  static let orphanPressure = FindingDescription(
    id: "orphan-pressure", severities: [.warning],
    title: "Too many closed connections still send",
    means:
      """
      Connections that programs have closed, but which are not finished, come near the kernel's \
      limit.
      """,
    condition:
      """
      Orphans (TCP: orphan in `/proc/net/sockstat`) are 80 % of `net.ipv4.tcp_max_orphans` or \
      more, or TcpExtTCPAbortOnMemory rose within the interval.
      """,
    explanation:
      """
      When a program closes a connection with data left to send, the kernel goes on without it: \
      in FIN-WAIT-1, LAST-ACK or CLOSING, and in FIN-WAIT-2 for the peer's FIN. Peers that do not \
      read or have vanished keep such orphans, with their buffers, for minutes. Beyond the limit \
      the kernel resets them, and answers that were still on their way are lost.
      """,
    remedy: [
      "See whose peers they are; a crowd from a few addresses is an attack or a broken client.",
      "Lower `net.ipv4.tcp_orphan_retries`, so that dead peers are given up sooner.",
      """
      If memory allows, raise `net.ipv4.tcp_max_orphans`; each may hold up to 64 KiB that \
      cannot be swapped.
      """,
    ],
    avoid: ["raise the limit on a host that is short of memory."],
    check: [
      "cat /proc/net/sockstat",
      "ss -tan state fin-wait-1 | head",
      "sockinspect counters orphan TCPAbortOnMemory",
    ],
    demo: [])
}
