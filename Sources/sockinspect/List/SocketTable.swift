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
      palette: Palette(isColoured: colour.isOn), style: .ofLocale, gap: 1,
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

  /// `nginx (pid 812)`, `nginx ×6 (pids 3,5 and 4 more)`; briefly `nginx`, `nginx ×6`. Of many
  /// commands the first ones: a line at most.
  static func appendOwners(
    of socket: borrowing Socket, _ context: any SocketContext, isBrief: Bool = false,
    to writer: inout ByteWriter
  ) {
    let owners = context.owners(of: socket)
    guard !owners.isEmpty else { return }
    writer.append(FoldedOwners.text(owners, most: isBrief ? 0 : 2, commands: isBrief ? 1 : 2))
  }
}

/// The processes of one command as one word: a prefork server has hundreds of them.
enum FoldedOwners {
  /// `nginx (pid 812)`, `apache2 ×6 (pids 3,5,8,13,21,34)`.
  ///
  /// - Parameter most: How many process ids to write of each command; the others are counted. With
  ///   0, no more is written than `nginx`, `apache2 ×6`. Likewise of the commands.
  static func text(_ owners: [Owner], most: Int = .max, commands: Int = .max) -> String {
    var order: [[UInt8]] = []
    var processes: [[UInt8]: Set<Int32>] = [:]
    // The index has the last found first.
    for owner in owners.reversed() {
      if processes[owner.command] == nil { order.append(owner.command) }
      processes[owner.command, default: []].insert(owner.process)
    }
    let shown = order.prefix(commands).map { command in
      text(command, (processes[command] ?? []).sorted(), most)
    }.joined(separator: ", ")
    return order.count > commands ? "\(shown) and \(order.count - commands) more" : shown
  }

  private static func text(_ command: [UInt8], _ processes: [Int32], _ most: Int) -> String {
    let name = SafeText.string(command)
    if most == 0 { return processes.count == 1 ? name : "\(name) ×\(processes.count)" }
    if processes.count == 1 { return "\(name) (pid \(processes[0]))" }
    var shown = processes.prefix(most).map(String.init).joined(separator: ",")
    if processes.count > most { shown += " and \(processes.count - most) more" }
    return "\(name) ×\(processes.count) (pids \(shown))"
  }
}

/// Puts both ends of a connection within this host one below the other.
///
/// That needs all rows at once, so it is done for the first ones only: more than a person reads on
/// a terminal, few enough to keep.
struct JoinedEnds {
  /// Rows, of some 300 bytes each.
  static let most = 10_000
  private var rows: [Socket] = []

  /// Keeps a row; false when there are enough.
  mutating func keep(_ socket: borrowing Socket) -> Bool {
    guard rows.count < Self.most else { return false }
    rows.append(copy socket)
    return true
  }

  /// The rows as they came, each followed by its other end. Keeps none.
  mutating func joined() -> [Socket] {
    let rows = self.rows
    self.rows = []
    var places: [End: Int] = [:]
    let ends = rows.map { End(of: $0) }
    for (place, end) in ends.enumerated() { if let end { places[end] = place } }
    var isDone = [Bool](repeating: false, count: rows.count)
    var order: [Socket] = []
    order.reserveCapacity(rows.count)
    for place in rows.indices where !isDone[place] {
      order.append(rows[place])
      isDone[place] = true
      guard let other = ends[place].flatMap({ places[$0.opposite] }), !isDone[other] else {
        continue
      }
      order.append(rows[other])
      isDone[other] = true
    }
    return order
  }

  /// One end of a connection, by what tells it from all others.
  private struct End: Hashable {
    var netid: Netid
    var namespace: UInt32
    var own: Side
    var peer: Side

    enum Side: Hashable {
      case address(IPAddress, UInt16)
      case inode(UInt32)
    }

    /// nil of a socket that is not connected.
    init?(of socket: borrowing Socket) {
      (netid, namespace) = (socket.netid, socket.namespace)
      if socket.netid.isUnix {
        guard let inode = socket.peerInode, inode != 0 else { return nil }
        (own, peer) = (.inode(socket.inode), .inode(inode))
        // The namespace of a unix socket does not bound its connections.
        namespace = 0
      } else {
        guard socket.netid.isInternet, socket.peer.port != 0 else { return nil }
        own = .address(socket.local.address.unmapped, socket.local.port)
        peer = .address(socket.peer.address.unmapped, socket.peer.port)
      }
    }

    var opposite: End {
      var other = self
      (other.own, other.peer) = (peer, own)
      return other
    }
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
