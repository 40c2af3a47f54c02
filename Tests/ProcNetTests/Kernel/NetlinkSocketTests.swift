import Glibc
import TestSupport
import Testing

@testable import ProcNet

@Suite("Asking this host's kernel over netlink") struct NetlinkSocketTests {
  private func ask(
    _ message: [UInt8], namespace: String? = nil,
    _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress = { (_) throws(KernelError) in
      .more
    }
  ) -> KernelError? {
    let request = NetlinkRequest(
      subsystem: .socketDiagnosis, namespacePath: namespace, message: message)
    do throws(KernelError) {
      try LiveKernel().ask(request, datagram)
      return nil
    } catch {
      return error
    }
  }

  @Test("a question that the kernel does not answer fails, and keeps nobody waiting for good")
  func noAnswer() {
    // NLMSG_NOOP, and no acknowledgement asked for.
    let nothing: [UInt8] = [16, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    let clock = ContinuousClock()
    let start = clock.now
    let error = ask(nothing)
    #expect(error?.message == "cannot receive the kernel's netlink answer: it does not end")
    #expect(clock.now - start < .seconds(30))
  }

  @Test("a reader that misses the end is not kept waiting either")
  func missedEnd() {
    let error = ask(DiagRequest.unix(states: .all, details: []))
    #expect(error?.cause == .malformed("it does not end"))
  }

  @Test("a request that is no request is refused with its number")
  func refused() {
    // SOCK_DIAG_BY_FAMILY without a body.
    let short: [UInt8] = [16, 0, 0, 0, 20, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0]
    var number: Int32 = 0
    let error = ask(short) { (datagram) throws(KernelError) in
      let payload = datagram.extracting(16..<datagram.count)
      number = NetlinkMessage.errorNumber(in: payload)
      return .complete
    }
    #expect(error == nil)
    #expect(number == EINVAL)
  }

  @Test("what a reader throws ends the reading, with that very error")
  func readerThrows() {
    let error = ask(DiagRequest.unix(states: .all, details: [])) { (_) throws(KernelError) in
      throw .enough
    }
    #expect(error == .enough)
  }

  @Test("only what port 0 sent is the kernel's")
  func sender() {
    let kernel = HexDump(
      """
      10 00       ; family: AF_NETLINK
      00 00       ; padding
      00 00 00 00 ; port
      00 00 00 00 ; groups
      """
    ).bytes
    #expect(kernel.withUnsafeBytes { NetlinkSocket.isKernel(sender: $0) })
    for place in 4..<8 {
      var other = kernel
      other[place] = 1
      #expect(!other.withUnsafeBytes { NetlinkSocket.isKernel(sender: $0) })
    }
  }

  @Test(
    "what another process sends to our socket is passed over",
    .enabled(if: geteuid() == 0, "only root may send to another socket"))
  func foreignSender() throws {
    let socket = try NetlinkSocket(.socketDiagnosis)
    let other = try NetlinkSocket(.socketDiagnosis)
    var address = sockaddr()
    var length = socklen_t(MemoryLayout<sockaddr>.size)
    try #require(getsockname(socket.descriptor.number, &address, &length) == 0)
    let lie = FakeDatagram.done(sequence: 77)
    let sent = lie.withUnsafeBytes {
      sendto(other.descriptor.number, $0.baseAddress, $0.count, 0, &address, length)
    }
    try #require(sent == lie.count)
    try socket.send(DiagRequest.packet())
    var sequences: Set<UInt32> = []
    try socket.receive { (datagram) throws(KernelError) in
      guard let header = NetlinkMessage.header(in: datagram, at: 0) else { return .complete }
      sequences.insert(header.sequence)
      return DumpStatus(datagram: datagram).isOver ? .complete : .more
    }
    #expect(sequences == [NetlinkMessage.sequence])
  }

  @Test("a namespace that is not there cannot be asked in")
  func noNamespace() {
    let error = ask(DiagRequest.packet(), namespace: "/no/such/namespace")
    #expect(error == KernelError("open", "/no/such/namespace", .system(ENOENT)))
  }

  @Test(
    "a file that is no namespace cannot be entered, and we stay where we are",
    .enabled(if: geteuid() == 0, "only root may try"))
  func noNamespaceFile() throws {
    let home = try LiveKernel().link(at: "/proc/thread-self/ns/net")
    let error = ask(DiagRequest.packet(), namespace: "/proc/self/status")
    #expect(error == KernelError("enter network namespace", "/proc/self/status", .system(EINVAL)))
    #expect(try LiveKernel().link(at: "/proc/thread-self/ns/net") == home)
  }

  @Test(
    "another namespace answers with its own sockets, and we come back",
    .enabled(if: geteuid() == 0, "making a network namespace takes root"))
  func otherNamespace() throws {
    let child = try #require(OwnersProcess(["unshare", "-n", "sleep", "60"]))
    defer { withExtendedLifetime(child) {} }
    let home = try LiveKernel().link(at: "/proc/thread-self/ns/net")
    let path = "/proc/\(child.process)/ns/net"
    let isApart = OwnersProcess.eventually {
      let theirs = try? LiveKernel().link(at: path)
      return theirs != nil && theirs != home
    }
    try #require(isApart)
    let listener = try RealSocket.bound(AF_INET, SOCK_STREAM)
    #expect(listen(listener.number, 1) == 0)
    let here = SocketQuery(netids: .tcp, states: StateSet(.listen))
    var there = here
    there.namespace = NetworkNamespace(inode: 1, path: path, tables: nil)
    #expect(DiagListing(LiveKernel(), there).sockets.isEmpty)
    #expect(DiagListing(LiveKernel(), there).gaps.isEmpty)
    #expect(try LiveKernel().link(at: "/proc/thread-self/ns/net") == home)
    let inode = listener.inode
    #expect(DiagListing(LiveKernel(), here).sockets.contains { $0.inode == inode })
  }

  @Test(
    "who may not enter a namespace is denied, unless it is our own",
    .enabled(if: geteuid() == 0, "only root can give up rights"))
  func denied() throws {
    let child = try #require(OwnersProcess(["unshare", "-n", "sleep", "60"]))
    defer { withExtendedLifetime(child) {} }
    let home = try LiveKernel().link(at: "/proc/thread-self/ns/net")
    let path = "/proc/\(child.process)/ns/net"
    try #require(
      OwnersProcess.eventually { (try? LiveKernel().link(at: path)).map { $0 != home } ?? false })
    let error = ThreadRights.withoutAdministration {
      ask(DiagRequest.packet(), namespace: path)
    }
    #expect(error?.isDenied == true)
    let own = ThreadRights.withoutAdministration {
      ask(DiagRequest.packet(), namespace: "/proc/self/ns/net")
    }
    #expect(own?.isDenied != true)
  }
}
