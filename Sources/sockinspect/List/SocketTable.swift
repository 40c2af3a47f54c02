import ProcNet

/// Sockets on a terminal, as `list` and `kill` show them.
enum SocketTable {
  static func onTerminal(
    _ columns: [Column<Socket>], showsHeader: Bool, _ colour: ColourChoice,
    _ context: any SocketContext, tail: RowTail<Socket>? = nil
  ) -> AlignedTable<Socket> {
    let output = OutputFile.standardOutput
    return AlignedTable(
      columns, showsHeader: showsHeader, width: output.width ?? (output.isTerminal ? 80 : 1 << 20),
      palette: Palette(isColoured: colour.isOn), gap: 1,
      rowTone: { context.ownership(of: $0) == .timeWait ? .faint : .plain }, tail: tail)
  }

  /// `(queued for 2.8 s)`: what a row without an owner is, where its state does not say it.
  static func appendOwnership(
    of socket: borrowing Socket, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    let ownership = context.ownership(of: socket)
    guard ownership == .queued || ownership == .orphan else { return }
    writer.append("(")
    writer.append(ownership.rawValue)
    if ownership == .queued, let age = QueueFacts.age(of: socket) {
      writer.append(" for ")
      NumberText.append(age / 100, over: 10, to: &writer)
      writer.append(" s")
    }
    writer.append(")")
  }
}

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

  /// Length of the accept queue in per cent of what fits, which is one more than its limit; nil
  /// where the limit is not known.
  static func fill(of socket: borrowing Socket) -> UInt64? {
    guard socket.state == .listen, let length = socket.receiveQueue,
      let limit = socket.sendQueue
    else { return nil }
    return UInt64(length) * 100 / (UInt64(limit) + 1)
  }
}
