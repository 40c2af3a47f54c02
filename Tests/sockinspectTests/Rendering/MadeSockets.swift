import ProcNet

/// Sockets made by hand, for tests of what is written about them.
extension Socket {
  static func tcp(
    _ state: SocketState, _ local: (UInt32, UInt16), _ peer: (UInt32, UInt16) = (0, 0),
    queues: (UInt32, UInt32) = (0, 0), inode: UInt32 = 0, cookie: UInt64? = nil,
    details: SocketDetails? = nil
  ) -> Socket {
    var socket = Socket(netid: .tcp, family: .inet, state: state)
    socket.local = Endpoint(address: IPAddress(v4: local.0), port: local.1)
    socket.peer = Endpoint(address: IPAddress(v4: peer.0), port: peer.1)
    socket.queues = SocketQueues(of: socket.state, queues.0, queues.1)
    socket.inode = inode
    socket.cookie = cookie
    socket.details = details
    return socket
  }

  static func unix(
    _ state: SocketState, path: String? = nil, inode: UInt32, peer: UInt32? = nil,
    details: SocketDetails? = nil
  ) -> Socket {
    var socket = Socket(netid: .unixStream, family: .unix, state: state)
    socket.path = path.map { Array($0.utf8) }
    socket.queues = SocketQueues(of: socket.state, 0, 0)
    socket.inode = inode
    socket.peerInode = peer
    socket.details = details
    return socket
  }
}

extension TCPInfo {
  /// A kernel's answer of 232 bytes (Linux 5.4) in which only these fields are not zero.
  init(_ fields: [TCPInfoField: UInt64], length: Int = 232) {
    var bytes = [UInt8](repeating: 0, count: length)
    for (field, value) in fields {
      for index in 0..<field.width where field.offset + index < length {
        let byte = (value << UInt64(field.place.bitShift)) >> UInt64(8 * index)
        bytes[field.offset + index] |= UInt8(truncatingIfNeeded: byte)
      }
    }
    self.init(bytes: bytes)
  }
}
