import Diagnosis

/// A cause, and the findings that follow from it.
struct FindingGroup {
  let cause: Finding
  /// In the order of the diagnosis.
  let effects: [Finding]
  /// What it causes together with the cause of another group, which lists it.
  var shared: [Finding] = []

  /// A notice that answers the question: nothing listens at the target.
  var isAnswer: Bool { cause.id == "not-listening" }

  /// The worst of them: a cause is as bad as its effects.
  var severity: Severity { ([cause] + effects + shared).map(\.severity).max() ?? cause.severity }

  /// From the clients that wait to the root cause: of all chains the longest that leads to the same
  /// end as the cause's own.
  var chain: [ChainLink] {
    let chains = ([cause] + effects).map(\.chain).filter { !$0.isEmpty }
    guard let own = chains.first, !cause.chain.isEmpty else {
      return chains.max { $0.count < $1.count } ?? []
    }
    let end = own.last?.process.process
    return chains.filter { $0.last?.process.process == end }.max { $0.count < $1.count } ?? own
  }

  /// What waits behind the cause, as far as any of the findings counts it.
  var waiting: Finding.Waiting? {
    let counts = ([cause] + effects).compactMap(\.waiting)
    guard !counts.isEmpty else { return nil }
    return Finding.Waiting(
      requests: counts.compactMap(\.requests).max(),
      connections: counts.compactMap(\.connections).max(), oldest: counts.compactMap(\.oldest).max()
    )
  }

  /// Worst first. Findings whose causes were not found stand for themselves, and of those that
  /// cause each other the first does.
  static func of(_ findings: [Finding]) -> [FindingGroup] {
    var places: [FindingReference: Int] = [:]
    for (place, finding) in findings.enumerated() where places[finding.reference] == nil {
      places[finding.reference] = place
    }
    let roots = findings.indices.map { root(of: $0, findings, places) }
    let groups = findings.indices.filter { roots[$0] == $0 }.map { root in
      FindingGroup(
        cause: findings[root],
        effects: findings.indices.filter { $0 != root && roots[$0] == root }.map { findings[$0] },
        shared: findings.indices.filter { effect in
          roots[effect] != root && findings[effect].causes.contains(findings[root].reference)
        }.map { findings[$0] })
    }
    return groups.enumerated().sorted { left, right in
      left.element.severity != right.element.severity
        ? left.element.severity > right.element.severity : left.offset < right.offset
    }.map(\.element)
  }

  /// Where a finding's causes lead to, the first of each.
  private static func root(
    of start: Int, _ findings: [Finding], _ places: [FindingReference: Int]
  ) -> Int {
    var path = [start]
    while let cause = findings[path[path.count - 1]].causes.lazy.compactMap({ places[$0] }).first {
      if let turn = path.firstIndex(of: cause) { return path[turn...].min() ?? cause }
      path.append(cause)
    }
    return path[path.count - 1]
  }
}

extension Severity {
  var name: String {
    switch self {
    case .notice: "notice"
    case .warning: "warning"
    case .critical: "critical"
    }
  }

  var tone: Palette.Tone {
    switch self {
    case .notice: .listener
    case .warning: .attention
    case .critical: .alarm
    }
  }
}
