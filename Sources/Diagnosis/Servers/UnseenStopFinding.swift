import ProcNet

/// Told when nobody is seen to hold a stuck listener, and a process that may is stopped.
struct UnseenStopFinding {
  let listener: ListenerCase
  let unseen: UnseenHolder

  /// One for each process, at the first listener that it may hold.
  static func all(in file: CaseFile) -> [Finding] {
    var told: Set<Int32> = []
    return file.listeners.compactMap { listener in
      guard listener.isStuck, let unseen = listener.unseen, let first = unseen.halted.first,
        unseen.halted.count <= UnseenHolder.mostNamed, told.insert(first.process.process).inserted
      else { return nil }
      return UnseenStopFinding(listener: listener, unseen: unseen).make(first)
    }
  }

  private func make(_ stopped: UnseenHolder.Candidate) -> Finding {
    let halted = unseen.halted
    let names = Words.list(halted.map(\.process.text))
    let isWhole = unseen.isHaltedAsAWhole
    var finding = Finding(
      FindingDescription.processStopped, isWhole ? .critical : .warning,
      "\(names), which may be what should serve \(listener.name.text), "
        + "\(halted.count == 1 ? "is" : "are") \(stopped.isFrozen ? "frozen" : "stopped")",
      about: .process(stopped.process), confidence: isWhole ? .likely : .possible)
    finding.story = [unseen.sentence, QueueTelling(listener).state]
    finding.evidence = halted.map(evidence) + QueueTelling(listener).evidence
    finding.check = ["grep -E 'State|TracerPid' /proc/\(stopped.process.process)/status"]
    return finding
  }

  private func evidence(_ candidate: UnseenHolder.Candidate) -> Evidence {
    let process = candidate.process.process
    if candidate.isFrozen {
      return Evidence("control group frozen", .flag(true), source: "cgroup.events")
        .of(process: process)
    }
    return Evidence(
      "state", String(decoding: [candidate.state], as: UTF8.self), source: "/proc/\(process)/stat"
    ).of(process: process)
  }
}
