import ProcNet

/// Decides a condition for a socket.
extension Predicate {
  func matches(_ socket: borrowing Socket, _ surroundings: any SocketContext) -> Bool {
    switch self {
    case .states(let states): states.contains(socket.state)
    case .families(let families): families.contains(socket.family)
    case .netids(let netids): netids.contains(socket.netid)
    case .address(let end, let pattern): Self.address(end, pattern, socket)
    case .port(let end, let comparison, let port): Self.port(end, comparison, port, socket)
    case .path(let end, let glob): Self.path(end, glob, socket)
    case .exactPath(let path): socket.netid.isUnix && Self.shownPath(socket) == path
    case .packetProtocol(let number): socket.packetProtocol == number
    case .interface(let index, let name): Self.interface(index, name, socket, surroundings)
    case .mark(let value, let mask): socket.details?.mark.map { $0 & mask == value } ?? false
    case .cgroup(let id, let path): Self.cgroup(id, path, socket, surroundings)
    case .autobound(let ports): Self.isAutobound(socket, ports)
    case .ownership(let ownership): surroundings.ownership(of: socket) == ownership
    case .number(let measure, let comparison, let bound):
      Self.number(measure, comparison, bound, socket, surroundings)
    case .text(let subject, let pattern, let isNegated):
      subject.holds(pattern, socket, surroundings).map { $0 != isNegated } ?? false
    }
  }

  private static func address(
    _ end: SocketEnd, _ pattern: AddressPattern, _ socket: borrowing Socket
  ) -> Bool {
    socket.netid.isInternet
      && pattern.matches(end == .local ? socket.local.address : socket.peer.address)
  }

  private static func port(
    _ end: SocketEnd, _ comparison: Comparison, _ port: UInt16, _ socket: borrowing Socket
  ) -> Bool {
    socket.netid.isInternet
      && comparison.holds(end == .local ? socket.local.port : socket.peer.port, port)
  }

  /// The row does not tell the name at the other end of a unix socket: it counts as unnamed.
  private static func path(_ end: SocketEnd, _ glob: Glob, _ socket: borrowing Socket) -> Bool {
    guard socket.netid.isUnix else { return false }
    if glob.pattern.isEmpty { return true }
    return glob.matches(end == .local ? shownPath(socket) : [])
  }

  /// The name as it is shown: zero bytes of an abstract name are `@`.
  private static func shownPath(_ socket: borrowing Socket) -> [UInt8] {
    guard let path = socket.path else { return [] }
    return path.contains(0) ? path.map { $0 == 0 ? 0x40 : $0 } : path
  }

  private static func interface(
    _ index: UInt32, _ name: [UInt8]?, _ socket: borrowing Socket,
    _ surroundings: any SocketContext
  ) -> Bool {
    guard let name, socket.interface != 0,
      let actual = surroundings.interfaceName(socket.interface, in: socket.namespace)
    else { return socket.interface == index }
    return actual == name
  }

  private static func cgroup(
    _ id: UInt64?, _ path: [UInt8], _ socket: borrowing Socket, _ surroundings: any SocketContext
  ) -> Bool {
    if let id, let actual = socket.details?.cgroupID { return actual == id }
    return id == nil && surroundings.controlGroup(of: socket) == path
  }

  /// A unix name that the kernel chose is `@` and five hexadecimal digits.
  private static func isAutobound(
    _ socket: borrowing Socket, _ ports: ClosedRange<UInt16>
  ) -> Bool {
    if socket.netid.isInternet { return ports.contains(socket.local.port) }
    guard socket.netid.isUnix else { return socket.packetProtocol == 0 && socket.interface == 0 }
    guard let path = socket.path else { return true }
    return path.count == 6 && path[0] == 0 && path.dropFirst().allSatisfy(isLowerHexadecimal)
  }

  private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66)
  }

  private static func number(
    _ measure: NumericField, _ comparison: Comparison, _ bound: Quantity,
    _ socket: borrowing Socket,
    _ surroundings: any SocketContext
  ) -> Bool {
    switch measure {
    case .pid: return process(surroundings.owners(of: socket), comparison, bound)
    case .peerPid: return process(surroundings.peerOwners(of: socket), comparison, bound)
    default:
      guard let value = measure.value(of: socket, surroundings) else { return false }
      return comparison.holds(value, bound)
    }
  }

  /// A socket can have several holders: one that fits is enough, and `!=` means that none is it.
  private static func process(
    _ owners: [Owner], _ comparison: Comparison, _ bound: Quantity
  ) -> Bool {
    guard !owners.isEmpty else { return false }
    let numbers = owners.lazy.map { Quantity(UInt64(max($0.process, 0))) }
    if comparison == .notEqual { return !numbers.contains(bound) }
    return numbers.contains { comparison.holds($0, bound) }
  }
}
