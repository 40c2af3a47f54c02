import ProcNet

/// Sessions that have read a request and sleep on something that is not their client.
struct RequestUnanswered: Rule {
  static let kind = FindingKind(
    id: "request-unanswered", rank: .connection, severities: [.warning, .notice],
    title: "Requests are not answered",
    means:
      """
      A server has read its clients' requests, and sleeps on something else instead of answering.
      """,
    condition:
      """
      A process that serves one client had read all the client sent, and then, over a whole \
      interval, did not move, was not waiting for that client, and sent nothing. A warning from 2 \
      seconds on, when other sessions of the same server wait for their clients; else a notice.
      """,
    explanation:
      """
      All queues are empty, so nothing samples wrong: the connection is accepted, the request is \
      read. What the session waits for is in the program's own memory, and the kernel knows only \
      that it sleeps. In a database it is mostly a lock that another session holds, often one \
      whose client has begun a transaction and not ended it. A request that takes its time on \
      purpose, a long poll or a sleep, samples the same.
      """,
    remedy: [
      "Ask the program itself what the session waits for; databases have a view of their locks.",
      """
      Sample at the sessions that have been silent for longer: one of them may hold what the \
      others want.
      """,
    ],
    avoid: ["end the sessions that wait: the next ones wait as well."],
    check: ["cat /proc/PID/syscall", "ps -o pid,args --ppid PPID"],
    demo: [])

  /// Milliseconds from which on somebody is kept waiting, beyond what a request may take.
  static let tooLong: UInt64 = 2000

  func findings(in host: HostObservation) -> [Finding] {
    Sessions.find(in: host).map { finding($0, host) }
  }

  private func finding(_ sessions: Sessions, _ host: HostObservation) -> Finding {
    let longest = sessions.waiting.map(\.silent).max() ?? 0
    let isLoud = longest >= Self.tooLong && !sessions.holders.isEmpty
    let number = Phrase.count(sessions.waiting.count, "client")
    let name = sessions.listener.name
    var finding = Finding(
      Self.kind, isLoud ? .warning : .notice,
      """
      \(number) of \(name.text) \(sessions.waiting.count == 1 ? "has" : "have") been waiting for \
      an answer for up to \(Phrase.duration(longest))
      """,
      about: .listener(name), confidence: .likely)
    finding.story = [
      """
      Their requests have been read. The processes that should answer, \
      \(Phrase.list(sessions.waiting.map(\.process.name.text), most: 6)), have not moved since, and \
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
