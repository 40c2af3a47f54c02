import ProcNet

/// Data stands in send buffers since the peers announce no room for it.
struct PeerNotReadingRule: Rule {
  static let kind = FindingDescription.peerNotReading

  /// Milliseconds after which a peer elsewhere that blocks nobody here is told of: players and
  /// downloads pause for seconds.
  static let longPause: UInt64 = 60_000

  func findings(in file: CaseFile) -> [Finding] {
    guard let span = file.span else { return [] }
    return HeldConnections.grouped(stuck(file), in: file).map { finding($0, span, file) }
  }

  /// The inodes of local readers that it tells of: not reading is told once.
  static func readers(in file: CaseFile) -> Set<UInt32> {
    Set(Self().stuck(file).compactMap { file.table.opposite(of: $0.now)?.inode })
  }

  private func stuck(_ file: CaseFile) -> [(before: Socket, now: Socket)] {
    let stuck = file.persistent { socket in
      socket.inode != 0 && (socket.sendQueue ?? 0) > 0
        && (socket.state == .established || socket.state == .closeWait)
    }.filter { isStuck($0.before, $0.now, file) && matters($0.now, file) }
    let inodes = Set(stuck.map(\.now.inode))
    return stuck.filter { !isEcho($0.now, among: inodes, file) }
  }

  /// Both ends wait for each other to read: the one with less to send is held up by the other.
  private func isEcho(_ socket: Socket, among stuck: Set<UInt32>, _ file: CaseFile) -> Bool {
    guard let other = file.table.opposite(of: socket), stuck.contains(other.inode) else {
      return false
    }
    let (here, there) = (isBlocking(socket, file), isBlocking(other, file))
    if here != there { return there }
    return (socket.sendQueue ?? 0, socket.inode) < (other.sendQueue ?? 0, other.inode)
  }

  /// Nothing was taken meanwhile, and it is the window that keeps the rest here.
  private func isStuck(_ before: Socket, _ now: Socket, _ file: CaseFile) -> Bool {
    guard let old = before.sendQueue, let new = now.sendQueue, new >= old,
      now.timer?.kind != 1, !waitsToBeAccepted(now, file)
    else { return false }
    return now.timer?.kind == 4 || file.metrics[now.inode]?[.sndWnd] == 0
  }

  /// Its other end stands in an accept queue: that is the listener's trouble.
  private func waitsToBeAccepted(_ socket: Socket, _ file: CaseFile) -> Bool {
    file.table.opposite(of: socket)?.inode == 0
  }

  /// A thread here is blocked by it, or the reader is here, or it has been so for long.
  private func matters(_ socket: Socket, _ file: CaseFile) -> Bool {
    if isBlocking(socket, file) || file.table.opposite(of: socket) != nil { return true }
    let idle = file.metrics[socket.inode]?[.lastDataSent] ?? 0
    return idle >= Self.longPause
  }

  private func isBlocking(_ socket: Socket, _ file: CaseFile) -> Bool {
    file.holders(of: socket.inode).contains { owner in
      file.processes[owner.process]?.threads.contains { waits($0, for: socket) } ?? false
    }
  }

  private func waits(_ thread: ThreadCase, for socket: Socket) -> Bool {
    guard let sole = thread.wait.soleSocket, sole.inode == socket.inode else { return false }
    return thread.wait.kind == .send || sole.forWriting
  }

  private func finding(
    _ group: HeldConnections, _ span: UInt64, _ file: CaseFile
  ) -> Finding {
    let bytes = group.sockets.reduce(0) { $0 + UInt64($1.sendQueue ?? 0) }
    let readers = readers(group, file)
    let who = readers.isEmpty ? group.peers : Words.list(readers.map(\.text))
    var finding = Finding(
      Self.kind, isHarmful(group, file) ? .warning : .notice,
      "\(who) \(manyReaders(group, readers) ? "do" : "does") not read: "
        + "\(Words.bytes(bytes)) from \(group.name) "
        + "\(bytes == 1 ? "waits" : "wait") on \(Words.count(group.count, "connection"))",
      about: group.subject)
    finding.story = story(group, span, readers, file)
    finding.evidence = evidence(group, file)
    if let reader = readers.first {
      finding.beginRemedy(with: "See why \(reader.text) does not read.")
    }
    finding.fill(Placeholders(port: worst(group).first?.local.port, process: group.process))
    return finding
  }

  private func manyReaders(_ group: HeldConnections, _ readers: [ProcessName]) -> Bool {
    readers.isEmpty ? Set(group.sockets.map(\.peer.address)).count > 1 : readers.count > 1
  }

  private func isHarmful(_ group: HeldConnections, _ file: CaseFile) -> Bool {
    group.sockets.contains { isBlocking($0, file) || file.table.opposite(of: $0) != nil }
  }

  private func readers(_ group: HeldConnections, _ file: CaseFile) -> [ProcessName] {
    let telling = ConnectionTelling(file)
    let owners = group.sockets.compactMap { telling.peer(of: $0) }
      .map { ProcessName(process: $0.process, command: $0.command) }
    return Set(owners).sorted { $0.process < $1.process }
  }

  private func worst(_ group: HeldConnections) -> [Socket] {
    group.sockets.sorted { ($0.sendQueue ?? 0) > ($1.sendQueue ?? 0) }
  }

  private func story(
    _ group: HeldConnections, _ span: UInt64, _ readers: [ProcessName], _ file: CaseFile
  ) -> [String] {
    let telling = ConnectionTelling(file)
    var text =
      "On \(Words.count(group.count, "connection")) of \(group.name) unsent data stands in the "
      + "send buffer, and nothing of it was taken in \(Words.duration(span)): the peer announces "
      + "a window of 0."
    if let worst = worst(group).first {
      text +=
        """
         \(group.count == 1 ? "It is" : "Most stands at") \
        \(telling.text(of: worst, in: group.process)): 
        """
        + "\(Words.bytes(worst.sendQueue ?? 0))."
    }
    let blocked = group.sockets.count { isBlocking($0, file) }
    if blocked > 0 {
      text +=
        " \(Words.count(blocked, "thread")) \(blocked == 1 ? "is" : "are") blocked in sending."
    }
    let activity = readers.first.flatMap { reader in
      ActivityTelling(file).sentence(reader.process)
        .map { "As for \(reader.text): \($0.prefix(1).lowercased())\($0.dropFirst())" }
    }
    return [text, activity].compactMap { $0 }
  }

  private func evidence(_ group: HeldConnections, _ file: CaseFile) -> [Evidence] {
    let telling = ConnectionTelling(file)
    return worst(group).prefix(4).flatMap { socket in
      [
        telling.evidence(
          "unsent bytes", socket.sendQueue ?? 0, unit: "bytes", source: "sock_diag idiag_wqueue",
          of: socket, in: group.process),
        file.metrics[socket.inode]?[.sndWnd].map {
          telling.evidence(
            "window of the peer", $0, unit: "bytes", source: "tcp_info tcpi_snd_wnd", of: socket,
            in: group.process)
        },
        telling.peerEvidence(of: socket),
      ].compactMap { $0 }
    }
  }
}
