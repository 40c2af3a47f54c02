import Diagnosis

extension Topic {
  /// Every kind of finding of `diagnose`.
  static var findings: [Topic] {
    FindingKind.all.map { finding in
      let severities = finding.severities.reversed().map { "\($0)" }.joined(separator: " or ")
      return Topic(
        group: .finding, names: [finding.id, finding.title], means: finding.means,
        text: [
          "Severity: \(severities). Reported when: \(finding.condition)", finding.explanation,
        ],
        sections: [
          Section(title: "Do", lines: finding.remedy),
          Section(title: "Don't", lines: finding.avoid),
        ],
        look: finding.check + finding.demo.prefix(1).map { "sockinspect demo \($0) --hold" })
    }
  }

  /// Every counter of the dictionary.
  static var counters: [Topic] { CounterDictionary.all.map(counter) }

  static func counter(_ description: CounterDescription) -> Topic {
    let file =
      switch description.group {
      case "TcpExt", "IpExt", "MPTcpExt": "netstat"
      case "Ip", "Icmp", "IcmpMsg", "Tcp", "Udp", "UdpLite": "snmp"
      case "Ip6", "Icmp6", "Udp6", "UdpLite6": "snmp6"
      default: description.group.hasSuffix("6") ? "sockstat6" : "sockstat"
      }
    return Topic(
      group: .counter, names: [description.fullName, description.name],
      means: sentence(description),
      text: [description.meaning ?? unknown]
        + ["It is in `/proc/net/\(file)`, group \(description.group)."],
      look: look(description))
  }

  private static let unknown =
    "More than that is not known here; the kernel's source has the place where it is counted."

  private static func sentence(_ description: CounterDescription) -> String {
    switch description.kind {
    case .counter: "Rises each time \(description.raised)."
    case .level: "A level, which goes up and down: \(description.raised)."
    case .setting: "A setting, not a counter: \(description.raised)."
    }
  }

  private static func look(_ description: CounterDescription) -> [String] {
    let interval = description.kind == .setting ? "" : " --interval 1"
    return ["sockinspect counters\(interval) \(description.fullName)"]
  }
}
