import ProcNet

/// A unix listener's queue is full: clients block in connect, or fail with EAGAIN.
struct UnixBacklogFullRule: Rule {
  static let kind = FindingDescription.unixBacklogFull

  func findings(in file: CaseFile) -> [Finding] {
    file.listeners.filter { $0.socket.netid.isUnix && $0.keepsFull }.map { finding($0, file) }
  }

  private func finding(_ listener: ListenerCase, _ file: CaseFile) -> Finding {
    let queue = QueueTelling(listener)
    var finding = Finding(
      Self.kind, .critical, "The queue of \(listener.name.text) is full: \(queue.figures)",
      about: .listener(listener.name), confidence: listener.span == nil ? .likely : .certain)
    finding.story = [
      [queue.state, queue.holders].compactMap { $0 }.joined(separator: " "),
      [waiting(listener, file), blocked(listener)].compactMap { $0 }.joined(separator: " "),
    ].filter { !$0.isEmpty }
    finding.evidence = queue.evidence + callers(listener)
    finding.fill(Placeholders(listener.name, process: listener.owners.first?.process))
    return finding
  }

  private func waiting(_ listener: ListenerCase, _ file: CaseFile) -> String? {
    let names = (listener.socket.details?.waiting ?? []).compactMap { client in
      file.holders(of: client).first.map {
        ProcessName(process: $0.process, command: $0.command).text + " (fd \($0.descriptor))"
      }
    }
    return names.isEmpty ? nil : "In the queue: \(Words.list(names))."
  }

  private func blocked(_ listener: ListenerCase) -> String? {
    let callers = listener.listener.blocked
    guard !callers.isEmpty else { return nil }
    let names = callers.map {
      ProcessName(process: $0.process, command: $0.command).text + " (fd \($0.descriptor))"
    }
    return "Blocked in connect(), without a time-out: \(Words.list(names))."
  }

  private func callers(_ listener: ListenerCase) -> [Evidence] {
    listener.listener.blocked.prefix(8).map { caller in
      Evidence(
        "blocked in connect", String(decoding: caller.command, as: UTF8.self),
        source: "/proc/\(caller.process)/syscall, wchan unix_wait_for_peer"
      ).on(listener.socket).of(process: caller.process, descriptor: caller.descriptor)
    }
  }
}
