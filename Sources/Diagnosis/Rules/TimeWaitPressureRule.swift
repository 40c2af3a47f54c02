import ProcNet

/// TIME-WAIT comes near the kernel's limit; thousands of them alone are healthy.
struct TimeWaitPressureRule: Rule {
  static let kind = FindingDescription.timeWaitPressure

  /// Per cent of `net.ipv4.tcp_max_tw_buckets`.
  static let share = 80

  func findings(in file: CaseFile) -> [Finding] {
    file.last.counters.namespaces.compactMap { namespace in
      guard let count = file.last.counters.value("TCP", "tw", in: namespace),
        let limit = file.settings[namespace]?.mostTimeWait, limit > 0,
        Words.percent(count, of: limit) >= Self.share
      else { return nil }
      return finding(count, limit)
    }
  }

  private func finding(_ count: Int64, _ limit: Int64) -> Finding {
    var finding = Finding(
      Self.kind, .notice,
      "\(count) connections are in TIME-WAIT, \(Words.percent(count, of: limit)) % of the limit "
        + "of \(limit)",
      about: .host)
    finding.story = [
      """
      Beyond \(limit) the kernel ends connections without TIME-WAIT; it counts them in \
      TcpExtTCPTimeWaitOverflow.
      """
    ]
    finding.evidence = [
      Evidence("in TIME-WAIT", count, unit: "connections", source: "/proc/net/sockstat TCP tw"),
      Evidence(
        "limit", limit, unit: "connections", source: "/proc/sys/net/ipv4/tcp_max_tw_buckets"),
    ]
    finding.fill(Placeholders())
    return finding
  }
}
