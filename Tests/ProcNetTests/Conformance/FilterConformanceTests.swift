import Glibc
import ProcNet
import TestSupport
import Testing

/// What is asked for is what comes: a question for some sockets gives the rows that a question for
/// all would have had of them.
@Suite("Every way of listing leaves out what was not asked for", .serialized)
struct FilterConformanceTests {
  private let open = OpenSockets()

  /// A socket of every kind that this host and this user can have.
  private func openAll() throws {
    for internet in InternetFamily.spoken {
      let listener = try open.listener(internet.number, limit: 3)
      _ = try open.client(internet.number, SOCK_STREAM, to: listener)
      _ = try open.accepted(from: listener)
      let receiver = try open.bound(internet.number, SOCK_DGRAM)
      _ = try open.client(internet.number, SOCK_DGRAM, to: receiver)
      _ = try? open.open(internet.number, SOCK_RAW, 1)
    }
    let name = [0] + Array("sockinspect filter \(UInt64.random(in: 0 ... .max))".utf8)
    _ = try open.unixListener(SOCK_STREAM, name, limit: 3)
    _ = try open.pair(SOCK_DGRAM)
    _ = try open.pair(SOCK_SEQPACKET)
    for type in [SOCK_RAW, SOCK_DGRAM] { _ = try? open.open(AF_PACKET, type, 0) }
  }

  private static let states: [StateSet] = [
    .all, .listening, .connected, .usual, StateSet(.listen), StateSet(.close),
    StateSet(.established), StateSet(.timeWait), [],
  ]

  private static let families: [FamilySet] = [
    .all, .inet, .inet6, .internet, .unix, .packet, [.inet, .unix], [],
  ]

  @Test("by kind, by family, by state, and by all of them", arguments: ListingWay.allCases)
  func subsets(way: ListingWay) throws {
    defer { open.close() }
    try openAll()
    let ours = open.inodes
    let kernel = try way.kernel()
    func inodes(_ query: SocketQuery) throws -> [UInt32] {
      try way.list(query, kernel).sockets.map(\.inode).filter(ours.contains)
    }
    let all = try way.list(SocketQuery(netids: .all), kernel).sockets.filter {
      ours.contains($0.inode)
    }
    #expect(Set(all.map(\.inode)).count == all.count, "each once")
    #expect(all.count >= 10)
    let kinds = Netid.allCases.map { NetidSet($0) } + [.all, .unix, .packet, .internet, []]
    for netids in kinds {
      for families in Self.families {
        for states in Self.states {
          let expected = all.filter {
            netids.contains($0.netid) && families.contains($0.family) && states.contains($0.state)
          }
          let query = SocketQuery(netids: netids, families: families, states: states)
          #expect(
            try inodes(query) == expected.map(\.inode), "\(netids) \(families) \(states)")
        }
      }
    }
  }
}
