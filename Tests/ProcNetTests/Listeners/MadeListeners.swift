import ProcNet

/// Sockets as a list, passed on as a source would.
struct ListedSockets: SocketSource {
  var sockets: [Socket]

  func list(
    _ query: SocketQuery, through kernel: any Kernel, gaps: inout [Gap],
    _ sink: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    for socket in sockets
    where query.netids.contains(socket.netid) && query.states.contains(socket.state)
      && query.families.contains(socket.family) && socket.namespace == query.namespace.inode
    {
      try sink(socket)
    }
  }
}

enum Made {
  static func v4(_ number: UInt32) -> IPAddress { IPAddress(v4: number) }
  static func mapped(_ number: UInt32) -> IPAddress {
    IPAddress(v6High: 0, low: 0xFFFF << 32 | UInt64(number))
  }

  static func listener(
    _ address: IPAddress, _ port: UInt16, length: UInt32 = 0, limit: UInt32? = 128,
    netid: Netid = .tcp, inode: UInt32 = 1
  ) -> Socket {
    let family: AddressFamily = address.isIPv6 ? .inet6 : .inet
    let state: SocketState = netid == .udp ? .close : .listen
    var socket = Socket(netid: netid, family: family, state: state)
    socket.local = Endpoint(address: address, port: port)
    socket.queues = SocketQueues(of: socket.state, length, limit)
    socket.inode = inode
    return socket
  }

  /// A connection that nobody holds, unless it has an inode.
  static func connection(
    _ address: IPAddress, _ port: UInt16, _ state: SocketState = .established,
    bytes: UInt32 = 0, age: UInt32? = nil, received: UInt32 = 0, inode: UInt32 = 0
  ) -> Socket {
    let family: AddressFamily = address.isIPv6 ? .inet6 : .inet
    var socket = Socket(netid: .tcp, family: family, state: state)
    socket.local = Endpoint(address: address, port: port)
    socket.peer = Endpoint(address: address, port: 50000)
    socket.queues = .data(unread: bytes, unacknowledged: nil)
    socket.inode = inode
    socket.details = age.map { SocketDetails(tcp: TCPInfo(bytes: info($0, received))) }
    return socket
  }

  /// `tcpi_last_data_sent` is at 44, `tcpi_last_data_recv` at 52.
  private static func info(_ lastDataSent: UInt32, _ lastDataReceived: UInt32) -> [UInt8] {
    [UInt8](repeating: 0, count: 44) + bytes(lastDataSent) + bytes(0) + bytes(lastDataReceived)
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
