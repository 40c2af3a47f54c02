import Glibc

/// Who is at the other end of a connection.
enum PeerName {
  /// `127.0.0.1:40000`; over a unix socket, whose clients have no name, `pid:812`.
  static func of(_ descriptor: Int32) -> String {
    let peer = unsafe SocketAddress.received { unsafe getpeername(descriptor, $0, $1) }
    return peer?.description ?? "pid:\(process(descriptor))"
  }

  /// `SO_PEERCRED`: struct ucred is three numbers of 32 bits and begins with the process id.
  private static func process(_ descriptor: Int32) -> Int32 {
    var credentials: [Int32] = [0, 0, 0]
    var length = socklen_t(12)
    unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
    return credentials[0]
  }
}
