import Testing

@testable import ProcNet

/// Sockets of `Tests/Fixtures`, of which its README says what they were.
@Suite("What a real kernel answered") struct RecordedAnswerTests {
  private static let loopback = IPAddress(v4: 0x7F00_0001)

  /// The only TCP socket with this own port and, unless it listens, this other port.
  private func socket(
    _ answer: RecordedAnswer, _ local: UInt16, _ peer: UInt16 = 0
  ) throws -> Socket {
    let found = try answer.sockets().filter { $0.local.port == local && $0.peer.port == peer }
    try #require(found.count == 1, "\(found.count) rows of \(local) → \(peer)")
    return found[0]
  }

  @Test("every message of every file is a socket, whatever details are asked for")
  func all() throws {
    let expected: [RecordedAnswer: Int] = [
      .tcp: 9, .tcp6: 3, .udp: 2, .unix: 5, .packet: 2, .mptcp: 3, .refused: 0,
    ]
    for answer in RecordedAnswer.allCases {
      #expect(try answer.sockets().count == expected[answer], "\(answer)")
      #expect(try answer.sockets(details: []).count == expected[answer], "\(answer)")
    }
  }

  @Test("a listener: two in its queue, room for five, nothing dropped")
  func listener() throws {
    let socket = try socket(.tcp, 9001)
    #expect(socket.state == .listen)
    #expect(socket.local == Endpoint(address: Self.loopback, port: 9001))
    #expect(socket.peer == .anyV4)
    #expect(socket.receiveQueue == 2)
    #expect(socket.sendQueue == 5)
    #expect(socket.inode != 0)
    #expect(socket.uid == 0)
    #expect(socket.details?.memory?.drops == 0)
    #expect(socket.details?.tcp?.bytes.count == 280)
    #expect(socket.details?.congestion == Array("bbr".utf8))
  }

  @Test("a queued connection has bytes to read and no inode; one that was given up, a FIN")
  func queued() throws {
    let queued = try socket(.tcp, 9001, 41002)
    #expect(queued.state == .established)
    #expect(queued.inode == 0)
    #expect(queued.receiveQueue == 2)
    let ghost = try socket(.tcp, 9001, 41003)
    #expect(ghost.state == .closeWait)
    #expect(ghost.inode == 0)
    #expect(ghost.receiveQueue == 1)
  }

  @Test("an accepted connection has an inode, and says which way it is shut down")
  func accepted() throws {
    let socket = try socket(.tcp, 9001, 41001)
    #expect(socket.inode != 0)
    #expect(socket.details?.shutdown == 1)
    let info = try #require(socket.details?.tcp)
    #expect(info[.state] == 1)
    #expect(info[.sndMss].map { $0 > 0 } == true)
  }

  @Test("a congestion control that has sent something tells what it measured")
  func congestionInfo() throws {
    let info = try socket(.tcp, 41002, 9001).details?.congestionInfo
    guard case .bbr(_, let minRTT, let pacingGain, _) = info else {
      Issue.record("\(String(describing: info)) is no tcp_bbr_info")
      return
    }
    #expect((1...1000).contains(minRTT))
    #expect(pacingGain == 739, "2.89 times 256: it is still starting")
  }

  @Test("mark, type of service, class and control group are a client's own")
  func attributes() throws {
    let details = try #require(try socket(.tcp, 41001, 9001).details)
    #expect(details.mark == 0x2A)
    #expect(details.typeOfService == 0x10)
    #expect(details.classID == 6)
    #expect(details.cgroupID == 1)
    #expect(details.trafficClass == nil)
  }

  @Test("what is left of a connection has a timer, no owner, and nothing else")
  func remnants() throws {
    for (local, peer, state) in [
      (41004, 9002, SocketState.timeWait), (41003, 9001, .finWait2),
    ] as [(UInt16, UInt16, SocketState)] {
      let socket = try socket(.tcp, local, peer)
      #expect(socket.state == state)
      #expect(socket.timer?.name.description == "timewait")
      #expect(socket.timer?.expires != 0)
      #expect(socket.inode == 0)
      #expect(socket.uid == nil)
      #expect(socket.cookie != 0)
      #expect(socket.details?.tcp == nil)
    }
  }

  @Test("an IPv6 listener says whether it takes IPv4; a connection over it is a mapped address")
  func dualStack() throws {
    for details in [SocketQuery.Details.all, []] {
      let sockets = try RecordedAnswer.tcp6.sockets(details: details)
      #expect(sockets.first { $0.local.port == 9003 && $0.state == .listen }?.isV6Only == false)
      #expect(sockets.first { $0.local.port == 9004 }?.isV6Only == true)
      let connection = try #require(sockets.first { $0.peer.port == 41005 })
      #expect(connection.local.address == IPAddress(v6High: 0, low: 0xFFFF_7F00_0001))
      #expect(connection.local.address.unmapped == Self.loopback)
    }
  }

  @Test("UDP: unread datagrams count as memory; only the connected one has another end")
  func udp() throws {
    let sockets = try RecordedAnswer.udp.sockets()
    let receiver = try #require(sockets.first { $0.local.port == 9005 })
    #expect(receiver.state == .close)
    #expect(receiver.receiveQueue == receiver.details?.memory?.receiveAllocated)
    #expect((receiver.receiveQueue ?? 0) > 6)
    #expect(receiver.details?.tcp == nil)
    #expect(sockets.first { $0.local.port == 41006 }?.peer == receiver.local)
  }

  @Test("the upper layer of an MPTCP subflow")
  func upperLayer() throws {
    #expect(try socket(.mptcp, 41007, 9006).details?.upperLayerName == Array("mptcp".utf8))
  }

  @Test("a unix listener: its path, its file, its limit and who waits")
  func unixListener() throws {
    let sockets = try RecordedAnswer.unix.sockets()
    let listener = try #require(sockets.first { $0.state == .listen })
    #expect(listener.netid == .unixStream)
    #expect(listener.path == Array("/tmp/a b.sock".utf8))
    #expect(listener.receiveQueue == 1)
    #expect(listener.sendQueue == 3)
    #expect(listener.details?.file != nil)
    let client = try #require(sockets.first { listener.details?.waiting == [$0.inode] })
    #expect(client.path == nil)
    // The other end is there, but nobody has a file of it yet.
    #expect(client.peerInode == 0)
  }

  @Test("an abstract name keeps its zero bytes")
  func unixAbstract() throws {
    let sockets = try RecordedAnswer.unix.sockets()
    #expect(sockets.first { $0.netid == .unixDatagram }?.path == [0, 0x78, 0, 0x79])
  }

  @Test("the ends of a pair name each other; what one shut down for sending the other cannot read")
  func unixPair() throws {
    let pair = try RecordedAnswer.unix.sockets().filter { $0.netid == .unixSeqpacket }
    try #require(pair.count == 2)
    #expect(pair[0].peerInode == pair[1].inode)
    #expect(pair[1].peerInode == pair[0].inode)
    #expect(pair.map { $0.details?.shutdown }.sorted { ($0 ?? 0) < ($1 ?? 0) } == [1, 2])
  }

  @Test("packet sockets: protocol, interface, ring, fanout group")
  func packet() throws {
    let sockets = try RecordedAnswer.packet.sockets()
    let raw = try #require(sockets.first { $0.netid == .packetRaw })
    #expect(raw.packetProtocol == 3)
    #expect(raw.interface == 1)
    #expect(raw.uid == 0)
    let ring = try #require(raw.details?.packet?.receiveRing)
    #expect(
      [ring.blockSize, ring.blockCount, ring.frameSize, ring.frameCount] == [65536, 2, 2048, 64])
    #expect(ring.retireTimeout == 60)
    #expect(ring.features == 1)
    #expect(raw.details?.packet?.fanout == 0x10007)
    #expect(raw.details?.packet?.version == 2)
    let plain = try #require(sockets.first { $0.netid == .packetDatagram })
    #expect(plain.packetProtocol == 0x0800)
    #expect(plain.details?.packet?.receiveRing == nil)
    #expect(plain.details?.packet?.fanout == nil)
  }
}
