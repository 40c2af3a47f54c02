import ProcNet

/// A UDP socket loses datagrams: its count of drops rises.
struct UDPDrops: Rule {
  static let kind = FindingKind(
    id: "udp-drops", rank: .queueEffect, severities: [.warning],
    title: "A UDP receiver loses datagrams",
    means: "Datagrams arrived while the receive buffer was full, and the kernel dropped them.",
    condition:
      """
      The drops of a UDP socket (d of skmem, last column of `/proc/net/udp`) rose within the \
      interval, or its receive buffer was 90 % full or more in both samples.
      """,
    explanation:
      """
      UDP has no window: what does not fit into the socket's buffer is gone, and the sender does \
      not learn of it. The program reads too slowly, or bursts are larger than the buffer. Recv-Q \
      of a UDP socket counts memory, the kernel's own overhead included, not bytes of data.
      """,
    remedy: [
      """
      See what the receiver does between two reads; read in larger batches (recvmmsg), or with \
      more threads and SO_REUSEPORT.
      """,
      """
      For bursts, give the socket a larger buffer: SO_RCVBUF of the program, up to \
      `net.core.rmem_max`.
      """,
    ],
    avoid: [
      """
      give a larger buffer to a program that is too slow on average: it fills as well, and what \
      the program reads is old.
      """,
      "raise `net.core.rmem_default` for all sockets of the host for the sake of one.",
    ],
    check: [
      "ss -uanm 'sport = :PORT'",
      "sockinspect counters --interval 1 UdpRcvbufErrors UdpInErrors",
    ],
    demo: ["udp-drops"])

  func findings(in host: HostObservation) -> [Finding] {
    let losing = host.listeners.filter {
      $0.socket.netid == .udp && (($0.newDrops ?? 0) > 0 || isStanding($0, host))
    }
    let places = Dictionary(grouping: losing) { socket in
      Place(local: socket.socket.local, namespace: socket.socket.namespace)
    }
    return places.values.sorted { $0[0].socket.local.port < $1[0].socket.local.port }
      .map { finding($0) }
  }

  /// Sockets that share an address lose for one reason.
  private struct Place: Hashable {
    var local: Endpoint
    var namespace: UInt32
  }

  private func finding(_ sockets: [ObservedListener]) -> Finding {
    let worst = sockets.max { ($0.newDrops ?? 0) < ($1.newDrops ?? 0) } ?? sockets[0]
    let new = sockets.reduce(0) { $0 + UInt64($1.newDrops ?? 0) }
    let all = sockets.reduce(0) { $0 + UInt64($1.listener.drops ?? 0) }
    let time = Phrase.duration(worst.span ?? 0)
    let owner = worst.owners.first.map(ProcessName.init)
    var finding = Finding(
      Self.kind, .warning,
      new == 0
        ? "The receive buffer of udp \(worst.name.text) is full"
          + (owner.map { ": \($0.text) does not read it" } ?? "")
        : "\(Phrase.count(new, "datagram")) to udp \(worst.name.text) "
          + "\(new == 1 ? "was" : "were") dropped within \(time)"
          + (owner.map { ": \($0.text) does not keep up" } ?? ""),
      // Checksum errors and filters count as well.
      about: .listener(worst.name), confidence: isFull(worst) ? .certain : .likely)
    finding.story = [
      [
        "\(new) of all \(all) drops of "
          + (sockets.count == 1 ? "this socket" : "these \(sockets.count) sockets")
          + " came within \(time).",
        buffer(worst), QueueDescription(worst).holders,
      ].compactMap { $0 }.joined(separator: " ")
    ]
    finding.evidence = sockets.prefix(4).flatMap(evidence)
    finding.fill(Placeholders(worst.name, process: owner?.process))
    return finding
  }

  /// Its buffer had no room in both samples: what comes now is dropped.
  private func isStanding(_ socket: ObservedListener, _ host: HostObservation) -> Bool {
    let before = host.first.listeners.first { $0.socket.inode == socket.socket.inode }
    return [before?.socket, socket.socket].allSatisfy { row in
      guard let memory = row?.details?.memory, memory.receiveLimit > 0 else { return false }
      return UInt64(memory.receiveAllocated) * 10 >= UInt64(memory.receiveLimit) * 9
    }
  }

  /// A datagram that would not fit finds the buffer more than half full, if it is not a giant.
  private func isFull(_ socket: ObservedListener) -> Bool {
    guard let memory = socket.socket.details?.memory else { return false }
    return UInt64(memory.receiveAllocated) * 2 >= UInt64(memory.receiveLimit)
  }

  private func buffer(_ socket: ObservedListener) -> String? {
    guard let memory = socket.socket.details?.memory else { return nil }
    return """
      Its receive buffer uses \(memory.receiveAllocated) of \(memory.receiveLimit) bytes.
      """
  }

  private func evidence(_ socket: ObservedListener) -> [Evidence] {
    let owner = socket.owners.first
    let memory = socket.socket.details?.memory
    func fact(_ name: String, _ number: UInt32?, _ unit: String, _ source: String) -> Evidence? {
      number.map {
        Evidence(name, $0, unit: unit, source: source).on(socket.socket)
          .of(process: owner?.process, descriptor: owner?.descriptor)
      }
    }
    return [
      fact(
        "drops since the first sample", socket.newDrops, "datagrams",
        QueueDescription.dropsSource),
      fact("drops", socket.listener.drops, "datagrams", QueueDescription.dropsSource),
      fact(
        "receive buffer in use", memory?.receiveAllocated, "bytes",
        "sock_diag SK_MEMINFO_RMEM_ALLOC"),
      fact("receive buffer", memory?.receiveLimit, "bytes", "sock_diag SK_MEMINFO_RCVBUF"),
    ].compactMap { $0 }
  }
}
