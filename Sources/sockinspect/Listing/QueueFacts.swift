import ProcNet

/// What the queue columns say beyond the kernel's own numbers.
enum QueueFacts {
  /// Milliseconds since the handshake of a connection that nobody has accepted.
  ///
  /// Such a socket has never sent data, so `tcpi_last_data_sent` counts from its beginning. nil
  /// for sockets that somebody holds: there the field means something else.
  static func age(of socket: borrowing Socket) -> UInt64? {
    guard socket.inode == 0, socket.netid == .tcp else { return nil }
    guard socket.state == .established || socket.state == .closeWait else { return nil }
    return socket.details?.tcp?[.lastDataSent]
  }

  /// Length of the accept queue in per cent of its limit; nil where the limit is not known.
  static func fill(of socket: borrowing Socket) -> UInt64? {
    guard socket.state == .listen, let length = socket.receiveQueue,
      let limit = socket.sendQueue
    else { return nil }
    // A limit of 0 still holds one connection.
    return limit == 0 ? UInt64(length) * 100 : UInt64(length) * 100 / UInt64(limit)
  }
}
