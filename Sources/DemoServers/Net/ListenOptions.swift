/// How a listening socket is to be made.
public struct ListenOptions: Sendable {
  public var address: SocketAddress
  /// Connections that may wait for accept; the kernel cuts it to net.core.somaxconn.
  public var backlog: Int32
  /// `SO_REUSEPORT`, set before bind: several sockets share the port, each with its own queue.
  public var sharesPort = false
  /// `SO_REUSEADDR`: bind in spite of connections in TIME-WAIT.
  public var reusesAddress = false

  public init(_ address: SocketAddress, backlog: Int32 = 128) {
    self.address = address
    self.backlog = backlog
  }
}
