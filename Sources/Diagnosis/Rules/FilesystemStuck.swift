import ProcNet

/// Threads wait for a path on a mount that does not answer.
struct FilesystemStuck: Rule {
  static let kind = FindingKind(
    id: "filesystem-stuck", rank: .condition, severities: [.critical],
    title: "A file system does not answer",
    means: "Threads of a server wait in the kernel for a path on a mount that does not answer.",
    condition:
      """
      A thread slept in one call of the file system (open, stat, read of a file, fsync and the \
      like) over the whole interval, and requests that are not answered wait for its process. \
      Where connections wait in the process's own accept queue, the finding about that server \
      names the file system instead.
      """,
    explanation:
      """
      A call that opens or looks up a file returns when the file system answers. One that another \
      host (NFS) or another process (FUSE) serves may never answer. The thread then sleeps in the \
      kernel, often in a way that no signal interrupts. An event loop that makes such a call in \
      its own thread serves no client meanwhile.
      """,
    remedy: [
      "See whether the mount answers at all; repair or unmount what serves it.",
      "Do file access that can hang in a thread or process of its own, with a time-out.",
    ],
    avoid: ["kill the threads that wait: they end only when the call returns."],
    check: ["findmnt", "cat /proc/PID/task/TID/syscall", "cat /proc/PID/task/TID/wchan"],
    demo: ["hanging-mount"])

  func findings(in host: HostObservation) -> [Finding] {
    host.processes.values.sorted { $0.process < $1.process }.compactMap { finding($0, host) }
  }

  private func finding(_ process: ObservedProcess, _ host: HostObservation) -> Finding? {
    let stuck = process.threads.filter { $0.stays(.file) && $0.isSteady == true }
    guard let first = stuck.first, isWaitedFor(process, host) else { return nil }
    let place = host.place(of: first)
    let path = WaitChain.follow(first, in: host)
    var finding = Finding(
      Self.kind, .critical,
      """
      \(Phrase.count(stuck.count, "thread")) of \(process.name.text)\(serving(process, host)) \
      \(stuck.count == 1 ? "is" : "are") stuck in \(first.wait.call ?? "a call")() on \(place)
      """,
      about: .process(process.name))
    finding.story = [
      """
      \(stuck.count == 1 ? "Thread" : "Threads") \
      \(Phrase.list(stuck.map { "\($0.thread)" }, most: 8)) slept in this call over the whole \
      interval: the file system does not answer.\(sleepingIn(first, stuck.count))
      """
    ]
    finding.evidence = stuck.prefix(8).map { thread in
      Evidence(
        "stuck on", host.place(of: thread),
        source: "/proc/\(process.process)/task/\(thread.thread)/syscall, mountinfo"
      ).of(process: process.process, thread: thread.thread)
    }
    for stall in host.stalls where stall.processes.contains(process.name) {
      finding.evidence += StallDescription(host, stall).evidence.prefix(2)
      finding.waiting = Finding.Waiting(stall)
    }
    finding.chain = path.links
    finding.fill(Placeholders(process: process.process, thread: first.thread))
    Advice(host, path).apply(to: &finding)
    return finding
  }

  private func serving(_ process: ObservedProcess, _ host: HostObservation) -> String {
    let names = host.listeners.filter { process.sockets[$0.socket.inode] != nil }.map(\.name.text)
    return names.isEmpty ? "" : ", which serves \(Phrase.list(names)),"
  }

  private func sleepingIn(_ thread: ObservedThread, _ count: Int) -> String {
    guard let place = thread.snapshot.wchan else { return "" }
    return
      " In the kernel \(count == 1 ? "it sleeps" : "the first sleeps") in \(String(rawBytes: place))."
  }

  /// Requests wait for it. Where a queue waits as well, the finding about that server says all.
  private func isWaitedFor(_ process: ObservedProcess, _ host: HostObservation) -> Bool {
    let isServer = host.servers.contains { server in
      server.members.contains { $0.process.process == process.process }
    }
    return !isServer
      && host.stalls.contains { stall in
        stall.processes.contains { $0.process == process.process }
          || stall.path.links.contains { $0.process.process == process.process }
      }
  }
}
