import ProcNet

/// Connections that programs have closed and that are not finished come near the kernel's limit.
struct OrphanPressureRule: Rule {
  static let kind = FindingDescription.orphanPressure

  /// Per cent of `net.ipv4.tcp_max_orphans`; the kernel itself counts peers that it suspects two or
  /// four times.
  static let share = 80

  func findings(in file: CaseFile) -> [Finding] {
    guard let facts = facts(file) else { return [] }
    let isNear = facts.limit > 0 && Words.percent(facts.orphans, of: facts.limit) >= Self.share
    return isNear || facts.aborted > 0 ? [finding(facts)] : []
  }

  private struct Facts {
    var orphans: Int64
    var limit: Int64
    var aborted: Int64
  }

  /// Orphans are counted for the whole host, whatever namespace the figure is read in.
  private func facts(_ file: CaseFile) -> Facts? {
    let counters = file.last.counters
    let aborted = counters.namespaces.compactMap {
      counters.rise(of: "TcpExt", "TCPAbortOnMemory", since: file.first.counters, in: $0)
    }.reduce(0, +)
    for namespace in counters.namespaces {
      if let orphans = counters.value("TCP", "orphan", in: namespace),
        let limit = file.settings[namespace]?.mostOrphans
      {
        return Facts(orphans: orphans, limit: limit, aborted: aborted)
      }
    }
    return nil
  }

  private func finding(_ facts: Facts) -> Finding {
    let title =
      facts.aborted > 0
      ? "The kernel reset \(Words.count(facts.aborted, "connection")) for want of memory or room "
        + "for orphans"
      : "\(facts.orphans) closed connections still send, "
        + "\(Words.percent(facts.orphans, of: facts.limit)) % of the limit of \(facts.limit)"
    var finding = Finding(Self.kind, .warning, title, about: .host)
    finding.story = [
      """
      \(Words.count(facts.orphans, "connection")) that no program holds any more \
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
        "reset since the first look", facts.aborted, unit: "connections",
        source: "/proc/net/netstat TCPAbortOnMemory"),
    ]
    finding.fill(Placeholders())
    return finding
  }
}
