import ProcNet

/// The other end of a connection in words.
struct Peers {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// The process at the other end; nil when it is not on this host or has no owner.
  func process(of socket: Socket) -> ProcessName? {
    guard let other = host.table.opposite(of: socket) ?? host.table.receiver(of: socket),
      other.inode != 0,
      let holder = host.holders(of: other.inode).first
    else { return nil }
    return host.name(holder.process)
  }

  /// `127.0.0.1:35628 (python3, pid 3135)`.
  func text(of socket: Socket) -> String {
    let place = place(of: socket)
    guard let process = process(of: socket) else { return place }
    return socket.netid.isUnix
      ? process.text : "\(place) (\(process.name), pid \(process.process))"
  }

  /// unix: the path of the server at the other end.
  func serverPath(of socket: Socket) -> String {
    let other = host.table.opposite(of: socket)
    return SocketName.path(other?.path ?? socket.path, other?.inode ?? socket.inode)
  }

  private func place(of socket: Socket) -> String {
    socket.netid.isUnix
      ? "the other end of \(SocketName.path(socket.path, socket.inode))"
      : SocketName.endpoint(socket.peer)
  }
}
