import ProcNet

/// Senders to a unix datagram socket block because its owner does not read.
///
/// The kernel does not say how full the receiver is; its senders show it.
struct UnixReceiveFull: Rule {
  static let kind = FindingKind(
    id: "unix-receive-full", rank: .requests, severities: [.warning],
    title: "The receiver of a unix datagram socket does not read",
    means: "Its queue of datagrams is full, and senders block in send.",
    condition:
      """
      Threads wait for room in a unix datagram socket (in send, or polling for writing) and did \
      not move between the samples, while what they sent before is unread in both.
      """,
    explanation:
      """
      A unix datagram socket queues a limited number of datagrams (`net.unix.max_dgram_qlen`, \
      fixed when the socket is made). When the owner does not read them, every sender waits, \
      unless it sends without blocking. The classic case is a log daemon that hangs: programs \
      that write to `/dev/log` stop one by one, with nothing wrong in them. Recv-Q of such a \
      socket is the size of its first datagram, so it does not show how full the queue is.
      """,
    remedy: [
      """
      See what the receiver does: is it stopped, out of disk space, waiting for its own peer? \
      Restart it if need be.
      """,
      "Send with MSG_DONTWAIT in programs that must not depend on it, and count what they lose.",
    ],
    avoid: [
      "restart the senders: they block again at their next message.",
      """
      only raise `net.unix.max_dgram_qlen`: it holds for sockets made afterwards, and they fill \
      as well.
      """,
    ],
    check: ["ss -xanp src PATH", "cat /proc/PID/task/TID/wchan"],
    demo: ["unix-datagram-full"])

  func findings(in host: HostObservation) -> [Finding] {
    var receivers: [UInt32: [Sender]] = [:]
    for (inode, socket) in host.last.notableUnix where socket.netid == .unixDatagram {
      guard let peer = socket.peerInode, peer != 0,
        let before = host.first.notableUnix[inode],
        (before.unacknowledged ?? 0) > 0,
        (socket.unacknowledged ?? 0) >= (before.unacknowledged ?? 0)
      else { continue }
      receivers[peer, default: []] += senders(socket, host)
    }
    return receivers.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
      .map { finding($0.key, $0.value.sorted { $0.thread.thread < $1.thread.thread }, host) }
  }

  /// A thread that waits for room.
  private struct Sender {
    var socket: Socket
    var thread: ObservedThread
    var descriptor: Int32
  }

  private func senders(_ socket: Socket, _ host: HostObservation) -> [Sender] {
    Set(host.holders(of: socket.inode).map(\.process)).flatMap { process in
      (host.processes[process]?.threads ?? []).compactMap { thread in
        let awaited = thread.wait.sockets.first { wanted in
          wanted.inode == socket.inode && (wanted.forWriting || thread.wait.kind == .send)
        }
        // A writer that is being served moves between the samples.
        guard let awaited, thread.isSteady != false else { return nil }
        return Sender(socket: socket, thread: thread, descriptor: awaited.descriptor)
      }
    }
  }

  private func finding(_ inode: UInt32, _ senders: [Sender], _ host: HostObservation) -> Finding {
    let receiver = host.table.socket(inode: inode)
    let owner = host.holders(of: inode).first
    let holder = owner.map(ProcessName.init)
    let place = receiver.map { SocketName($0).text } ?? "a unix socket (inode \(inode))"
    var finding = Finding(
      Self.kind, .warning,
      "\(holder?.text ?? "The receiver") does not read \(place): "
        + "\(Phrase.count(senders.count, "sender")) \(senders.count == 1 ? "is" : "are") blocked",
      about: receiver.map { .socket(SocketName($0)) } ?? holder.map { .process($0) } ?? .host)
    finding.story = story(senders, owner, place, host)
    finding.evidence = evidence(senders, receiver, owner)
    if let receiver {
      let thread = senders.first?.thread
      var placeholders = Placeholders(
        SocketName(receiver), process: thread?.process.process, thread: thread?.thread)
      if receiver.path == nil { placeholders = Placeholders(process: thread?.process.process) }
      finding.fill(placeholders)
    }
    return finding
  }

  private func story(
    _ senders: [Sender], _ owner: Owner?, _ place: String, _ host: HostObservation
  ) -> [String] {
    let names = senders.map { sender in
      "\(sender.thread.process.text) in \(sender.thread.wait.call ?? "send")() "
        + "on fd \(sender.descriptor)"
    }
    let holder = owner.map {
      "\(ProcessName($0).text) has it open as "
        + "fd \($0.descriptor)."
    }
    let activity = ProcessActivity(host).sentence(owner?.process)
    return [
      "The queue of \(place) is full. Waiting for room in it: \(Phrase.list(names)).",
      [holder, activity].compactMap { $0 }.joined(separator: " "),
    ].filter { !$0.isEmpty }
  }

  private func evidence(
    _ senders: [Sender], _ receiver: Socket?, _ owner: Owner?
  ) -> [Evidence] {
    var found: [Evidence] = []
    if let receiver, let owner {
      found.append(
        Evidence(
          "receiver", String(rawBytes: owner.command),
          source: "/proc/\(owner.process)/fd/\(owner.descriptor)"
        ).on(receiver).of(process: owner.process, descriptor: owner.descriptor))
    }
    for sender in senders.prefix(8) {
      let process = sender.thread.process.process
      found.append(
        Evidence(
          "unsent bytes of a blocked sender", sender.socket.unacknowledged ?? 0, unit: "bytes",
          source: "sock_diag udiag_wqueue; /proc/\(process)/task/\(sender.thread.thread)/syscall"
        ).of(process: process, thread: sender.thread.thread, descriptor: sender.descriptor))
    }
    return found
  }
}
