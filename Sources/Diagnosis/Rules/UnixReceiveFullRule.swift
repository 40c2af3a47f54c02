import ProcNet

/// Senders to a unix datagram socket block, since its owner does not read.
///
/// The receiver itself does not show how full it is: its senders do.
struct UnixReceiveFullRule: Rule {
  static let kind = FindingDescription.unixReceiveFull

  func findings(in file: CaseFile) -> [Finding] {
    var receivers: [UInt32: [Sender]] = [:]
    for (inode, socket) in file.last.notableUnix where socket.netid == .unixDatagram {
      guard let peer = socket.peerInode, peer != 0,
        let before = file.first.notableUnix[inode],
        (before.sendQueue ?? 0) > 0, (socket.sendQueue ?? 0) >= (before.sendQueue ?? 0)
      else { continue }
      receivers[peer, default: []] += senders(socket, file)
    }
    return receivers.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
      .map { finding($0.key, $0.value.sorted { $0.thread.thread < $1.thread.thread }, file) }
  }

  /// A thread that waits for room.
  private struct Sender {
    var socket: Socket
    var thread: ThreadCase
    var descriptor: Int32
  }

  private func senders(_ socket: Socket, _ file: CaseFile) -> [Sender] {
    Set(file.holders(of: socket.inode).map(\.process)).flatMap { process in
      (file.processes[process]?.threads ?? []).compactMap { thread in
        let awaited = thread.wait.sockets.first { wanted in
          wanted.inode == socket.inode && (wanted.forWriting || thread.wait.kind == .send)
        }
        // A writer that is being served moves between the looks.
        guard let awaited, thread.isSteady != false else { return nil }
        return Sender(socket: socket, thread: thread, descriptor: awaited.descriptor)
      }
    }
  }

  private func finding(_ inode: UInt32, _ senders: [Sender], _ file: CaseFile) -> Finding {
    let receiver = file.table.socket(inode: inode)
    let owner = file.holders(of: inode).first
    let holder = owner.map { ProcessName(process: $0.process, command: $0.command) }
    let place = receiver.map { SocketName($0).text } ?? "a unix socket (inode \(inode))"
    var finding = Finding(
      Self.kind, .warning,
      "\(holder?.text ?? "The receiver") does not read \(place): "
        + "\(Words.count(senders.count, "sender")) \(senders.count == 1 ? "is" : "are") blocked",
      about: receiver.map { .socket(SocketName($0)) } ?? holder.map { .process($0) } ?? .host)
    finding.story = story(senders, owner, place, file)
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
    _ senders: [Sender], _ owner: Owner?, _ place: String, _ file: CaseFile
  ) -> [String] {
    let names = senders.map { sender in
      "\(sender.thread.process.text) in \(sender.thread.wait.call ?? "send")() "
        + "on fd \(sender.descriptor)"
    }
    let holder = owner.map {
      "It is held by \(ProcessName(process: $0.process, command: $0.command).text) as "
        + "fd \($0.descriptor)."
    }
    let activity = ActivityTelling(file).sentence(owner?.process)
    return [
      "The queue of \(place) is full. These wait for room in it: \(Words.list(names)).",
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
          "receiver", String(decoding: owner.command, as: UTF8.self),
          source: "/proc/\(owner.process)/fd/\(owner.descriptor)"
        ).on(receiver).of(process: owner.process, descriptor: owner.descriptor))
    }
    for sender in senders.prefix(8) {
      let process = sender.thread.process.process
      found.append(
        Evidence(
          "unsent bytes of a blocked sender", sender.socket.sendQueue ?? 0, unit: "bytes",
          source: "sock_diag udiag_wqueue; /proc/\(process)/task/\(sender.thread.thread)/syscall"
        ).of(process: process, thread: sender.thread.thread, descriptor: sender.descriptor))
    }
    return found
  }
}
