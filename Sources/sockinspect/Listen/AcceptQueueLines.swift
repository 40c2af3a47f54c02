import ProcNet

/// The connections that wait at a listener, one line each, below its row.
struct AcceptQueueLines {
  private let row: ListenRow
  private let context: any SocketContext
  private let palette: Palette

  init(_ row: ListenRow, _ context: any SocketContext, _ palette: Palette) {
    self.row = row
    self.context = context
    self.palette = palette
  }

  func append(to writer: inout ByteWriter) {
    for waiting in row.listener.waiting { append(waiting, to: &writer) }
    if row.withoutRow > 0, row.queue?.length != nil {
      let are = row.withoutRow == 1 ? "is" : "are"
      line("\(row.withoutRow) more \(are) counted without a row: reset, or come since", &writer)
    }
    for owner in row.listener.blocked {
      let who = "\(SafeText.string(owner.command)) (pid \(owner.process), fd \(owner.descriptor))"
      line("blocked in connect(): \(who)", &writer)
    }
  }

  private func append(_ waiting: WaitingConnection, to writer: inout ByteWriter) {
    var words = [peer(waiting)]
    if let age = waiting.age { words.append("waits \(AgeText.string(UInt64(age)))") }
    if let bytes = waiting.unreadBytes { words.append("\(bytes) bytes") }
    words.append(waiting.isAbandoned ? "\(waiting.socket.state.name) (gone)" : state(waiting))
    let clients = WaitingClients.owners(of: waiting, context)
    if !clients.isEmpty { words.append(FoldedOwners.text(clients)) }
    line(words.filter { !$0.isEmpty }.joined(separator: "  "), &writer)
  }

  private func state(_ waiting: WaitingConnection) -> String {
    waiting.socket.netid.isUnix ? "" : waiting.socket.state.name
  }

  private func peer(_ waiting: WaitingConnection) -> String {
    guard waiting.socket.netid.isInternet else {
      return waiting.clientInode.map { "* \($0)" } ?? "*"
    }
    var writer = ByteWriter(capacity: 128)
    EndpointText.appendPeer(waiting.socket, context, to: &writer)
    return writer.text
  }

  private func line(_ text: String, _ writer: inout ByteWriter) {
    writer.append("    ")
    writer.append(palette.start(.attention))
    writer.append(text)
    writer.append(palette.plain)
    writer.append(UInt8(ascii: "\n"))
  }
}

/// The processes on the client's side of a waiting connection.
enum WaitingClients {
  static func owners(
    of waiting: WaitingConnection, _ context: any SocketContext
  ) -> [Owner] {
    guard let inode = waiting.clientInode else { return [] }
    return owners(ofInode: inode, like: waiting.socket, context)
  }

  /// Those of the socket at the other end of a connection.
  static func owners(
    ofInode inode: UInt32, like socket: Socket, _ context: any SocketContext
  ) -> [Owner] {
    var other = Socket(netid: socket.netid, family: socket.family, state: .established)
    other.inode = inode
    return context.owners(of: other)
  }
}
