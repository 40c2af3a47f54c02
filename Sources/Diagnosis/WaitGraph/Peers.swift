import ProcNet

/// The other end of a connection in words.
struct Peers {
  let file: CaseFile

  init(_ file: CaseFile) { self.file = file }

  /// The process at the other end; nil when it is not on this host or not held.
  func process(of socket: Socket) -> ProcessName? {
    guard let other = file.table.opposite(of: socket) ?? file.table.receiver(of: socket),
      other.inode != 0,
      let holder = file.holders(of: other.inode).first
    else { return nil }
    return file.name(holder.process)
  }

  /// `127.0.0.1:35628 (python3, pid 3135)`.
  func text(of socket: Socket) -> String {
    let place = place(of: socket)
    guard let process = process(of: socket) else { return place }
    return socket.netid.isUnix
      ? process.text : "\(place) (\(process.name), pid \(process.process))"
  }

  private func place(of socket: Socket) -> String {
    socket.netid.isUnix
      ? "the other end of \(Words.path(socket.path, socket.inode))" : Words.endpoint(socket.peer)
  }
}
