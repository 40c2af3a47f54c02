/// Builds the requests that ask sock_diag for a dump (`SOCK_DIAG_BY_FAMILY`).
enum DiagRequest {
  /// `SOCK_DIAG_BY_FAMILY` of `linux/sock_diag.h`.
  static let messageType: UInt16 = 20

  /// The protocol number that inet_diag takes for a kind of socket.
  static func protocolNumber(_ netid: Netid) -> UInt8 {
    switch netid {
    case .tcp: 6
    case .udp: 17
    default: 255
    }
  }

  /// `inet_diag_req_v2`: family, protocol, extensions, padding, states, id (48 bytes); then
  /// `INET_DIAG_REQ_BYTECODE` when there is a program.
  static func internet(
    _ netid: Netid, _ family: AddressFamily, states: StateSet, details: SocketQuery.Details,
    program: [UInt8]? = nil
  ) -> [UInt8] {
    var body = [family.rawValue, protocolNumber(netid), extensions(details), 0]
    body.append32(states.rawValue)
    body.append(contentsOf: repeatElement(0, count: 48))
    if let program {
      body.append16(UInt16(4 + program.count))
      body.append16(1)
      body.append(contentsOf: program)
    }
    return message(body)
  }

  /// Extension N is bit N-1: `INET_DIAG_MEMINFO` 1, `INFO` 2, `VEGASINFO` 3, `CONG` 4, `TOS` 5,
  /// `TCLASS` 6 (brings `CLASS_ID` too), `SKMEMINFO` 7. The others come unasked.
  private static func extensions(_ details: SocketQuery.Details) -> UInt8 {
    var bits: UInt8 = 0
    if details.contains(.memory) { bits |= 1 << 0 | 1 << 6 }
    if details.contains(.tcp) { bits |= 1 << 1 | 1 << 2 | 1 << 3 }
    if details.contains(.attributes) { bits |= 1 << 4 | 1 << 5 }
    return bits
  }

  /// `unix_diag_req`: family, protocol, padding, states, inode, what to show, cookie.
  static func unix(states: StateSet, details: SocketQuery.Details) -> [UInt8] {
    // UDIAG_SHOW_NAME 1, VFS 2, PEER 4, ICONS 8, RQLEN 0x10, MEMINFO 0x20, UID 0x40.
    var show: UInt32 = 0x1 | 0x4 | 0x10
    if details.contains(.attributes) { show |= 0x2 | 0x8 | 0x40 }
    if details.contains(.memory) { show |= 0x20 }
    var body: [UInt8] = [AddressFamily.unix.rawValue, 0, 0, 0]
    for word in [states.rawValue, 0, show, 0, 0] { body.append32(word) }
    return message(body)
  }

  /// `packet_diag_req`: family, protocol, padding, inode, what to show, cookie.
  static func packet() -> [UInt8] {
    // PACKET_SHOW_INFO 1, RING_CFG 4, FANOUT 8, MEMINFO 0x10.
    var body: [UInt8] = [AddressFamily.packet.rawValue, 0, 0, 0]
    for word: UInt32 in [0, 0x1 | 0x4 | 0x8 | 0x10, 0, 0] { body.append32(word) }
    return message(body)
  }

  private static func message(_ body: [UInt8]) -> [UInt8] {
    NetlinkMessage.request(
      messageType, flags: NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump, body)
  }
}

/// Builds the request that makes the kernel close one socket (`SOCK_DESTROY`, since Linux 4.5).
enum DestroyRequest {
  /// `SOCK_DESTROY` of `linux/sock_diag.h`.
  static let messageType: UInt16 = 21
  /// A failure would be told anyway, success only with the second.
  private static let flags = NetlinkMessage.Flag.request | NetlinkMessage.Flag.acknowledge

  /// `nlmsghdr`, then `inet_diag_req_v2` with `inet_diag_sockid`: ports and addresses as they
  /// travel, interface, cookie.
  ///
  /// nil for kinds that cannot be closed this way, and for a socket without the kernel's own
  /// number: without it another one, in its place by now, would be closed.
  static func message(_ socket: borrowing Socket) -> [UInt8]? {
    guard socket.netid == .tcp || socket.netid == .udp, let cookie = socket.cookie else {
      return nil
    }
    var body = [socket.family.rawValue, DiagRequest.protocolNumber(socket.netid), 0, 0]
    body.append32(0)
    body.append(networkNumber16: socket.local.port)
    body.append(networkNumber16: socket.peer.port)
    body.append(address: socket.local.address)
    body.append(address: socket.peer.address)
    body.append32(socket.interface)
    body.append32(UInt32(truncatingIfNeeded: cookie))
    body.append32(UInt32(truncatingIfNeeded: cookie >> 32))
    return NetlinkMessage.request(messageType, flags: flags, body)
  }

  /// Takes the kernel's answer, and throws why the socket was not closed.
  static func check(answer datagram: borrowing Span<UInt8>) throws(KernelError) {
    guard let header = NetlinkMessage.header(in: datagram, at: 0),
      header.type == NetlinkMessage.Control.error, header.length >= NetlinkMessage.headerSize + 4
    else { throw KernelError("close", "a socket", .malformed("the datagram is not an answer")) }
    let payload = datagram.extracting(NetlinkMessage.headerSize..<header.length)
    let number = NetlinkMessage.errorNumber(in: payload)
    guard number != 0 else { return }
    let words = NetlinkMessage.errorText(header, in: payload)
    throw KernelError("close", "a socket", .system(number), detail: words)
  }
}

extension [UInt8] {
  fileprivate mutating func append(networkNumber16 value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  /// Sixteen bytes; an IPv4 address fills the first four.
  fileprivate mutating func append(address: IPAddress) {
    if address.isIPv6 {
      for number in [address.high, address.low] {
        for byte in (0..<8).reversed() { append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
      }
    } else {
      for byte in (0..<4).reversed() {
        append(UInt8(truncatingIfNeeded: address.low >> (8 * UInt64(byte))))
      }
      append(contentsOf: repeatElement(0, count: 12))
    }
  }
}

/// inet_diag byte code that keeps the connections of a few ports.
///
/// For each port two comparisons (an operation of 4 bytes with the port in a second one) and a jump
/// over the rest (`INET_DIAG_BC_JMP` 1). An operation is code u8, step if true u8, step if false
/// u16; a step beyond the end by 4 rejects.
public enum ListenerPortProgram {
  /// Whose port: the code of "at least" and of "at most" (`INET_DIAG_BC_S_GE` … `D_LE`).
  public enum End: Sendable {
    /// That of the socket itself.
    case local
    /// That of the other end.
    case peer

    var atLeast: UInt8 { self == .local ? 2 : 4 }
    var atMost: UInt8 { self == .local ? 3 : 5 }
  }

  /// How many ports the kernel is asked to look for; more would cost it more than they spare us.
  static let fewPorts = 24

  /// Two comparisons and a jump; the last port needs no jump.
  private static let alternative = 20
  private static let lastAlternative = 16

  /// The program; nil when there are no ports, or too many.
  public static func make(_ end: End, isOneOf ports: Set<UInt16>) -> [UInt8]? {
    guard !ports.isEmpty, ports.count <= fewPorts else { return nil }
    var program: [UInt8] = []
    for (index, port) in ports.sorted().enumerated() {
      let others = ports.count - index - 1
      let isLast = others == 0
      // From each comparison, failing leads to the next port; of the last one, to reject.
      let next = isLast ? lastAlternative + 4 : alternative
      append(end.atLeast, port, failing: next, to: &program)
      append(end.atMost, port, failing: next - 8, to: &program)
      let rest = (others - 1) * alternative + lastAlternative
      if !isLast { append(1, 4, UInt16(4 + rest), to: &program) }
    }
    return program
  }

  private static func append(
    _ code: UInt8, _ port: UInt16, failing: Int, to program: inout [UInt8]
  ) {
    append(code, 8, UInt16(failing), to: &program)
    append(0, 0, port, to: &program)
  }

  private static func append(
    _ code: UInt8, _ yes: UInt8, _ no: UInt16, to program: inout [UInt8]
  ) {
    program += [code, yes]
    program.append16(no)
  }
}
