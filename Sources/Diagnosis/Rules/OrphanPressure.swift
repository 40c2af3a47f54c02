import ProcNet

/// Connections that programs have closed and the kernel has not finished come near its limit.
struct OrphanPressure: Rule {
  static let kind = FindingKind(
    id: "orphan-pressure", rank: .aside, severities: [.warning],
    title: "Too many closed connections still send",
    means:
      """
      Connections that programs have closed, but the kernel has not finished, come near its \
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
      read or have vanished keep such orphans alive, with their buffers, for minutes. Beyond the \
      limit the kernel resets orphans, and answers that are still on their way are lost.
      """,
    remedy: [
      "See whose peers they are; a crowd from a few addresses is an attack or a broken client.",
      "Lower `net.ipv4.tcp_orphan_retries`, so that the kernel gives up dead peers sooner.",
      """
      If memory allows, raise `net.ipv4.tcp_max_orphans`; each may take up to 64 KiB that cannot \
      be swapped.
      """,
    ],
    avoid: ["raise the limit on a host that is short of memory."],
    check: [
      "cat /proc/net/sockstat",
      "ss -tan state fin-wait-1 | head",
      "sockinspect counters orphan TCPAbortOnMemory",
    ],
    demo: [])

  /// Per cent of `net.ipv4.tcp_max_orphans`; the kernel itself counts peers that it suspects two or
  /// four times.
  static let share = 80

  func findings(in host: HostObservation) -> [Finding] {
    guard let facts = facts(host) else { return [] }
    let isNear = facts.limit > 0 && facts.orphans.percent(of: facts.limit) >= Self.share
    return isNear || facts.aborted > 0 ? [finding(facts)] : []
  }

  private struct Facts {
    var orphans: Int64
    var limit: Int64
    var aborted: Int64
  }

  /// Orphans are counted for the whole host, whatever namespace the figure is read in.
  private func facts(_ host: HostObservation) -> Facts? {
    let counters = host.last.counters
    let aborted =
      counters.namespaces.compactMap {
        counters.rise(of: "TcpExt", "TCPAbortOnMemory", since: host.first.counters, in: $0)
      }.checkedSum ?? 0
    for namespace in counters.namespaces {
      if let orphans = counters.value("TCP", "orphan", in: namespace),
        let limit = host.settings[namespace]?.mostOrphans
      {
        return Facts(orphans: orphans, limit: limit, aborted: aborted)
      }
    }
    return nil
  }

  private func finding(_ facts: Facts) -> Finding {
    let title =
      facts.aborted > 0
      ? "The kernel reset \(Phrase.count(facts.aborted, "connection")): no memory or no room for "
        + "orphans was left"
      : "\(facts.orphans) closed connections still send, "
        + "\(facts.orphans.percent(of: facts.limit)) % of the limit of \(facts.limit)"
    var finding = Finding(Self.kind, .warning, title, about: .host)
    finding.story = [
      """
      \(Phrase.count(facts.orphans, "connection")) without an owner \
      \(facts.orphans == 1 ? "is" : "are") not finished; beyond \(facts.limit) the kernel resets \
      them.
      """
    ]
    finding.evidence = [
      Evidence(
        "orphans", facts.orphans, unit: "connections", source: "/proc/net/sockstat TCP orphan"),
      Evidence(
        "limit", facts.limit, unit: "connections", source: "/proc/sys/net/ipv4/tcp_max_orphans"),
      Evidence(
        "reset since the first sample", facts.aborted, unit: "connections",
        source: "/proc/net/netstat TCPAbortOnMemory"),
    ]
    finding.fill(Placeholders())
    return finding
  }
}
