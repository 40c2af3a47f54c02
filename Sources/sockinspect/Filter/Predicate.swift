import ProcNet

/// Which end of a socket a condition speaks of.
enum SocketEnd: Sendable, Hashable {
  case local, peer

  var addressWord: String { self == .local ? "src" : "dst" }
  var portWord: String { self == .local ? "sport" : "dport" }
}

/// One condition on a socket.
enum Predicate: Sendable, Hashable, CustomStringConvertible {
  case states(StateSet)
  case families(FamilySet)
  case netids(NetidSet)
  case address(SocketEnd, AddressPattern)
  /// The comparison is never `!=`: that is written as a negated `=`.
  case port(SocketEnd, Comparison, UInt16)
  /// A unix path, compared without regard to case; an abstract name begins with `@`.
  case path(SocketEnd, Glob)
  /// A unix path exactly.
  case exactPath([UInt8])
  case packetProtocol(UInt16)
  /// By name where the namespace's names are known, else by our namespace's number.
  case interface(index: UInt32, name: [UInt8]?)
  case mark(UInt32, mask: UInt32)
  /// By id where it is known, else by path.
  case cgroup(id: UInt64?, path: [UInt8])
  /// The kernel chose the port or the name.
  case autobound(ClosedRange<UInt16>)
  case ownership(Ownership)
  case number(NumericField, Comparison, Quantity)
  /// `isNegated`: the name is known and another one.
  case text(TextSubject, NamePattern, isNegated: Bool)

  var needs: FilterNeeds {
    switch self {
    case .states, .families, .netids, .address, .port, .path, .exactPath, .packetProtocol,
      .interface, .autobound:
      []
    case .mark: .attributes
    case .cgroup(let id, _): id == nil ? [.attributes, .controlGroup] : .attributes
    case .ownership: .ownership
    case .number(let measure, _, _): measure.needs
    case .text(let subject, _, _): subject.needs
    }
  }

  /// How dear the answer is: what the row itself tells comes first.
  var cost: Int {
    if needs.isEmpty { return 0 }
    if needs.isSubset(of: [.tcp, .memory, .attributes, .userNames]) { return 1 }
    return needs.isDisjoint(with: [.owners, .peerOwners]) ? 2 : 3
  }

  /// Whether it chooses states, without naming them perhaps.
  var speaksOfStates: Bool {
    switch self {
    case .states, .number(.fill, _, _): true
    case .ownership(let ownership): ownership == .timeWait || ownership == .handshake
    default: false
    }
  }

  /// Whether the condition holds for a socket.
  func matches(_ socket: borrowing Socket, _ context: any SocketContext) -> Bool {
    switch self {
    case .states(let states): states.contains(socket.state)
    case .families(let families): families.contains(socket.family)
    case .netids(let netids): netids.contains(socket.netid)
    case .address(let end, let pattern): Self.address(end, pattern, socket)
    case .port(let end, let comparison, let port): Self.port(end, comparison, port, socket)
    case .path(let end, let glob): Self.path(end, glob, socket)
    case .exactPath(let path): socket.netid.isUnix && Self.shownPath(socket) == path
    case .packetProtocol(let number): socket.packetProtocol == number
    case .interface(let index, let name): Self.interface(index, name, socket, context)
    case .mark(let value, let mask): socket.details?.mark.map { $0 & mask == value } ?? false
    case .cgroup(let id, let path): Self.cgroup(id, path, socket, context)
    case .autobound(let ports): Self.isAutobound(socket, ports)
    case .ownership(let ownership): context.ownership(of: socket) == ownership
    case .number(let measure, let comparison, let bound):
      Self.number(measure, comparison, bound, socket, context)
    case .text(let subject, let pattern, let isNegated):
      subject.holds(pattern, socket, context).map { $0 != isNegated } ?? false
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
    _ context: any SocketContext
  ) -> Bool {
    guard let name, socket.interface != 0,
      let actual = context.interfaceName(socket.interface, in: socket.namespace)
    else { return socket.interface == index }
    return actual == name
  }

  private static func cgroup(
    _ id: UInt64?, _ path: [UInt8], _ socket: borrowing Socket, _ context: any SocketContext
  ) -> Bool {
    if let id, let actual = socket.details?.cgroupID { return actual == id }
    return id == nil && context.controlGroup(of: socket) == path
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
    _ context: any SocketContext
  ) -> Bool {
    switch measure {
    case .pid: return process(context.owners(of: socket), comparison, bound)
    case .peerPid: return process(context.peerOwners(of: socket), comparison, bound)
    default:
      guard let value = measure.value(of: socket, context) else { return false }
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

  var description: String {
    switch self {
    case .states(let states): StateNames.words(for: states)
    case .families(let families): "family = \(FamilyNames.name(of: families))"
    case .netids(let netids): "netid = \(NetidNames.name(of: netids))"
    case .address(let end, let pattern): "\(end.addressWord) \(pattern.description)"
    case .port(let end, let comparison, let port): "\(end.portWord) \(comparison.sign) :\(port)"
    case .path(let end, let glob): "\(end.addressWord) unix:\(Self.text(glob.pattern))"
    case .exactPath(let path): Self.text(path)
    case .packetProtocol(let number): "protocol \(number)"
    case .interface(let index, let name): "dev \(name.map(Self.text) ?? String(index))"
    case .mark(let value, let mask): "fwmark \(Self.mark(value, mask))"
    case .cgroup(_, let path): "cgroup \(Self.text(path))"
    case .autobound: "autobound"
    case .ownership(let ownership): "standing = \(ownership.rawValue)"
    case .number(let measure, let comparison, let bound):
      "\(measure.name) \(comparison.sign) \(measure.family.text(of: bound))"
    case .text(let subject, let pattern, let isNegated):
      "\(subject.rawValue) \(isNegated ? "!=" : "=") \(Self.text(pattern.bytes))"
    }
  }

  private static func mark(_ value: UInt32, _ mask: UInt32) -> String {
    let number = "0x" + String(value, radix: 16)
    return mask == .max ? number : "\(number)/0x\(String(mask, radix: 16))"
  }

  private static func text(_ bytes: [UInt8]) -> String {
    let word = String(decoding: bytes, as: UTF8.self)
    let plain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "_-./@:*?[]".unicodeScalars.contains($0)
    }
    return plain && !word.isEmpty ? word : "\"\(word)\""
  }
}

/// How two values are compared.
enum Comparison: Sendable, Hashable {
  case equal, notEqual, greater, less, greaterOrEqual, lessOrEqual

  /// The word or sign of a comparison, as ss accepts them.
  init?(word: String) {
    switch word {
    case "=", "==", "eq": self = .equal
    case "!=", "ne", "neq": self = .notEqual
    case ">", "gt": self = .greater
    case "<", "lt": self = .less
    case ">=", "ge", "geq": self = .greaterOrEqual
    case "<=", "le", "leq": self = .lessOrEqual
    default: return nil
    }
  }

  var sign: String {
    switch self {
    case .equal: "="
    case .notEqual: "!="
    case .greater: ">"
    case .less: "<"
    case .greaterOrEqual: ">="
    case .lessOrEqual: "<="
    }
  }

  var isEquality: Bool { self == .equal || self == .notEqual }

  @inline(__always)
  func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .greater: left > right
    case .less: left < right
    case .greaterOrEqual: left >= right
    case .lessOrEqual: left <= right
    }
  }
}
