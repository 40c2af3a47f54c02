import ProcNet

/// Requests were read and are not answered, whether or not a queue shows it.
struct RequestUnanswered: Rule {
  static let kind = FindingKind(
    id: "request-unanswered", rank: .unanswered, severities: [.warning, .notice],
    title: "Requests are not answered",
    means: "A server has read requests of its clients and does not answer them.",
    condition:
      """
      On accepted connections the last data came from the client, the server has read it, and it \
      has sent nothing for 2 s or longer. It is a warning when the wait chain leads to something \
      that cannot go on (a lock, a stopped process, a disk, a file system or output that blocks, \
      a FIFO whose other end is not open, data that is not acknowledged, an accept queue, a ring, \
      a session that says what it waits for); or to a busy or sleeping thread behind which more \
      requests wait than it serves; or when most of the requests that no thread serves have one at \
      a lock since they came; or when three or more of the clients have hung up. Otherwise it is a \
      notice: a long poll looks the same. It is left out where another finding about the listener \
      or its owner says why.
      """,
    explanation:
      """
      Most servers accept a connection and read the request before they hang, so no queue shows \
      anything: the kernel has delivered all that it got. What the server waits for shows in its \
      threads, and in its own calls to other servers that are not answered either. The finding \
      follows that chain across processes to the root cause. Where the chain ends in a wait for \
      events, nothing proves that something is wrong: long polls, subscriptions and reports take \
      their time.
      """,
    remedy: [
      "Begin at the end of the chain; everything before it recovers once its end does.",
      "Give every call to another server a time-out that is shorter than the patience of clients.",
    ],
    avoid: ["raise the backlog or add workers: the requests were accepted, and wait inside."],
    check: ["ss -tnip 'sport = :PORT'", "sockinspect diagnose --all :PORT"],
    demo: ["unanswered"])

  /// Milliseconds from which on a request counts: servers at work answer sooner.
  static let patience: UInt64 = 2000

  func findings(in host: HostObservation) -> [Finding] {
    host.stalls.filter { $0.oldest >= Self.patience && $0.pool == nil }.map { finding($0, host) }
  }

  private func finding(_ stall: Stall, _ host: HostObservation) -> Finding {
    let words = StallDescription(host, stall)
    let isLoud = stall.isProven && host.span != nil
    var finding = Finding(
      Self.kind, isLoud ? .warning : .notice,
      words.waiting + (words.cause.map { ": \($0)" } ?? ""),
      about: .listener(stall.listener.name),
      confidence: isLoud ? .likely : .possible)
    finding.story = [words.owing + ". " + nothingQueued(stall, host)] + steps(words)
    finding.story += [words.beside, words.abandoned].compactMap(\.self)
    finding.evidence = words.evidence
    finding.isFallback = true
    finding.chain = stall.path.links
    finding.waiting = Finding.Waiting(stall)
    finding.fill(Placeholders(stall.listener.name, process: stall.processes.first?.process))
    Advice(host, stall.path).apply(to: &finding)
    if stall.path.links.isEmpty { finding.remedy = Self.asking }
    return finding
  }

  /// Threads that slept in both samples, and woke up in between.
  private func loops(_ stall: Stall, _ host: HostObservation) -> Int {
    stall.processes.compactMap { host.processes[$0.process] }.flatMap(\.threads).count {
      $0.stays(.timer) && $0.hasWoken == true && !$0.wait.isSignalWait
    }
  }

  /// From outside a long poll and a session that waits inside its server look the same.
  private static let asking = [
    """
    If these are no long polls, ask the server what they wait for: a database lists its sessions \
    and locks, and a stack dump shows what each thread of a program does.
    """,
    "Give every call to another server a time-out that is shorter than the patience of clients.",
  ]

  private func steps(_ words: StallDescription) -> [String] {
    let steps = words.steps
    return steps.isEmpty ? [] : [steps.joined(separator: " ")]
  }

  private func nothingQueued(_ stall: Stall, _ host: HostObservation) -> String {
    if stall.path.links.isEmpty {
      let loops = loops(stall, host)
      if loops > 0, loops * 2 >= stall.requests.count {
        return """
          \(Phrase.count(loops, "thread")) of it \(loops == 1 ? "sleeps" : "sleep") for a short time \
          again and again, as a loop does that tries something or asks for news.
          """
      }
      return "Its threads wait for events, as they do for long polls: nothing seems stuck."
    }
    return stall.listener.length == 0
      ? "No queue shows it: the requests wait inside the server." : ""
  }
}
