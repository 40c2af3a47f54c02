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
    if ownership == .queued, let age = socket.queuedAge {
      writer.append(" for ")
      NumberText.append(age / 100, over: 10, to: &writer)
      writer.append(" s")
    }
    writer.append(")")
  }
}

extension Socket {
  /// Milliseconds since the handshake of a connection that waits in an accept queue.
  ///
  /// Such a socket has never sent data, so `tcpi_last_data_sent` counts from its beginning. nil
  /// for sockets with an owner: there the field means something else.
  var queuedAge: UInt64? {
    guard inode == 0, netid == .tcp, state == .established || state == .closeWait else {
      return nil
    }
    return details?.tcp?[.lastDataSent]
  }
}
