/// `struct unix_diag_msg` of `linux/unix_diag.h`: one unix socket.
///
/// family u8, type u8, state u8, padding; inode at 4; cookie, two words, at 8. Attributes follow.
enum UnixDiagMessage {
  static let size = 16

  /// `UNIX_DIAG_*`.
  private enum Attribute {
    static let name: UInt16 = 0
    static let file: UInt16 = 1
    static let peer: UInt16 = 2
    static let waiting: UInt16 = 3
    static let queues: UInt16 = 4
    static let memory: UInt16 = 5
    static let shutdown: UInt16 = 6
    static let uid: UInt16 = 7
  }

  /// Reads one message; nil when it is too short or of an unknown type.
  static func decode(
    _ bytes: borrowing Span<UInt8>, details: SocketQuery.Details
  ) -> Socket? {
    guard bytes.count >= size, bytes[0] == AddressFamily.unix.rawValue else { return nil }
    guard let netid = netid(ofType: bytes[1]) else { return nil }
    var socket = Socket(netid: netid, family: .unix, state: SocketState(rawValue: bytes[2]))
    socket.inode = bytes.number32(at: 4)
    socket.cookie = bytes.number64(at: 8)
    fillAttributes(of: &socket, from: bytes, details)
    return socket
  }

  /// `SOCK_STREAM` 1, `SOCK_DGRAM` 2, `SOCK_SEQPACKET` 5.
  static func netid(ofType type: UInt8) -> Netid? {
    switch type {
    case 1: .unixStream
    case 2: .unixDatagram
    case 5: .unixSeqpacket
    default: nil
    }
  }

  private static func fillAttributes(
    of socket: inout Socket, from bytes: borrowing Span<UInt8>, _ details: SocketQuery.Details
  ) {
    var memory: SocketMemory?
    var shutdown: UInt8?
    var waiting: [UInt32]?
    var file: SocketFile?
    var attributes = NetlinkAttributes(from: size)
    while attributes.next(in: bytes) {
      switch attributes.type {
      case Attribute.name: socket.path = path(attributes.bytes(in: bytes))
      case Attribute.peer: socket.peerInode = attributes.number32(in: bytes)
      case Attribute.queues: fillQueues(of: &socket, attributes.words(in: bytes))
      case Attribute.uid: socket.uid = attributes.number32(in: bytes)
      case Attribute.file: file = self.file(attributes.words(in: bytes))
      case Attribute.waiting: waiting = attributes.words(in: bytes)
      case Attribute.memory: memory = SocketMemory(words: attributes.words(in: bytes))
      case Attribute.shutdown: shutdown = attributes.number8(in: bytes)
      default: break
      }
    }
    guard !details.isEmpty else { return }
    socket.details = SocketDetails(
      memory: memory, shutdown: shutdown, waiting: waiting, file: file)
  }

  private static func file(_ words: [UInt32]) -> SocketFile? {
    words.count >= 2 ? SocketFile(inode: words[0], device: words[1]) : nil
  }

  /// The kernel ends the path of a file with a zero byte; in an abstract name each zero counts.
  private static func path(_ name: [UInt8]) -> [UInt8] {
    name.first != 0 && name.last == 0 ? Array(name.dropLast()) : name
  }

  private static func fillQueues(of socket: inout Socket, _ words: [UInt32]) {
    guard words.count >= 2 else { return }
    socket.queues = SocketQueues(of: socket.state, words[0], words[1])
  }
}
