extension CounterDictionary {
  /// How many sockets there are, and their memory.
  static let socketCounters = describe(
    (
      "sockets",
      [
        .init("used", .level, "sockets of all families in use, in the namespace")
      ]
    ),
    (
      "TCP",
      [
        .init("inuse", .level, "TCP sockets of IPv4 in the namespace, TIME-WAIT excluded"),
        .init(
          "orphan", .level,
          """
          TCP connections of the whole host that their programs have closed and the kernel still \
          finishes
          """,
          "Limited by `net.ipv4.tcp_max_orphans`; see orphan-pressure."),
        .init(
          "tw", .level,
          "connections of the namespace in TIME-WAIT",
          "Limited by `net.ipv4.tcp_max_tw_buckets`."),
        .init(
          "alloc", .level,
          "TCP sockets of the whole host, closed ones that are not freed yet included"),
        .init(
          "mem", .level,
          "memory of all TCP sockets of the whole host, in pages",
          "Limited by `net.ipv4.tcp_mem`; see tcp-memory."),
      ]
    ),
    (
      "UDP",
      [
        .init("inuse", .level, "UDP sockets of IPv4 in the namespace"),
        .init(
          "mem", .level,
          "memory of all UDP sockets of the whole host, in pages",
          "Limited by `net.ipv4.udp_mem`."),
      ]
    ),
    (
      "UDPLITE",
      [
        .init("inuse", .level, "UDP-Lite sockets of IPv4 in the namespace")
      ]
    ),
    (
      "RAW",
      [
        .init("inuse", .level, "raw sockets of IPv4 in the namespace")
      ]
    ),
    (
      "FRAG",
      [
        .init("inuse", .level, "IPv4 packets that wait for the rest of their fragments"),
        .init(
          "memory", .level,
          "memory of IPv4 fragments that wait, in bytes",
          "Limited by `net.ipv4.ipfrag_high_thresh`."),
      ]
    ),
    (
      "TCP6",
      [
        .init("inuse", .level, "TCP sockets of IPv6 in the namespace, TIME-WAIT excluded")
      ]
    ),
    (
      "UDP6",
      [
        .init("inuse", .level, "UDP sockets of IPv6 in the namespace")
      ]
    ),
    (
      "UDPLITE6",
      [
        .init("inuse", .level, "UDP-Lite sockets of IPv6 in the namespace")
      ]
    ),
    (
      "RAW6",
      [
        .init("inuse", .level, "raw sockets of IPv6 in the namespace")
      ]
    ),
    (
      "FRAG6",
      [
        .init("inuse", .level, "IPv6 packets that wait for the rest of their fragments"),
        .init(
          "memory", .level,
          "memory of IPv6 fragments that wait, in bytes",
          "Limited by `net.ipv6.ip6frag_high_thresh`."),
      ]
    ))
}
