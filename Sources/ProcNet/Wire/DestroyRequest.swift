/// Builds the request that makes the kernel close one socket (`SOCK_DESTROY`, since Linux 4.5).
enum DestroyRequest {
  /// `SOCK_DESTROY` of `linux/sock_diag.h`.
  static let messageType: UInt16 = 21
  /// `NLM_F_REQUEST | NLM_F_ACK`: a failure would be told anyway, success only with the second.
  private static let flags: UInt16 = 0x1 | 0x4

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
    var message: [UInt8] = []
    message.append32(UInt32(NetlinkMessage.headerSize + body.count))
    message.append16(messageType)
    message.append16(flags)
    message.append32(DiagRequest.sequence)
    message.append32(0)
    return message + body
  }

  /// The kernel's answer: its error number, 0 for done; nil when it is none.
  static func answer(in datagram: borrowing Span<UInt8>) -> Int32? {
    guard let header = NetlinkMessage.header(in: datagram, at: 0),
      header.type == NetlinkMessage.Control.error, header.length >= NetlinkMessage.headerSize + 4
    else { return nil }
    return NetlinkMessage.errorNumber(
      in: datagram.extracting(NetlinkMessage.headerSize..<header.length))
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
