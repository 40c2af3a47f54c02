import ProcNet

/// One column of a listing: described once, used by the table, CSV, `--list-columns`, `--sort`
/// and the manual.
struct Column: Sendable {
  /// As typed after `--columns`, and the heading of CSV.
  let name: String
  /// The heading of the table.
  let header: String
  /// What it shows, in a few words.
  let meaning: String
  let needs: Needs
  let isRightAligned: Bool
  let render: @Sendable (borrowing Socket, any SocketContext, inout ByteWriter) -> Void

  init(
    _ name: String, _ header: String, _ meaning: String, needs: Needs = [],
    right: Bool = false,
    render: @escaping @Sendable (borrowing Socket, any SocketContext, inout ByteWriter) -> Void
  ) {
    self.name = name
    self.header = header
    self.meaning = meaning
    self.needs = needs
    isRightAligned = right
    self.render = render
  }

  /// A column of one number that the source may not tell; unknown shows as `-`.
  static func number(
    _ name: String, _ header: String, _ meaning: String, needs: Needs = [],
    _ value: @escaping @Sendable (borrowing Socket) -> UInt64?
  ) -> Column {
    Column(name, header, meaning, needs: needs, right: true) { socket, _, writer in
      if let number = value(socket) {
        writer.append(decimal: number)
      } else {
        writer.append(UInt8(ascii: "-"))
      }
    }
  }

  /// A column of text out of the surroundings; unknown shows as `-`.
  static func text(
    _ name: String, _ header: String, _ meaning: String, needs: Needs,
    _ value: @escaping @Sendable (borrowing Socket, any SocketContext) -> [UInt8]?
  ) -> Column {
    Column(name, header, meaning, needs: needs) { socket, surroundings, writer in
      if let text = value(socket, surroundings) {
        SafeText.append(text, to: &writer)
      } else {
        writer.append(UInt8(ascii: "-"))
      }
    }
  }
}

extension Column {
  /// Every column there is.
  static let all: [Column] = socketColumns + processColumns + detailColumns + tcpColumns

  static func named(_ name: String) -> Column? { all.first { $0.name == name } }
}
