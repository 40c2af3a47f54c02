import Foundation

/// What `diagnose --json` said of a scenario, and what is wrong with that.
struct DiagnosisAnswer: Decodable {
  struct Finding: Decodable {
    var id: String
    var severity: String
    var title: String
    var evidence: [Evidence]?
    var subject: Subject?
    var because: [String]?

    var isNotice: Bool { severity == "notice" }
  }

  struct Subject: Decodable {
    var process: Process?

    struct Process: Decodable { var pid: Int32 }
  }

  struct Evidence: Decodable {
    var fact: String
    var pid: Int32?
    var fd: Int32?
    var local: End?
    var peer: End?

    struct End: Decodable {
      var address: String
      var port: Int
    }
  }

  var verdict: String
  var findings: [Finding]

  var grave: [Finding] { findings.filter { !$0.isNotice } }

  /// Everything that is not as it should be, in words.
  func faults(_ ready: ScenarioReady, status: Int32?, headline: String?) -> [String] {
    var faults: [String] = []
    func check(_ holds: Bool, _ fault: @autoclosure () -> String) {
      if !holds { faults.append(fault()) }
    }
    let missing = Set(ready.expects).subtracting(findings.map(\.id))
    check(missing.isEmpty, "missing: \(missing.sorted())")
    let wanted = Set(ready.expects + ready.allows)
    for finding in grave where !wanted.contains(finding.id) && !isElsewhere(finding, ready) {
      faults.append("not expected: \(finding.id): \(finding.title)")
    }
    for finding in findings {
      let gone = Set(finding.because ?? []).subtracting(findings.map(\.id))
      check(gone.isEmpty, "\(finding.id) because of \(gone.sorted()), which is not said")
    }
    check(status == rightStatus, "exit status \(status ?? -1), not \(rightStatus)")
    guard !ready.expects.isEmpty else { return faults }
    check(
      headline == nil || findings.first?.id == headline, "headline: \(findings.first?.id ?? "")")
    return faults + evidenceFaults(ready)
  }

  /// About a process of the host that has nothing to do with the scenario.
  private func isElsewhere(_ finding: Finding, _ ready: ScenarioReady) -> Bool {
    finding.subject?.process.map { !ready.pids.contains($0.pid) } ?? false
  }

  /// The worst severity; with nothing to judge at the target it could not tell.
  private var rightStatus: Int32 {
    if findings.contains(where: { $0.severity == "critical" }) { return 2 }
    if !grave.isEmpty { return 1 }
    return findings.contains { $0.id == "not-listening" } ? 3 : 0
  }

  private func evidenceFaults(_ ready: ScenarioReady) -> [String] {
    let evidence = findings.filter { ready.expects.contains($0.id) }.flatMap { $0.evidence ?? [] }
    var faults = evidence.compactMap { EvidenceTruth(ready: ready, evidence: $0).fault }
    let isOfHost = ready.expects == ["ephemeral-ports"]
    // Of a master with workers it is about these.
    let server = ready.servers.first?.pid ?? 0
    let workers = ScenarioProcess(pid: server).children.map(\.pid)
    if !isOfHost, !evidence.contains(where: { $0.pid.map(([server] + workers).contains) == true }) {
      faults.append("no evidence about the server, pid \(server)")
    }
    if let port = ready.port,
      !evidence.contains(where: { $0.local?.port == port || $0.peer?.port == port })
    {
      faults.append("no evidence at port \(port)")
    }
    return faults
  }
}

/// Holds one piece of evidence against /proc: the descriptor is there, and leads to a socket with
/// these very ends.
struct EvidenceTruth {
  let ready: ScenarioReady
  let evidence: DiagnosisAnswer.Evidence

  /// nil when it is true, or when there is nothing to hold it against.
  var fault: String? {
    guard let pid = evidence.pid, let fd = evidence.fd else { return nil }
    let path = "/proc/\(pid)/fd/\(fd)"
    guard let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
      return Self.hasEnded(pid) ? nil : "\(evidence.fact): \(path) is not there"
    }
    guard let local = evidence.local else { return nil }
    guard link.hasPrefix("socket:["), let ends = ends(pid, link.dropFirst(8).dropLast()) else {
      return "\(evidence.fact): \(path) is \(link), no internet socket"
    }
    let isRight =
      ends.local == local.port && (evidence.peer == nil || evidence.peer?.port == ends.peer)
    return isRight ? nil : "\(evidence.fact): \(path) is \(ends), not \(local)"
  }

  private static func hasEnded(_ pid: Int32) -> Bool {
    !FileManager.default.fileExists(atPath: "/proc/\(pid)/stat")
  }

  /// The ports of a socket by its inode.
  private func ends(_ pid: Int32, _ inode: Substring) -> (local: Int, peer: Int)? {
    for table in ["tcp", "tcp6", "udp", "udp6"] {
      // A file of unknown size: read to its end, however often the reader has to ask.
      let file = FileHandle(forReadingAtPath: "/proc/\(pid)/net/\(table)")
      let text = String(decoding: (try? file?.readToEnd()) ?? Data(), as: UTF8.self)
      for line in text.split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ")
        if fields.count > 9, fields[9] == inode { return (port(fields[1]), port(fields[2])) }
      }
    }
    return nil
  }

  private func port(_ field: Substring) -> Int {
    Int(field.split(separator: ":").last ?? "", radix: 16) ?? -1
  }
}
