import ProcNet

/// One row as text, before the widths of the columns are known.
struct RenderedRow {
  var cells: [[UInt8]] = []
  var details: [UInt8] = []
  private let state: SocketState
  private let isFull: Bool
  private let standing: Ownership

  init(_ socket: borrowing Socket, _ surroundings: any SocketContext, _ layout: TableLayout) {
    state = socket.state
    isFull = (QueueFacts.fill(of: socket) ?? 0) > 100
    standing = surroundings.standing(of: socket)
    var writer = ByteWriter(capacity: 512)
    for column in layout.columns {
      writer.clear()
      column.render(socket, surroundings, &writer)
      cells.append(writer.bytes)
    }
    writer.clear()
    if layout.notesStanding, Self.saysMoreThanState(standing) {
      Self.appendStanding(standing, socket, &writer)
    }
    layout.details.append(socket, surroundings, to: &writer)
    details = writer.bytes
    if details.first == UInt8(ascii: " ") { details.removeFirst() }
  }

  private static func saysMoreThanState(_ standing: Ownership) -> Bool {
    standing != .held && standing != .timeWait && standing != .handshake
  }

  /// `(queued for 2.8 s)`: rows without a holder say what they are.
  private static func appendStanding(
    _ standing: Ownership, _ socket: borrowing Socket, _ writer: inout ByteWriter
  ) {
    writer.append("(")
    writer.append(standing.rawValue)
    if standing == .queued, let age = QueueFacts.age(of: socket) {
      writer.append(" for ")
      NumberText.append(age / 100, over: 10, to: &writer)
      writer.append(" s")
    }
    writer.append(")")
  }

  func tone(ofColumn name: String) -> Palette.Tone {
    switch name {
    case "recv-q" where isFull: .alarm
    case "state": stateTone
    default: standing == .timeWait ? .faint : .plain
    }
  }

  private var stateTone: Palette.Tone {
    switch state {
    case .listen: isFull ? .alarm : .listener
    case .established: standing == .queued ? .attention : .good
    case .timeWait: .faint
    case .close: .plain
    default: .attention
    }
  }
}
