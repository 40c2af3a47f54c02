import Glibc
import TestSupport
import Testing

@testable import ProcNet

@Suite("sock_diag that fails") struct DiagSourceFaultTests {
  private static let done = FakeDatagram.done()
  private static let malformed = [UInt8](repeating: 0, count: 16)

  private static func status(_ number: Int32) -> [UInt8] {
    FakeDatagram.message(type: 3, HexDump.words([UInt32(bitPattern: -number)]))
  }

  @Test(
    "each failure is one gap with its reason, and rows that came before are shown",
    arguments: [
      (
        [FakeDatagram.error(ENOENT)], 0,
        "tcp sockets not shown: no such file or directory; --source proc may show them"
      ),
      (
        [FakeDatagram.error(EPERM)], 0,
        "tcp sockets not shown: operation not permitted; run as root"
      ),
      ([status(ENOMEM)], 0, "tcp sockets not shown: cannot allocate memory"),
      ([DiagRow.tcp(1), status(ENOMEM)], 1, "some tcp sockets not shown: cannot allocate memory"),
      (
        [DiagRow.tcp(1) + malformed, done], 1,
        "some tcp sockets not shown: a message does not fit its datagram"
      ),
      ([DiagRow.tcp(1), [], done], 1, "some tcp sockets not shown: an empty datagram"),
      (
        [DiagRow.tcp(1), DiagRow.tcp(2)], 2,
        "some tcp sockets not shown: resource temporarily unavailable"
      ),
      (
        [DiagRow.tcp(1) + FakeDatagram.message(type: 4, []), done], 1,
        "some tcp sockets not shown: the kernel lost messages"
      ),
    ] as [([[UInt8]], Int, String)])
  func failures(datagrams: [[UInt8]], rows: Int, gap: String) {
    let listing = DiagListing(DiagHost(tcp: datagrams).kernel)
    #expect(listing.error == nil)
    #expect(listing.sockets.count == rows)
    #expect(listing.gaps.map(\.message) == [gap])
  }

  @Test(
    "faults on the way to the kernel are gaps too",
    arguments: [
      (.fails(EMFILE), "tcp sockets not shown: too many open files"),
      (.failsAfter(1, ENOBUFS), "some tcp sockets not shown: no buffer space available"),
      (.truncatedDatagram(50), "tcp sockets not shown: a message does not fit its datagram"),
      (.truncatedDatagram(0), "tcp sockets not shown: an empty datagram"),
      (.wrongLength(0), "tcp sockets not shown: a message does not fit its datagram"),
      (.wrongLength(1 << 20), "tcp sockets not shown: a message does not fit its datagram"),
      (.wrongSequence, "tcp sockets not shown: resource temporarily unavailable"),
    ] as [(Fault.Kind, String)])
  func faults(kind: Fault.Kind, gap: String) {
    let host = DiagHost(tcp: [DiagRow.tcp(1), Self.done])
    let listing = DiagListing(FaultyKernel(host.kernel, [Fault(.ask, nil, kind)]))
    #expect(listing.error == nil)
    #expect(listing.gaps.map(\.message) == [gap])
  }

  @Test("one table that fails leaves the others alone")
  func onlyOne() {
    let host = DiagHost { (request, _) throws(KernelError) in
      request.isTCP4
        ? [FakeDatagram.error(EPERM)]
        : [DiagRow.tcp(UInt32(request.table[0]), family: .inet6) + Self.done]
    }
    let listing = DiagListing(host.kernel, SocketQuery(netids: .tcp))
    #expect(listing.cookies == [10])
    #expect(listing.gaps.map(\.missing) == ["tcp sockets"])
  }

  @Test(
    "what a sink throws ends the listing at once, with that very error",
    arguments: [
      KernelError.enough, KernelError("write to", "standard output", .system(EPIPE)),
      // Errors that would be a reason to fall back or to ask again if the kernel gave them.
      KernelError("write to", "standard output", .system(EINVAL)),
      KernelError("write to", "standard output", .system(EPERM)),
      KernelError("write to", "standard output", .interrupted),
    ])
  func sinkThrows(error: KernelError) {
    let host = DiagHost(tcp: [DiagRow.tcp(1) + DiagRow.tcp(2), DiagRow.tcp(3), Self.done])
    let query = SocketQuery(netids: .tcp, program: [1, 4, 8, 0])
    var rows = 0
    var gaps: [Gap] = []
    let source = DiagSource(fallback: ProcSource())
    #expect(throws: error) {
      try source.list(query, through: host.kernel, gaps: &gaps) { (_) throws(KernelError) in
        rows += 1
        if rows == 2 { throw error }
      }
    }
    #expect(rows == 2)
    #expect(gaps.isEmpty)
    #expect(host.requests.count == 1)
  }
}

@Suite("Falling back from sock_diag to /proc") struct DiagSourceFallbackTests {
  private static let header =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
  private static let line =
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 77 1\n"
  private static let source = DiagSource(fallback: ProcSource())

  private func listing(
    _ answer: [[UInt8]], _ query: SocketQuery = SocketQuery(netids: .tcp)
  ) -> DiagListing {
    let kernel = DiagHost { (request, _) throws(KernelError) in
      request.isTCP4 ? answer : [DiagRow.tcp(9, family: .inet6) + FakeDatagram.done()]
    }.kernel.file("/proc/net/tcp", Self.header + Self.line)
      .file("/proc/net/tcp6", Self.header + Self.line)
    return DiagListing(kernel, query, from: Self.source)
  }

  @Test(
    "only the missing table is read from /proc",
    arguments: [
      ENOENT, EPROTONOSUPPORT, EINVAL, EPERM, EACCES, EOPNOTSUPP, ECONNREFUSED, ENOSYS, ENOBUFS,
      ENOMEM, EPROTO,
    ])
  func onlyTheMissing(number: Int32) {
    let listing = listing([FakeDatagram.error(number)])
    #expect(listing.sockets.map(\.inode) == [77, 0])
    #expect(listing.sockets.map(\.cookie) == [nil, 9])
    #expect(listing.gaps.map(\.missing) == ["accept queue limits"])
  }

  @Test("what /proc lacks is told with sock_diag's reason, and root is not told to become root")
  func reason() {
    let gap = listing([FakeDatagram.error(ENOBUFS)]).gaps.first
    #expect(
      gap?.reason
        == "/proc/net does not have them, and sock_diag says: no buffer space available")
    #expect(gap?.remedy == nil)
    for isRoot in [true, false] {
      var kernel = FakeKernel().file("/proc/net/tcp", Self.header + Self.line)
      kernel.isRoot = isRoot
      let denied = FaultyKernel(kernel, [Fault(.ask, "", .fails(EPERM))])
      let query = SocketQuery(netids: .tcp, families: .inet)
      let gap = DiagListing(denied, query, from: Self.source).gaps.first
      #expect(gap?.remedy == (isRoot ? nil : "run as root"))
    }
  }

  @Test("a table that neither has is a whole one; one of a namespace that has ended is not")
  func wholeTable() {
    let kernel = FaultyKernel(FakeKernel(), [Fault(.read, "/proc/net/tcp", .fails(EIO))])
    let query = SocketQuery(netids: .tcp, families: .inet)
    let gaps = DiagListing(kernel, query, from: Self.source).gaps
    #expect(gaps.map(\.missing) == ["/proc/net/tcp"])
    #expect(gaps.map(\.isWholeTable) == [true])
    #expect(DiagListing(FakeKernel(), query).gaps.map(\.isWholeTable) == [true])
    var ended = query
    ended.namespace = NetworkNamespace(inode: 7, path: "/proc/7/ns/net", tables: "/proc/7/net")
    let gone = FaultyKernel(FakeKernel(), [Fault(.ask, "/proc/7/ns/net", .fails(ENOENT))])
    #expect(DiagListing(gone, ended, from: Self.source).gaps.map(\.isWholeTable) == [false])
  }

  @Test("a /proc/net without TCP's table is told, one without the others is a small kernel")
  func withoutTCP() {
    var kernel = FakeKernel().file("/proc/net/udp", Self.header)
    kernel.identities["/proc/net/dev"] = FileIdentity(device: 1, inode: 1, size: 0)
    let query = SocketQuery(netids: .internet, families: .inet)
    let gaps = DiagListing(kernel, query, from: ProcSource()).gaps
    #expect(gaps.map(\.missing) == ["/proc/net/tcp"])
    #expect(gaps.map(\.isWholeTable) == [true])
    kernel.files["/proc/net/tcp"] = Array(Self.header.utf8)
    #expect(DiagListing(kernel, query, from: ProcSource()).gaps.isEmpty)
  }

  @Test("once rows came from sock_diag, /proc is not read: it would show them again")
  func notAfterRows() {
    let listing = listing([DiagRow.tcp(1), FakeDatagram.error(EINVAL)])
    #expect(listing.cookies == [1, 9])
    #expect(listing.gaps.map(\.missing) == ["some tcp sockets"])
  }

  @Test("states and kinds stay as asked for")
  func narrowed() {
    let query = SocketQuery(netids: .all, families: .inet, states: StateSet(.established))
    var kernel = FakeKernel().file("/proc/net/tcp", Self.header + Self.line)
    kernel.identities["/proc/net/dev"] = FileIdentity(device: 1, inode: 1, size: 0)
    let listing = DiagListing(kernel, query, from: Self.source)
    #expect(listing.sockets.isEmpty)
    #expect(listing.gaps.isEmpty)
  }

  @Test("a namespace that we may not enter is read from its process's tables")
  func deniedNamespace() {
    let place = NetworkNamespace(inode: 4711, path: "/proc/7/ns/net", tables: "/proc/7/net")
    let query = SocketQuery(netids: .tcp, families: .inet, namespace: place)
    let files = FakeKernel().file("/proc/7/net/tcp", Self.header + Self.line)
    let kernel = FaultyKernel(files, [Fault(.ask, "/proc/7/ns/net", .fails(EPERM))])
    let listing = DiagListing(kernel, query, from: Self.source)
    #expect(listing.sockets.map(\.inode) == [77])
    #expect(listing.sockets.map(\.namespace) == [4711])
    // Without a fallback, and where no process lives in it, the gap says so.
    #expect(
      DiagListing(kernel, query).gaps.map(\.message) == [
        "tcp sockets not shown: operation not permitted; run as root"
      ])
    var empty = query
    empty.namespace.tables = nil
    #expect(
      DiagListing(kernel, empty, from: Self.source).gaps.map(\.missing) == [
        "tcp sockets of network namespace 4711"
      ])
  }

  @Test("what the sink throws while /proc is read ends the listing as well")
  func sinkThrows() {
    let kernel = FakeKernel().file("/proc/net/tcp", Self.header + Self.line)
    var gaps: [Gap] = []
    let query = SocketQuery(netids: .tcp)
    #expect(throws: KernelError.enough) {
      try Self.source.list(query, through: kernel, gaps: &gaps) { (_) throws(KernelError) in
        throw .enough
      }
    }
    #expect(gaps.isEmpty)
  }
}
