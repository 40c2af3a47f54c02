import ProcNet

/// Sessions that have read a request and sleep on something that is not their client.
struct RequestUnansweredRule: Rule {
  static let kind = FindingDescription.requestUnanswered

  /// Milliseconds from which on somebody is kept waiting, beyond what a request may take.
  static let tooLong: UInt64 = 2000

  func findings(in file: CaseFile) -> [Finding] {
    WaitingSessions.find(in: file).map { finding($0, file) }
  }

  private func finding(_ sessions: WaitingSessions, _ file: CaseFile) -> Finding {
    let longest = sessions.waiting.map(\.silent).max() ?? 0
    let isLoud = longest >= Self.tooLong && !sessions.holders.isEmpty
    let number = Words.count(sessions.waiting.count, "client")
    let name = sessions.listener.name
    var finding = Finding(
      Self.kind, isLoud ? .warning : .notice,
      """
      \(number) of \(name.text) \(sessions.waiting.count == 1 ? "has" : "have") been waiting for \
      an answer for up to \(Words.duration(longest))
      """,
      about: .listener(name), confidence: .likely)
    finding.story = [
      """
      Their requests have been read. The processes that should answer, \
      \(Words.list(sessions.waiting.map(\.process.name.text), most: 6)), have not moved since, and \
      do not wait for their clients.
      """
    ]
    finding.evidence = sessions.waiting.prefix(8).map { session in
      Evidence(
        "request not answered for", session.silent, unit: "ms",
        source: "tcpi_last_data_recv and tcpi_last_data_sent"
      ).of(process: session.process.process, descriptor: session.descriptor).on(session.socket)
    }
    finding.check = sessions.waiting.prefix(2).map { "cat /proc/\($0.process.process)/syscall" }
    return finding
  }
}
