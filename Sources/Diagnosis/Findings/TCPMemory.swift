extension FindingDescription {
  static let tcpMemory = FindingDescription(
    id: "tcp-memory", severities: [.warning],
    title: "TCP comes near its memory limit",
    means:
      """
      The buffers of all TCP sockets together come near the limit, or have passed the pressure \
      mark.
      """,
    condition:
      """
      At both looks TCP: mem of `/proc/net/sockstat` (pages, whole host) is above the second \
      value of `net.ipv4.tcp_mem` (pressure) or at 90 % of the third or more, or \
      TcpExtTCPMemoryPressures rose within the interval.
      """,
    explanation:
      """
      Above the pressure mark the kernel lets no buffer grow and trims those that can be, so \
      throughput falls. At the limit it drops segments and resets orphans. The usual reason is \
      many connections with full buffers: programs that do not read, or peers that do not.
      """,
    remedy: [
      "Find the large queues: receive-stuck and peer-not-reading name them.",
      "If the load is legitimate, raise `net.ipv4.tcp_mem`, in pages, or add memory.",
      """
      Set a lower maximum in `net.ipv4.tcp_rmem` and `net.ipv4.tcp_wmem` where there are very \
      many connections.
      """,
    ],
    avoid: [
      """
      raise the per-socket buffers of `net.ipv4.tcp_rmem` and `net.ipv4.tcp_wmem`: each \
      connection may then take more of what is short.
      """
    ],
    check: [
      "cat /proc/net/sockstat",
      "sysctl net.ipv4.tcp_mem",
      "ss -tanm | grep -o 'skmem:(r[1-9][0-9]*' | head",
    ],
    demo: [])
}
