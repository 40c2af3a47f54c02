import ProcNet

/// The buffers of all TCP sockets together come near the limit.
struct TCPMemory: Rule {
  static let kind = FindingKind(
    id: "tcp-memory", rank: .condition, severities: [.warning],
    title: "TCP comes near its memory limit",
    means:
      """
      The buffers of all TCP sockets together come near the limit, or have passed the pressure \
      mark.
      """,
    condition:
      """
      In both samples TCP: mem of `/proc/net/sockstat` (pages, whole host) is above the second \
      value of `net.ipv4.tcp_mem` (pressure) or at 90 % of the third or more, or \
      TcpExtTCPMemoryPressures rose within the interval.
      """,
    explanation:
      """
      Above the pressure mark the kernel lets no buffer grow and trims buffers where it can, so \
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

  /// Per cent of the last value of `net.ipv4.tcp_mem`.
  static let share = 90

  func findings(in host: HostObservation) -> [Finding] {
    guard let facts = facts(host) else { return [] }
    return isPressed(facts.before, facts.limits) && isPressed(facts.pages, facts.limits)
      || facts.pressures > 0 ? [finding(facts)] : []
  }

  private struct Facts {
    var before: Int64
    var pages: Int64
    /// `net.ipv4.tcp_mem`: low, pressure, limit.
    var limits: [Int64]
    /// How often pressure began since the first sample.
    var pressures: Int64
  }

  private func isPressed(_ pages: Int64, _ limits: [Int64]) -> Bool {
    pages > limits[1] || pages.percent(of: limits[2]) >= Self.share
  }

  /// The memory is the whole host's, in whatever namespace the figure is read.
  private func facts(_ host: HostObservation) -> Facts? {
    let counters = host.last.counters
    for namespace in counters.namespaces {
      guard let pages = counters.value("TCP", "mem", in: namespace),
        let limits = host.settings[namespace]?.memory, limits.count == 3, limits[2] > 0
      else { continue }
      let rise = counters.rise(
        of: "TcpExt", "TCPMemoryPressures", since: host.first.counters, in: namespace)
      return Facts(
        before: host.first.counters.value("TCP", "mem", in: namespace) ?? pages, pages: pages,
        limits: limits, pressures: rise ?? 0)
    }
    return nil
  }

  private func finding(_ facts: Facts) -> Finding {
    let share = facts.pages.percent(of: facts.limits[2])
    var finding = Finding(
      Self.kind, .warning,
      "TCP buffers take \(facts.pages) pages, \(share) % of the limit of \(facts.limits[2])",
      about: .host)
    finding.story = [
      """
      Above \(facts.limits[1]) pages the kernel lets no buffer grow; at \(facts.limits[2]) it \
      drops segments.
      """
    ]
    finding.evidence = [
      Evidence(
        "memory of TCP", facts.pages, unit: "pages", source: "/proc/net/sockstat TCP mem"),
      Evidence(
        "pressure", facts.limits[1], unit: "pages", source: "/proc/sys/net/ipv4/tcp_mem"),
      Evidence("limit", facts.limits[2], unit: "pages", source: "/proc/sys/net/ipv4/tcp_mem"),
      Evidence(
        "pressure began since the first sample", facts.pressures, unit: "times",
        source: "/proc/net/netstat TCPMemoryPressures"),
    ]
    finding.fill(Placeholders())
    return finding
  }
}
