import ProcNet

/// The buffers of all TCP sockets together come near the limit.
struct TCPMemoryRule: Rule {
  static let kind = FindingDescription.tcpMemory

  /// Per cent of the last value of `net.ipv4.tcp_mem`.
  static let share = 90

  func findings(in file: CaseFile) -> [Finding] {
    guard let facts = facts(file) else { return [] }
    return isPressed(facts.before, facts.limits) && isPressed(facts.pages, facts.limits)
      || facts.pressures > 0 ? [finding(facts)] : []
  }

  private struct Facts {
    var before: Int64
    var pages: Int64
    /// All well below, pressure above, the end.
    var limits: [Int64]
    /// How often pressure began since the first look.
    var pressures: Int64
  }

  private func isPressed(_ pages: Int64, _ limits: [Int64]) -> Bool {
    pages > limits[1] || Words.percent(pages, of: limits[2]) >= Self.share
  }

  /// The memory is the whole host's, whatever namespace the figure is read in.
  private func facts(_ file: CaseFile) -> Facts? {
    let counters = file.last.counters
    for namespace in counters.namespaces {
      guard let pages = counters.value("TCP", "mem", in: namespace),
        let limits = file.settings[namespace]?.memory, limits.count == 3, limits[2] > 0
      else { continue }
      let rise = counters.rise(
        of: "TcpExt", "TCPMemoryPressures", since: file.first.counters, in: namespace)
      return Facts(
        before: file.first.counters.value("TCP", "mem", in: namespace) ?? pages, pages: pages,
        limits: limits, pressures: rise ?? 0)
    }
    return nil
  }

  private func finding(_ facts: Facts) -> Finding {
    let share = Words.percent(facts.pages, of: facts.limits[2])
    var finding = Finding(
      Self.kind, .warning,
      "TCP buffers take \(facts.pages) pages, \(share) % of the limit of \(facts.limits[2])",
      about: .host)
    finding.story = [
      """
      Pressure begins at \(facts.limits[1]) pages: then no buffer grows. At \(facts.limits[2]) \
      segments are dropped.
      """
    ]
    finding.evidence = [
      Evidence(
        "memory of TCP", facts.pages, unit: "pages", source: "/proc/net/sockstat TCP mem"),
      Evidence(
        "pressure", facts.limits[1], unit: "pages", source: "/proc/sys/net/ipv4/tcp_mem"),
      Evidence("limit", facts.limits[2], unit: "pages", source: "/proc/sys/net/ipv4/tcp_mem"),
      Evidence(
        "pressure began since the first look", facts.pressures, unit: "times",
        source: "/proc/net/netstat TCPMemoryPressures"),
    ]
    finding.fill(Placeholders())
    return finding
  }
}
