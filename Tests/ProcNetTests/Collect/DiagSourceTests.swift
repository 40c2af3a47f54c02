import Glibc
import TestSupport
import Testing

@testable import ProcNet

@Suite("Sockets from sock_diag") struct DiagSourceTests {
  @Test("tables are asked for in the order of Netid, IPv4 before IPv6, and only those wanted")
  func order() {
    let host = DiagHost { (_, _) throws(KernelError) in [FakeDatagram.done()] }
    let all: [[UInt8]] = [
      [17, 0], [1, 0], [2, 255], [10, 255], [2, 17], [10, 17], [2, 6], [10, 6],
    ]
    for (query, tables) in [
      (SocketQuery(netids: .all), all),
      (SocketQuery(netids: [.udp, .tcp], families: .inet6), [[10, 17], [10, 6]]),
      (SocketQuery(netids: .unixDatagram), [[1, 0]]),
      (SocketQuery(netids: .packet, states: StateSet(.listen)), []),
      (SocketQuery(netids: .all, families: [.unix, .packet]), [[17, 0], [1, 0]]),
      (SocketQuery(netids: .unix, families: .inet), []),
    ] {
      let before = host.requests.count
      _ = DiagListing(host.kernel, query)
      #expect(host.requests.dropFirst(before).map(\.table) == tables)
    }
  }

  @Test("a row repeated is listed once, within a datagram, between them and between tables")
  func repeated() {
    let host = DiagHost(tcp: [
      DiagRow.tcp(1) + DiagRow.tcp(2) + DiagRow.tcp(1), DiagRow.tcp(2) + DiagRow.tcp(3),
      FakeDatagram.done(),
    ])
    #expect(DiagListing(host.kernel).cookies == [1, 2, 3])
  }

  @Test("rows without a cookie cannot be told apart, so all are listed")
  func withoutCookie() {
    let host = DiagHost(tcp: [DiagRow.tcp(0) + DiagRow.tcp(0) + FakeDatagram.done()])
    #expect(DiagListing(host.kernel).sockets.count == 2)
  }

  @Test("a kernel that ignores the states or kinds asked for does not bring other rows in")
  func notAskedFor() {
    let host = DiagHost(tcp: [
      DiagRow.tcp(1, state: .listen) + DiagRow.tcp(2) + DiagRow.tcp(3, state: .timeWait),
      FakeDatagram.done(),
    ])
    let query = SocketQuery(netids: .tcp, families: .inet, states: StateSet(.listen))
    #expect(DiagListing(host.kernel, query).cookies == [1])

    let unix = DiagHost { (_, _) throws(KernelError) in
      [DiagRow.unix(1, type: 1) + DiagRow.unix(2, type: 2), FakeDatagram.done()]
    }
    #expect(DiagListing(unix.kernel, SocketQuery(netids: .unixDatagram)).cookies == [2])
  }

  @Test("a row that cannot be read costs that row")
  func badRow() {
    let short = FakeDatagram.message(type: 20, [2, 1, 0, 0])
    let host = DiagHost(tcp: [DiagRow.tcp(1) + short + DiagRow.tcp(2) + FakeDatagram.done()])
    let listing = DiagListing(host.kernel)
    #expect(listing.cookies == [1, 2])
    #expect(listing.gaps.isEmpty)
  }

  @Test("every socket carries the namespace that it was listed in, and that is where we ask")
  func namespace() {
    let host = DiagHost(tcp: [DiagRow.tcp(1) + FakeDatagram.done()])
    let place = NetworkNamespace(inode: 4711, path: "/proc/7/ns/net", tables: "/proc/7/net")
    let query = SocketQuery(netids: .tcp, families: .inet, namespace: place)
    #expect(DiagListing(host.kernel, query).sockets.map(\.namespace) == [4711])
    #expect(host.requests.map(\.namespacePath) == ["/proc/7/ns/net"])
  }

  @Test("a table that changes while it is read is asked for again, and each socket shown once")
  func interrupted() {
    let host = DiagHost { (_, before) throws(KernelError) in
      let rows = (0...before).flatMap { DiagRow.tcp(UInt32($0 + 1)) }
      return [
        rows, FakeDatagram.message(type: 3, flags: before < 2 ? 0x12 : 2, [0, 0, 0, 0]),
      ]
    }
    let listing = DiagListing(host.kernel)
    #expect(listing.cookies == [1, 2, 3])
    #expect(listing.gaps.isEmpty)
    #expect(host.requests.count == 3)
  }

  @Test("a table that never stays still is a gap after three tries; its rows are shown once")
  func alwaysInterrupted() {
    let host = DiagHost(tcp: [DiagRow.tcp(1) + DiagRow.tcp(2) + FakeDatagram.done()])
    let listing = DiagListing(FaultyKernel(host.kernel, [Fault(.ask, nil, .interruptedDump)]))
    #expect(listing.cookies == [1, 2])
    #expect(
      listing.gaps.map(\.message) == [
        "some tcp sockets not shown: it kept changing while it was read"
      ])
    #expect(host.requests.count == 3)
  }
}

/// Byte code and what a kernel makes of it.
@Suite("Byte code that a kernel refuses") struct DiagSourceProgramTests {
  private static let query = SocketQuery(
    netids: [.tcp, .unix], families: [.inet, .unix], program: [1, 4, 8, 0])

  /// Refuses programs with this number.
  private static func host(_ number: Int32) -> DiagHost {
    DiagHost { (request, _) throws(KernelError) in
      if !request.program.isEmpty { return [FakeDatagram.error(number)] }
      return request.isTCP4
        ? [DiagRow.tcp(1) + FakeDatagram.done()] : [FakeDatagram.done()]
    }
  }

  /// EPERM: a condition on the mark without CAP_NET_ADMIN.
  @Test("the question is asked again without it", arguments: [EINVAL, EPERM])
  func again(number: Int32) {
    let host = Self.host(number)
    let listing = DiagListing(host.kernel, Self.query)
    #expect(listing.cookies == [1])
    #expect(listing.gaps.isEmpty)
    let asked = host.requests.filter(\.isTCP4)
    #expect(asked.map(\.program) == [[8, 0, 1, 0, 1, 4, 8, 0], []])
  }

  @Test("tables that take none are not asked twice because of it")
  func onlyInternet() {
    let host = DiagHost { (request, _) throws(KernelError) in
      [request.isTCP4 ? FakeDatagram.done() : FakeDatagram.error(ENOENT)]
    }
    let listing = DiagListing(host.kernel, Self.query)
    #expect(host.requests.count { $0.table == [1, 0] } == 1)
    #expect(listing.gaps.map(\.missing) == ["unix sockets"])
  }

  @Test("a table that is refused without byte code too is a gap after two questions")
  func refusedAnyway() {
    let host = DiagHost { (_, _) throws(KernelError) in [FakeDatagram.error(EINVAL)] }
    let query = SocketQuery(netids: .tcp, families: .inet, program: [1, 4, 8, 0])
    let listing = DiagListing(host.kernel, query)
    #expect(host.requests.count == 2)
    #expect(
      listing.gaps.map(\.message) == [
        "tcp sockets not shown: invalid argument; --source proc may show them"
      ])
  }
}
