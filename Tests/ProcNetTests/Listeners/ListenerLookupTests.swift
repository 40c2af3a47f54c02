import TestSupport
import Testing

@testable import ProcNet

/// Which listener a connection came in through.
@Suite struct ListenerPlacesTests {
  private static let one = Made.v4(0x7F00_0001)
  private static let loopback6 = IPAddress(v6High: 0, low: 1)

  private static func found(_ listeners: [Socket], _ connection: Socket) -> Int? {
    var places = ListenerLookup()
    for (number, socket) in listeners.enumerated() { places.insert(socket, number) }
    return places.listener(of: connection)
  }

  @Test("a listener on the connection's own address comes before one on all addresses")
  func specific() {
    let listeners = [Made.listener(.anyV4, 80), Made.listener(Self.one, 80)]
    #expect(Self.found(listeners, Made.connection(Self.one, 80)) == 1)
    #expect(Self.found(listeners, Made.connection(Made.v4(0x0A00_0001), 80)) == 0)
    #expect(Self.found(listeners, Made.connection(Self.one, 81)) == nil)
  }

  @Test("IPv4 that came in through a dual-stack listener has mapped addresses")
  func dualStack() {
    var dual = Made.listener(.anyV6, 80)
    let mapped = Made.connection(Made.mapped(0x7F00_0001), 80)
    #expect(Self.found([dual], mapped) == 0)
    #expect(Self.found([dual], Made.connection(Self.loopback6, 80)) == 0)
    // With a listener for IPv4 beside it, the connection's family tells them apart.
    let both = [Made.listener(.anyV4, 80), dual]
    #expect(Self.found(both, mapped) == 1)
    #expect(Self.found(both, Made.connection(Self.one, 80)) == 0)
    dual.isV6Only = true
    #expect(Self.found([dual], mapped) == nil)
  }

  @Test("a listener on ::ffff:0.0.0.0 takes mapped addresses and no IPv6")
  func mappedWildcard() {
    let listeners = [Made.listener(Made.mapped(0), 80)]
    #expect(Self.found(listeners, Made.connection(Made.mapped(0x7F00_0001), 80)) == 0)
    #expect(Self.found(listeners, Made.connection(Self.loopback6, 80)) == nil)
  }

  @Test("listeners of one address on two interfaces are two, and no shards")
  func interfaces() {
    var (left, right) = (Made.listener(.anyV4, 80), Made.listener(.anyV4, 80))
    (left.interface, right.interface) = (2, 3)
    var places = ListenerLookup()
    places.insert(left, 0)
    places.insert(right, 1)
    #expect(places.groups.count == 2)
    var connection = Made.connection(Self.one, 80)
    connection.interface = 3
    #expect(places.listener(of: connection) == 1)
    connection.interface = 4
    #expect(places.listener(of: connection) == nil)
  }

  @Test("namespaces and kinds of sockets do not mix")
  func foreign() {
    var elsewhere = Made.listener(.anyV4, 80)
    elsewhere.namespace = 7
    let receiver = Made.listener(.anyV4, 80, netid: .udp)
    #expect(Self.found([elsewhere, receiver], Made.connection(Self.one, 80)) == nil)
  }

  @Test(
    "any listeners and connections: the index finds what a search through all finds",
    arguments: SeededRandom.seeds(1))
  func property(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var hits = 0
    for _ in 0..<2000 {
      let listeners = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        Self.randomListener(&random)
      }
      let connection = Self.randomConnection(&random)
      let expected = Self.search(listeners, connection)
      if expected != nil { hits += 1 }
      #expect(Self.found(listeners, connection) == expected, "SEED=\(seed)")
    }
    #expect(hits > 200, "too few match for the test to mean something; SEED=\(seed)")
  }

  private static let addresses = [
    v4(1), v4(2), Made.mapped(1), Made.mapped(2), loopback6, IPAddress(v6High: 1, low: 1),
  ]
  private static func v4(_ number: UInt32) -> IPAddress { Made.v4(number) }

  private static func randomListener(_ random: inout SeededRandom) -> Socket {
    let wildcards = [IPAddress.anyV4, .anyV6, Made.mapped(0)]
    let address = (addresses + wildcards + wildcards).randomElement(using: &random) ?? .anyV4
    var socket = Made.listener(address, Bool.random(using: &random) ? 80 : 81)
    if address.isIPv6 { socket.isV6Only = Bool.random(using: &random) }
    socket.interface = UInt32.random(in: 0...4, using: &random) / 4
    socket.namespace = UInt32.random(in: 0...4, using: &random) / 4
    return socket
  }

  private static func randomConnection(_ random: inout SeededRandom) -> Socket {
    var socket = Made.connection(addresses.randomElement(using: &random) ?? .anyV4, 80)
    socket.interface = UInt32.random(in: 0...2, using: &random) / 2
    return socket
  }

  /// The rules one by one: of all listeners that could have taken it, the first of the best.
  private static func search(_ listeners: [Socket], _ connection: Socket) -> Int? {
    var best: (number: Int, score: Int)?
    for (number, listener) in listeners.enumerated() {
      guard let score = score(listener, connection), score > best?.score ?? -1 else { continue }
      best = (number, score)
    }
    return best?.number
  }

  /// nil when it could not; else own family, own address, any mapped before any, own interface.
  private static func score(_ listener: Socket, _ connection: Socket) -> Int? {
    guard listener.local.port == connection.local.port,
      listener.namespace == connection.namespace,
      listener.interface == 0 || listener.interface == connection.interface
    else { return nil }
    let (own, address) = (listener.local.address, connection.local.address)
    let sameFamily = listener.family == connection.family
    guard sameFamily || connection.family == .inet else { return nil }
    var score = (sameFamily ? 100 : 0) + (listener.interface == connection.interface ? 1 : 0)
    if own.unmapped == address.unmapped {
      score += 30
    } else if own == Made.mapped(0), address.v4 != nil {
      score += 20
    } else if own == .anyV4 {
      score += 20
    } else if own == .anyV6, address.v4 == nil || listener.isV6Only != true {
      score += 10
    } else {
      return nil
    }
    return score
  }
}
