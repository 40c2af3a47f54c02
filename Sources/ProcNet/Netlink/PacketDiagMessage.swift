/// `struct packet_diag_msg` of `linux/packet_diag.h`: one packet socket.
///
/// family u8, type u8, ethernet protocol u16; inode at 4; cookie, two words, at 8.
enum PacketDiagMessage {
  static let size = 16

  /// `PACKET_DIAG_*`.
  private enum Attribute {
    static let info: UInt16 = 0
    static let receiveRing: UInt16 = 2
    static let sendRing: UInt16 = 3
    static let fanout: UInt16 = 4
    static let uid: UInt16 = 5
    static let memory: UInt16 = 6
  }

  /// Reads one message; nil when it is too short or of an unknown type.
  static func decode(_ bytes: borrowing Span<UInt8>) -> Socket? {
    guard bytes.count >= size, bytes[0] == AddressFamily.packet.rawValue else { return nil }
    guard let netid = netid(ofType: bytes[1]) else { return nil }
    var socket = Socket(netid: netid, family: .packet, state: .close)
    socket.packetProtocol = bytes.number16(at: 2)
    socket.inode = bytes.number32(at: 4)
    socket.cookie = bytes.number64(at: 8)
    fillAttributes(of: &socket, from: bytes)
    return socket
  }

  /// `SOCK_RAW` 3, `SOCK_DGRAM` 2.
  static func netid(ofType type: UInt8) -> Netid? {
    switch type {
    case 3: .packetRaw
    case 2: .packetDatagram
    default: nil
    }
  }

  private static func fillAttributes(
    of socket: inout Socket, from bytes: borrowing Span<UInt8>
  ) {
    var packet = PacketDetails()
    var memory: SocketMemory?
    var attributes = NetlinkAttributes(from: size)
    while attributes.next(in: bytes) {
      let words = attributes.words(in: bytes)
      switch attributes.type {
      case Attribute.info: fillInfo(&packet, &socket, words)
      case Attribute.receiveRing: packet.receiveRing = .init(words: words)
      case Attribute.sendRing: packet.sendRing = .init(words: words)
      case Attribute.fanout: packet.fanout = words.first
      case Attribute.uid: socket.uid = words.first
      case Attribute.memory: memory = SocketMemory(words: words)
      default: break
      }
    }
    socket.queues = .data(unread: memory?.receiveAllocated, unacknowledged: 0)
    socket.details = SocketDetails(memory: memory, packet: packet)
  }

  /// `packet_diag_info`: interface, version, reserve, copy threshold, time stamp, flags.
  private static func fillInfo(
    _ packet: inout PacketDetails, _ socket: inout Socket, _ words: [UInt32]
  ) {
    guard words.count >= 6 else { return }
    socket.interface = words[0]
    packet.version = words[1]
    packet.copyThreshold = words[3]
    packet.flags = words[5]
  }
}
