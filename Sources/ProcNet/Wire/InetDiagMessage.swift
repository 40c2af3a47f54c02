/// `struct inet_diag_msg` of `linux/inet_diag.h`: one TCP, UDP or raw socket.
///
/// family u8, state u8, timer u8, retransmits u8; ports in network order at 4 and 6; addresses of
/// 16 bytes at 8 and 24; interface at 40; cookie, two words, at 44; timer's end in ms at 52;
/// queues at 56 and 60; uid at 64; inode at 68. Attributes follow.
public enum InetDiagMessage {
  public static let size = 72

  /// Reads one message; nil when it is too short or of no internet family.
  public static func decode(
    _ bytes: borrowing Span<UInt8>, _ netid: Netid, details: SocketQuery.Details
  ) -> Socket? {
    guard bytes.count >= size, let family = AddressFamily(rawValue: bytes[0]) else { return nil }
    guard family == .inet || family == .inet6 else { return nil }
    var socket = Socket(netid: netid, family: family, state: SocketState(rawValue: bytes[1]))
    socket.local = Endpoint(
      address: address(bytes, at: 8, family), port: bytes.networkNumber16(at: 4))
    socket.peer = Endpoint(
      address: address(bytes, at: 24, family), port: bytes.networkNumber16(at: 6))
    fillNumbers(of: &socket, from: bytes)
    // The kernel asks for them as a state of their own and answers with the socket's.
    if netid == .tcp, socket.state == .close { socket.state = .boundInactive }
    if details.isEmpty {
      if family == .inet6 { socket.isV6Only = isV6Only(bytes) }
    } else {
      InetDiagAttributes.fill(&socket, from: bytes)
    }
    return socket
  }

  @inline(__always)
  private static func fillNumbers(of socket: inout Socket, from bytes: borrowing Span<UInt8>) {
    socket.interface = bytes.number32(at: 40)
    socket.cookie = bytes.number64(at: 44)
    socket.timer = SocketTimer(
      kind: bytes[2], expires: bytes.number32(at: 52), retransmits: bytes[3])
    socket.receiveQueue = bytes.number32(at: 56)
    socket.sendQueue = bytes.number32(at: 60)
    socket.inode = bytes.number32(at: 68)
    // What is left of a connection (timer 3, in TIME-WAIT or FIN-WAIT-2) and connection requests
    // have no owner; the kernel fills in a constant 0.
    let isRemnant = bytes[2] == 3 || socket.state == .timeWait || socket.state == .synReceived
    socket.uid = isRemnant && socket.inode == 0 ? nil : bytes.number32(at: 64)
  }

  @inline(__always)
  private static func address(
    _ bytes: borrowing Span<UInt8>, at offset: Int, _ family: AddressFamily
  ) -> IPAddress {
    if family == .inet { return IPAddress(v4: bytes.number32(at: offset).byteSwapped) }
    return IPAddress(
      v6High: bytes.networkNumber64(at: offset), low: bytes.networkNumber64(at: offset + 8))
  }

  /// The one attribute that decides how a plain listing writes an address.
  private static func isV6Only(_ bytes: borrowing Span<UInt8>) -> Bool? {
    var attributes = NetlinkAttributes(from: size)
    while attributes.next(in: bytes) {
      if attributes.type == InetDiagAttributes.v6Only {
        return attributes.number8(in: bytes).map { $0 != 0 }
      }
    }
    return nil
  }
}
