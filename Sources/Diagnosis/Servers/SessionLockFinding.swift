import ProcNet

/// The form of `lock-wait` in which sessions of a server wait for another session.
struct SessionLockFinding {
  let file: CaseFile
  let sessions: WaitingSessions

  private typealias Session = WaitingSessions.Session
  private var listener: ListenerCase { sessions.listener }

  func make() -> Finding {
    let longest = sessions.waiting.map(\.silent).max() ?? 0
    let number = Words.count(sessions.waiting.count, "session")
    var finding = Finding(
      .lockWait, .notice,
      """
      \(number) behind \(listener.name.text) \(sessions.waiting.count == 1 ? "has" : "have") not \
      answered for \(Words.duration(longest)), probably for a lock\(holderTitle)
      """,
      about: .listener(listener.name), confidence: .possible)
    finding.story = [waiterStory, holderStory]
    finding.evidence = sessions.waiting.prefix(8).flatMap(waiterEvidence)
    finding.evidence += sessions.holders.prefix(8).flatMap(holderEvidence)
    finding.chain = chain
    let numbers = (sessions.waiting + sessions.holders).prefix(8).map {
      "\($0.process.process)"
    }
    finding.check =
      sessions.waiting.prefix(1).map { "cat /proc/\($0.process.process)/syscall" }
      + ["ps -o pid,args \(numbers.joined(separator: " "))"]
    return finding
  }

  private var holderTitle: String {
    guard let holder = sessions.holders.first, sessions.holders.count == 1 else {
      return " that one of \(sessions.holders.count) idle sessions holds"
    }
    return
      """
       that \(holder.process.name.text) holds while it waits for its client \
      \(Peers(file).text(of: holder.socket))
      """
  }

  private var waiterStory: String {
    let who = sessions.waiting.map { session in
      """
      \(session.process.name.text)\(title(session)) for \(client(session)), since \
      \(Words.duration(session.silent))
      """
    }
    return
      """
      Each has read a request and sleeps since, without looking at its client and without moving: \
      \(Words.list(who, most: 4)). What it waits for is in the server's own memory and does not \
      show; sessions of one server that wait like this mostly wait for a lock.
      """
  }

  private var holderStory: String {
    let who = sessions.holders.map { session in
      """
      \(session.process.name.text)\(title(session)), whose client \(client(session)) has said \
      nothing for \(Words.duration(session.silent))
      """
    }
    return
      """
      Silent for longer, and so the possible \
      \(sessions.holders.count == 1 ? "holder" : "holders"): \(Words.list(who, most: 4)).
      """
  }

  private func client(_ session: Session) -> String { Peers(file).text(of: session.socket) }

  /// Servers often write into their command line what a session does.
  private func title(_ session: Session) -> String {
    guard let line = session.process.snapshot.commandLine, !line.isEmpty else { return "" }
    return " (\"\(String(decoding: line.prefix(120), as: UTF8.self))\")"
  }

  private func waiterEvidence(_ session: Session) -> [Evidence] {
    let process = session.process.process
    return [
      Evidence(
        "request not answered for", session.silent, unit: "ms",
        source: "tcpi_last_data_recv < tcpi_last_data_sent"
      ).of(process: process, descriptor: session.descriptor).on(session.socket),
      Evidence(
        "sleeps in", WaitWords.call(session.thread) ?? "unknown",
        source: "/proc/\(process)/syscall, without its client's descriptor"
      ).of(process: process, thread: session.thread.thread),
    ]
  }

  private func holderEvidence(_ session: Session) -> [Evidence] {
    let process = session.process.process
    return [
      Evidence(
        "its client is silent for", session.silent, unit: "ms", source: "tcpi_last_data_recv"
      ).of(process: process, descriptor: session.descriptor).on(session.socket)
    ]
      + (Peers(file).process(of: session.socket).map {
        [
          Evidence("client", $0.text, source: "/proc/\($0.process)/fd").of(process: $0.process)
            .on(session.socket)
        ]
      } ?? [])
  }

  private var chain: [ChainLink] {
    guard let waiter = sessions.waiting.first, let holder = sessions.holders.first else {
      return []
    }
    return [
      ChainLink(
        process: waiter.process.name, thread: waiter.thread.thread,
        call: WaitWords.call(waiter.thread), descriptor: nil, since: waiter.silent,
        waitsFor: ChainLink.Target(
          .lock, "a lock, possibly of \(holder.process.name.text)", process: holder.process.name)),
      ChainLink(
        process: holder.process.name, thread: holder.thread.thread,
        call: WaitWords.call(holder.thread), descriptor: holder.descriptor, since: holder.silent,
        waitsFor: ChainLink.Target(
          .connection, Peers(file).text(of: holder.socket), socket: SocketName(holder.socket),
          process: Peers(file).process(of: holder.socket))),
    ]
  }
}
