import Testing

@testable import ProcNet

/// Kernels that were booted, against what a server in there knew of its sockets.
@Suite("What real kernels answered") struct RecordedAnswerTests {
  /// Linux 5.10, 6.1, 6.12 and a newer one.
  @Test("there are four kernels, each with the modules of sock_diag and without")
  func kernels() {
    let versions = BootedKernel.withModules.map { $0.name.prefix { $0 != "-" } }
    #expect(versions.count >= 4)
    #expect(versions == BootedKernel.withoutModules.map { $0.name.prefix { $0 != "-" } })
  }

  /// Each socket that the server knew, as sock_diag tells it.
  private func told(
    _ kernel: BootedKernel, _ details: SocketQuery.Details = .all, _ kinds: Set<String> = []
  ) throws -> [(Socket, TrueSocket, TrueSocket)] {
    let sockets = try kernel.sockets(DiagSource(), details)
    return try kernel.truth.filter { kinds.isEmpty || kinds.contains($0.before.kind) }.map {
      let (before, after) = $0
      let found = sockets.filter(before.isSame)
      try #require(found.count == 1, "\(kernel): \(found.count) rows of \(before)")
      return (found[0], before, after)
    }
  }

  private func one(_ kernel: BootedKernel, _ kind: String) throws -> (Socket, TrueSocket) {
    let found = try told(kernel, .all, [kind])
    try #require(found.count == 1, "\(kernel): \(found.count) of \(kind)")
    return (found[0].0, found[0].1)
  }

  @Test("every message of every table is a socket, whatever details are asked for")
  func all() throws {
    for answer in RecordedAnswer.all {
      let count = try answer.payloads.count
      #expect(try answer.sockets().count == count, "\(answer)")
      #expect(try answer.sockets(details: []).count == count, "\(answer)")
    }
  }

  @Test(
    "every socket is there, in its state, of its kind, also without details",
    arguments: BootedKernel.withModules)
  func states(kernel: BootedKernel) throws {
    #expect(kernel.truth.count > 25)
    for details in [SocketQuery.Details.all, []] {
      for (socket, before, _) in try told(kernel, details) {
        #expect(socket.state.name == before.state, "\(kernel) \(before)")
        #expect(socket.netid.name == before.netid, "\(kernel) \(before)")
        #expect(before.inode.map { $0 == socket.inode } ?? true)
        #expect(before.hasEnds(of: socket), "\(kernel) \(before) \(socket.local) \(socket.peer)")
        #expect(socket.cookie != 0)
        if let only = before.v6only { #expect(socket.isV6Only == (only == 1), "\(before)") }
      }
    }
  }

  @Test("queues, limits and drops are what the server knew", arguments: BootedKernel.withModules)
  func queues(kernel: BootedKernel) throws {
    for (socket, before, after) in try told(kernel) {
      if let unread = before.recvQ, unread == after.recvQ {
        #expect(socket.queues.recvQ == unread, "\(kernel) \(before)")
      }
      if let unsent = before.sendQ, unsent == after.sendQ {
        #expect(socket.queues.sendQ == unsent, "\(kernel) \(before)")
      }
      if let waiting = before.waiting { #expect(socket.queues.recvQ == waiting, "\(before)") }
      if let limit = before.limit { #expect(socket.queues.sendQ == limit, "\(kernel) \(before)") }
      if let least = before.drops, let most = after.drops {
        let drops = try #require(socket.details?.memory?.drops)
        #expect((least...most).contains(drops), "\(kernel) \(before)")
      }
      if let count = before.datagrams {
        #expect(socket.queues.recvQ == socket.details?.memory?.receiveAllocated)
        #expect((socket.queues.recvQ ?? 0 > 0) == (count > 0))
      }
    }
  }

  @Test("attributes are what the server has set", arguments: BootedKernel.withModules)
  func attributes(kernel: BootedKernel) throws {
    for (socket, before, _) in try told(kernel) {
      let details = try #require(socket.details)
      if let mark = before.mark { #expect(details.mark == mark) }
      if let tos = before.tos { #expect(details.typeOfService.map(UInt32.init) == tos) }
      if let shutdown = before.shutdown { #expect(details.shutdown.map(UInt32.init) == shutdown) }
      if let number = before.class { #expect(details.classID == number) }
      if let cgroup = before.cgroup { #expect(details.cgroupID == cgroup) }
      if let name = before.congestion { #expect(details.congestion == Array(name.utf8)) }
      if let name = before.upperLayer { #expect(details.upperLayerName == Array(name.utf8)) }
      if before.kind != "client" { #expect(before.netid != "tcp" || details.mark ?? 0 == 0) }
    }
  }

  @Test(
    "tcp_info is what getsockopt says, of that kernel's size", arguments: BootedKernel.withModules)
  func tcpInfo(kernel: BootedKernel) throws {
    var compared = 0
    for (socket, before, after) in try told(kernel) {
      guard let text = before.tcpInfo, let later = after.tcpInfo else { continue }
      let info = try #require(socket.details?.tcp)
      let first = TCPInfo(bytes: TrueSocket.bytes(text))
      let last = TCPInfo(bytes: TrueSocket.bytes(later))
      #expect(info.bytes.count == first.bytes.count, "\(kernel)")
      // What did not change from before to after has to be told.
      for field in TCPInfoField.all where first[field] == last[field] {
        #expect(info[field] == first[field], "\(kernel) \(before.kind) \(field.name)")
        compared += 1
      }
    }
    #expect(compared > 150)
  }

  @Test("a congestion control tells what it measured", arguments: BootedKernel.withModules)
  func congestionInfo(kernel: BootedKernel) throws {
    let (socket, before) = try one(kernel, "server")
    let bytes = TrueSocket.bytes(try #require(before.congestionInfo))
    let words = stride(from: 0, to: bytes.count, by: 4).map { bytes.span.number32(at: $0) }
    try #require(before.congestion == "bbr" && words.count == 5)
    guard
      case .bbr(let bandwidth, let minRTT, let pacing, let window) = socket.details?.congestionInfo
    else {
      Issue.record("\(kernel): \(String(describing: socket.details?.congestionInfo))")
      return
    }
    #expect(bandwidth == UInt64(words[1]) << 32 | UInt64(words[0]))
    #expect([minRTT, pacing, window] == Array(words[2...]))
  }

  @Test(
    "what is left of a connection has a timer, no owner, and nothing else",
    arguments: BootedKernel.withModules)
  func remnants(kernel: BootedKernel) throws {
    for (socket, _, _) in try told(kernel, .all, ["time-wait", "hung-up"]) {
      #expect(socket.timer?.name.description == "timewait")
      #expect(socket.timer?.expires != 0)
      #expect(socket.inode == 0)
      #expect(socket.uid == nil)
      #expect(socket.details?.tcp == nil)
    }
  }

  @Test(
    "a connection over an IPv6 listener is a mapped address", arguments: BootedKernel.withModules)
  func mapped(kernel: BootedKernel) throws {
    let address = try one(kernel, "mapped").0.local.address
    #expect(address == IPAddress(v6High: 0, low: 0xFFFF_7F00_0001))
    #expect(address.unmapped == IPAddress(v4: 0x7F00_0001))
  }

  @Test(
    "a unix listener: its path, its file and who waits; an abstract name; a pair",
    arguments: BootedKernel.withModules)
  func unix(kernel: BootedKernel) throws {
    let (listener, truth) = try one(kernel, "streams")
    #expect(listener.path == truth.path.map { Array($0.utf8) })
    #expect(listener.details?.file != nil)
    let stranger = try one(kernel, "stranger").0
    #expect(listener.details?.waiting?.count == truth.waiting.map(Int.init))
    #expect(listener.details?.waiting?.contains(stranger.inode) == true)
    #expect(stranger.path == nil)
    // The other end is there, but no program has a file of it yet.
    #expect(stranger.peerInode == 0)
    let (abstract, itsTruth) = try one(kernel, "abstract")
    #expect(abstract.path == itsTruth.name.map(TrueSocket.bytes))
    let pair = try told(kernel, .all, ["pair"]).map(\.0)
    try #require(pair.count == 2)
    #expect(pair[0].peerInode == pair[1].inode && pair[1].peerInode == pair[0].inode)
  }

  @Test(
    "packet sockets: protocol, interface, ring, fanout group",
    arguments: BootedKernel.withModules)
  func packet(kernel: BootedKernel) throws {
    let (raw, truth) = try one(kernel, "ring")
    #expect(raw.packetProtocol.map(UInt32.init) == truth.protocol)
    #expect(raw.interface == truth.interface)
    #expect(raw.uid == 0)
    let ring = try #require(raw.details?.packet?.receiveRing)
    #expect(
      [ring.blockSize, ring.blockCount, ring.frameSize, ring.frameCount]
        == [truth.blockSize, truth.blockCount, truth.frameSize, truth.frameCount])
    #expect(ring.retireTimeout == 60)
    #expect(ring.features == 1)
    #expect(raw.details?.packet?.fanout == truth.fanout)
    #expect(raw.details?.packet?.version == 2)
    let (plain, itsTruth) = try one(kernel, "plain")
    #expect(plain.packetProtocol.map(UInt32.init) == itsTruth.protocol)
    #expect(plain.details?.packet?.receiveRing == nil)
    #expect(plain.details?.packet?.fanout == nil)
  }

  @Test(
    "without the modules /proc has the same sockets, and what it tells is true",
    arguments: BootedKernel.withoutModules)
  func proc(kernel: BootedKernel) throws {
    let sockets = try kernel.sockets(DiagSource(fallback: ProcSource()))
    #expect(kernel.truth.count > 25)
    for (before, after) in kernel.truth {
      let found = sockets.filter(before.isSame)
      try #require(found.count == 1, "\(kernel): \(found.count) rows of \(before)")
      #expect(found[0].state.name == before.state, "\(kernel) \(before)")
      #expect(found[0].netid.name == before.netid, "\(kernel) \(before)")
      #expect(before.hasEnds(of: found[0]), "\(kernel) \(before)")
      if before.netid == "tcp" {
        if let waiting = before.waiting { #expect(found[0].queues.recvQ == waiting) }
        if before.limit != nil { #expect(found[0].queues.sendQ == nil) }
        if let unread = before.recvQ, unread == after.recvQ {
          #expect(found[0].queues.recvQ == unread)
        }
      }
      if before.netid == "udp", let drops = before.drops {
        #expect(found[0].details?.drops == drops, "\(kernel) \(before)")
      }
    }
  }

  @Test("a kernel without inet_diag says so", arguments: BootedKernel.withoutModules)
  func refused(kernel: BootedKernel) throws {
    for answer in RecordedAnswer.tables(kernel) {
      let failure = #expect(throws: KernelError.self, "\(answer)") {
        try NetlinkDump.run(
          NetlinkRequest(
            subsystem: .socketDiagnosis, message: answer.table.request(SocketQuery(netids: .all))),
          about: answer.table.name, through: kernel.recording
        ) { (_) throws(KernelError) in }
      }
      #expect(failure?.isUnsupported == true, "\(answer): \(String(describing: failure))")
    }
  }
}
