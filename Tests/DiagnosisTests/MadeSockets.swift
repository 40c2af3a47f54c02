import ProcNet

@testable import Diagnosis

extension Socket {
  /// A TCP connection of 127.0.0.1 with its ports; the peer elsewhere where an address is given.
  static func tcp(
    _ state: SocketState, _ local: UInt16, _ peer: UInt16, inode: UInt32 = 0,
    received: UInt32 = 0, sent: UInt32 = 0, timer: SocketTimer? = nil, at address: UInt32? = nil
  ) -> Socket {
    var socket = Socket(netid: .tcp, family: .inet, state: state)
    socket.local = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: local)
    socket.peer = Endpoint(address: IPAddress(v4: address ?? 0x7F00_0001), port: peer)
    socket.inode = inode
    socket.queues = SocketQueues(of: socket.state, received, sent)
    socket.timer = timer
    return socket
  }

  static func unix(
    _ netid: Netid, _ state: SocketState, inode: UInt32, peer: UInt32? = nil,
    path: String? = nil, received: UInt32 = 0, sent: UInt32 = 0
  ) -> Socket {
    var socket = Socket(netid: netid, family: .unix, state: state)
    (socket.inode, socket.peerInode) = (inode, peer)
    socket.queues = SocketQueues(of: socket.state, received, sent)
    socket.path = path.map { Array($0.utf8) }
    return socket
  }
}

extension SocketTimer {
  static func retransmission(_ times: UInt8) -> SocketTimer {
    SocketTimer(kind: 1, expires: 700, retransmits: times)
  }
  static let persist = SocketTimer(kind: 4, expires: 200, retransmits: 0)
}

extension TCPInfo {
  /// A `tcp_info` in which these fields are set and all others 0.
  static func with(_ values: [TCPInfoField: UInt64]) -> TCPInfo {
    var bytes = [UInt8](repeating: 0, count: 280)
    for (field, value) in values {
      for byte in 0..<field.width {
        bytes[field.offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
      }
    }
    return TCPInfo(bytes: bytes)
  }
}

extension ObservedListener {
  /// 127.0.0.1:9000 with so many waiting at each look.
  static func tcp(
    _ lengths: [UInt32], limit: UInt32?, inode: UInt32 = 100, port: UInt16 = 9000,
    still: Int = 0, taken: Int = 0, drops: UInt32? = nil, new: UInt32? = nil,
    oldest: UInt32? = nil
  ) -> ObservedListener {
    var socket = Socket.tcp(.listen, port, 0, inode: inode, received: lengths.last ?? 0)
    socket.peer = .anyV4
    return made(&socket, lengths, limit, still, taken, drops, new, oldest)
  }

  /// A unix stream listener.
  static func unix(
    _ lengths: [UInt32], limit: UInt32, path: String, inode: UInt32 = 100, still: Int = 0
  ) -> ObservedListener {
    var socket = Socket.unix(
      .unixStream, .listen, inode: inode, path: path, received: lengths.last ?? 0)
    return made(&socket, lengths, limit, still, 0, nil, nil, nil)
  }

  /// A UDP socket with its drops.
  static func udp(port: UInt16, inode: UInt32, drops: UInt32, new: UInt32) -> ObservedListener {
    var socket = Socket.tcp(.close, port, 0, inode: inode)
    socket.netid = .udp
    var listener = made(&socket, [0], nil, 0, 0, drops, new, nil)
    listener.lengths = [0]
    return listener
  }

  private static func made(
    _ socket: inout Socket, _ lengths: [UInt32], _ limit: UInt32?, _ still: Int, _ taken: Int,
    _ drops: UInt32?, _ new: UInt32?, _ oldest: UInt32?
  ) -> ObservedListener {
    socket.queues = SocketQueues(of: socket.state, socket.queues.recvQ, limit)
    socket.details = SocketDetails(drops: drops)
    var listener = Listener(socket: socket)
    listener.acceptQueue?.oldest = oldest
    var made = ObservedListener(listener)
    made.lengths = lengths
    (made.stillWaiting, made.taken, made.knowsWaiting) = (still, taken, still + taken > 0)
    made.newDrops = new
    return made
  }
}
