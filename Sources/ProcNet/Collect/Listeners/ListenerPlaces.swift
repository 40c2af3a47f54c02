/// Finds the listener that a connection came in through.
///
/// The most specific address wins: a listener on the connection's own address before one on all
/// addresses; IPv4 inside IPv6 is IPv4, and falls to a dual-stack wildcard last.
struct ListenerPlaces {
  private struct Place: Hashable {
    var namespace: UInt32
    var address: IPAddress
    var port: UInt16
  }

  private var numbers: [Place: [Int]] = [:]
  private var dualStack: [Place: Int] = [:]
  private var ports: Set<UInt16> = []

  var isEmpty: Bool { ports.isEmpty }

  /// Listeners that share one address and port, in the order in which they were listed.
  var groups: [[Int]] { Array(numbers.values) }

  mutating func insert(_ socket: borrowing Socket, _ number: Int) {
    guard socket.netid == .tcp else { return }
    let place = Place(
      namespace: socket.namespace, address: socket.local.address.unmapped,
      port: socket.local.port)
    numbers[place, default: []].append(number)
    ports.insert(socket.local.port)
    if socket.local.address == .anyV6, socket.isV6Only != true, dualStack[place] == nil {
      dualStack[place] = number
    }
  }

  /// The number of the listener, of shards the first; nil when nobody listens there.
  func listener(of socket: borrowing Socket) -> Int? {
    let address = socket.local.address.unmapped
    let wildcard: IPAddress = address.isIPv6 ? .anyV6 : .anyV4
    for candidate in [address, wildcard] {
      let place = place(socket, candidate)
      if let found = numbers[place]?.first { return found }
    }
    return address.isIPv6 ? nil : dualStack[place(socket, .anyV6)]
  }

  private func place(_ socket: borrowing Socket, _ address: IPAddress) -> Place {
    Place(namespace: socket.namespace, address: address, port: socket.local.port)
  }

  /// How many ports the kernel is asked to look for; more would cost it more than they spare us.
  private static let fewPorts = 24

  /// inet_diag byte code for "own port is one of these"; nil when they are too many.
  ///
  /// For each port two comparisons (`INET_DIAG_BC_S_GE` 2, `S_LE` 3: an operation of 4 bytes with
  /// the port in a second one) and a jump over the rest (`INET_DIAG_BC_JMP` 1). An operation is
  /// code u8, step if true u8, step if false u16; a step beyond the end by 4 rejects.
  var program: [UInt8]? {
    guard !ports.isEmpty, ports.count <= Self.fewPorts else { return nil }
    var program: [UInt8] = []
    for (index, port) in ports.sorted().enumerated() {
      let isLast = index + 1 == ports.count
      let rest = (ports.count - index - 1) * Self.alternative
      // From each comparison, failing leads to the next alternative; of the last one, to reject.
      let length = isLast ? 16 : Self.alternative
      appendComparison(2, port, failing: isLast ? length + 4 : length, to: &program)
      appendComparison(3, port, failing: isLast ? length - 8 + 4 : length - 8, to: &program)
      if !isLast { appendOperation(1, 4, UInt16(4 + rest - 4), to: &program) }
    }
    return program
  }

  /// Two comparisons and a jump.
  private static let alternative = 20

  private func appendComparison(
    _ code: UInt8, _ port: UInt16, failing: Int, to program: inout [UInt8]
  ) {
    appendOperation(code, 8, UInt16(failing), to: &program)
    appendOperation(0, 0, port, to: &program)
  }

  private func appendOperation(
    _ code: UInt8, _ yes: UInt8, _ no: UInt16, to program: inout [UInt8]
  ) {
    program += [code, yes]
    program.append16(no)
  }
}
