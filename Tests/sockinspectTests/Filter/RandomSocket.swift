import TestSupport
import ProcNet

/// Sockets out of few addresses, ports and names, so that random conditions often hold.
enum RandomSocket {
  static let ports: [UInt16] = [0, 1, 22, 80, 443, 1023, 1024, 40000, 65534, 65535]

  static let addresses: [[UInt8]] = [
    [0, 0, 0, 0], [127, 0, 0, 1], [10, 0, 0, 1], [10, 0, 0, 2], [10, 1, 2, 3],
    [255, 255, 255, 255],
    [UInt8](repeating: 0, count: 16), [UInt8](repeating: 0, count: 15) + [1],
    [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7],
    [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 7) + [7],
    mapped([127, 0, 0, 1]), mapped([10, 0, 0, 1]), mapped([10, 1, 2, 3]),
  ]

  static func mapped(_ address: [UInt8]) -> [UInt8] {
    [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + address
  }

  static func address(_ bytes: [UInt8]) -> IPAddress {
    func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    return bytes.count == 4
      ? IPAddress(v4: UInt32(number(bytes[...])))
      : IPAddress(v6High: number(bytes[..<8]), low: number(bytes[8...]))
  }

  static func bytes(_ address: IPAddress) -> [UInt8] {
    func bytes(_ number: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }
    return address.isIPv6
      ? bytes(address.high) + bytes(address.low) : Array(bytes(address.low).suffix(4))
  }

  static func make(_ random: inout SeededRandom, inode: UInt32) -> Socket {
    let kind = Int.random(in: 0..<10, using: &random)
    var socket =
      switch kind {
      case 0: unix(&random)
      case 1: packet(&random)
      default: internet(&random)
      }
    socket.inode = inode
    socket.uid = [nil, 0, 33, 1000].randomElement(using: &random) ?? nil
    socket.queues = SocketQueues(
      of: socket.state, [nil, 0, 3, 5, 70_000].randomElement(using: &random) ?? nil,
      [nil, 0, 4, 5, 128].randomElement(using: &random) ?? nil)
    socket.interface = [0, 1, 2].randomElement(using: &random) ?? 0
    socket.namespace = [7, 8].randomElement(using: &random) ?? 7
    if Bool.random(using: &random) { socket.details = details(&random, socket.netid) }
    return socket
  }

  private static func internet(_ random: inout SeededRandom) -> Socket {
    let isIPv6 = Bool.random(using: &random)
    let pool = addresses.filter { ($0.count == 16) == isIPv6 }
    let netid: Netid = [.tcp, .tcp, .udp, .raw].randomElement(using: &random) ?? .tcp
    // Only TCP has more states than these two.
    let state = netid == .tcp ? state(&random) : Bool.random(using: &random) ? .close : .established
    var socket = Socket(netid: netid, family: isIPv6 ? .inet6 : .inet, state: state)
    socket.local = endpoint(pool, &random)
    socket.peer = endpoint(pool, &random)
    return socket
  }

  private static func endpoint(_ pool: [[UInt8]], _ random: inout SeededRandom) -> Endpoint {
    Endpoint(
      address: address(pool.randomElement(using: &random) ?? [0, 0, 0, 0]),
      port: ports.randomElement(using: &random) ?? 0)
  }

  static func state(_ random: inout SeededRandom) -> SocketState {
    SocketState(rawValue: UInt8.random(in: 1...11, using: &random))
  }

  private static func unix(_ random: inout SeededRandom) -> Socket {
    var socket = Socket(netid: .unixStream, family: .unix, state: state(&random))
    let names = ["/run/a.sock", "/run/B.sock", "\0abs", "\u{0}0a1b2"]
    socket.path =
      Bool.random(using: &random) ? nil : Array((names.randomElement(using: &random) ?? "").utf8)
    return socket
  }

  private static func packet(_ random: inout SeededRandom) -> Socket {
    var socket = Socket(netid: .packetRaw, family: .packet, state: .close)
    socket.packetProtocol = [0, 3, 0x0806].randomElement(using: &random)
    return socket
  }

  private static func details(
    _ random: inout SeededRandom, _ netid: Netid
  ) -> SocketDetails {
    let length = [0, 104, 280].randomElement(using: &random) ?? 0
    let numbers: [UInt8] = [0, 0, 0, 1, 7, 200]
    let bytes = (0..<length).map { _ in numbers.randomElement(using: &random) ?? 0 }
    return SocketDetails(
      memory: Bool.random(using: &random) ? SocketMemory(words: [0, 0, 0, 0, 0, 0, 0, 0, 9]) : nil,
      tcp: netid == .tcp && Bool.random(using: &random) ? TCPInfo(bytes: bytes) : nil,
      mark: [nil, 0, 1, 0x13].randomElement(using: &random) ?? nil,
      cgroupID: [nil, 4242, 5].randomElement(using: &random) ?? nil)
  }
}
