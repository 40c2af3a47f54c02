import ProcNet

/// Full-size segments do not arrive while small ones do.
struct PathMTU: Rule {
  static let kind = FindingKind(
    id: "path-mtu", rank: .client, severities: [.warning],
    title: "Large segments do not get through",
    means: "Full-size segments are retransmitted without success; smaller ones are acknowledged.",
    condition:
      """
      In both samples a connection has unsent or unacknowledged data; it is at least one segment, \
      and the kernel has retransmitted it three times or more. And either the peer acknowledges \
      segments that were sent later (SACK), or it has sent data but never acknowledged as much as \
      one full-size segment.
      """,
    explanation:
      """
      A link on the path has a smaller MTU, most often a tunnel, and something drops the ICMP \
      messages that should say so to the sender. The handshake, requests and short answers fit; \
      the first long answer does not, and the connection hangs there.
      """,
    remedy: [
      """
      Let ICMP "fragmentation needed" (IPv6: "packet too big") pass every firewall on the path.
      """,
      "Set `net.ipv4.tcp_mtu_probing` to 1, or clamp the MSS on the router of the narrow link.",
    ],
    avoid: ["restart either side: the next long answer is lost the same way."],
    check: ["ss -tnoi 'dport = :PORT'", "tracepath PEER", "ip route get PEER"],
    demo: [])

  /// Time-outs in a row.
  private static let resent: UInt64 = 3

  func findings(in host: HostObservation) -> [Finding] {
    let held = host.persistent {
      $0.inode != 0 && ($0.unacknowledged ?? 0) > 0 && $0.state == .established
    }
    .filter { Self.isTooLarge($0.now, host) }
    return ConnectionGroup.grouped(held, in: host).map { finding($0, host) }
  }

  /// Whether the size of its segments is what stops a connection.
  static func isTooLarge(_ socket: Socket, _ host: HostObservation) -> Bool {
    guard let tcp = host.metrics[socket.inode], let queue = socket.unacknowledged,
      socket.timer?.kind == 1, (tcp[.retransmits] ?? 0) >= resent, let size = tcp[.sndMss],
      UInt64(queue) >= size
    else { return false }
    if (tcp[.sacked] ?? 0) > 0 { return true }
    // Its peer is heard, and not one segment of full size was ever acknowledged.
    return (tcp[.dataSegsIn] ?? 0) > 0 && (tcp[.bytesAcked] ?? size) < size
  }

  private func finding(_ group: ConnectionGroup, _ host: HostObservation) -> Finding {
    let worst = group.sockets.max { ($0.unacknowledged ?? 0) < ($1.unacknowledged ?? 0) }
    let tcp = worst.flatMap { host.metrics[$0.inode] }
    let size = tcp?[.sndMss].map { " of \($0) bytes" } ?? ""
    var finding = Finding(
      Self.kind, .warning,
      """
      Segments\(size) from \(group.name) do not reach \(group.peers), smaller ones do: \
      \(Phrase.count(group.count, "connection")) \(group.count == 1 ? "hangs" : "hang")
      """,
      about: group.subject, confidence: .likely)
    if let worst {
      let times = worst.timer?.retransmits ?? 0
      finding.story = [
        """
        On \(ConnectionDescription(host).text(of: worst, in: group.process)) the kernel has \
        retransmitted a full-size segment \(Phrase.count(times, "time")), and \
        \(Phrase.bytes(worst.unacknowledged ?? 0)) wait in the send buffer. The path carries less than \
        the sender believes.
        """
      ]
      finding.evidence = evidence(worst, group, tcp, host)
    }
    let peer = worst.map { AddressText.string($0.peer.address.unmapped) } ?? ""
    finding.fill(Placeholders(port: worst?.peer.port, process: group.process))
    finding.check = finding.check.map { $0.replacing("PEER", with: peer) }
    return finding
  }

  private func evidence(
    _ socket: Socket, _ group: ConnectionGroup, _ tcp: TCPInfo?, _ host: HostObservation
  ) -> [Evidence] {
    let words = ConnectionDescription(host)
    func fact(_ name: String, _ field: TCPInfoField, _ unit: String) -> Evidence? {
      tcp?[field].map {
        words.evidence(
          name, $0, unit: unit, source: "tcp_info tcpi_\(field.name)", of: socket,
          in: group.process)
      }
    }
    return [
      fact("segment size", .sndMss, "bytes"), fact("path MTU believed", .pmtu, "bytes"),
      fact("time-outs in a row", .backoff, "times"),
      fact("acknowledged out of order", .sacked, "segments"),
      fact("acknowledged so far", .bytesAcked, "bytes"),
    ].compactMap(\.self)
  }
}
