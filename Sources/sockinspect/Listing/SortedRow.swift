import ProcNet

/// A socket on its way to its place in a sorted listing.
struct SortedRow {
  let socket: Socket
  let key: SortKey
  /// Rows with equal keys stay in the kernel's order.
  let position: Int

  init(_ socket: Socket, key: SortKey, _ position: Int) {
    self.socket = socket
    self.key = key
    self.position = position
  }

  func isBefore(_ other: SortedRow) -> Bool {
    key == other.key ? position < other.position : key < other.key
  }

  func isAfter(_ other: SortedRow) -> Bool {
    key == other.key ? position < other.position : other.key < key
  }
}

/// What a column shows, comparable: numbers by value, text by bytes, unknown before everything.
enum SortKey: Comparable {
  case unknown
  case number(UInt64)
  case text([UInt8])

  init(_ socket: borrowing Socket, _ surroundings: any SocketContext, _ column: Column) {
    var writer = ByteWriter(capacity: 64)
    column.render(socket, surroundings, &writer)
    let bytes = writer.bytes
    let digits = bytes.prefix { $0 >= 48 && $0 <= 57 }
    if bytes == [UInt8(ascii: "-")] {
      self = .unknown
    } else if column.isRightAligned, let number = UInt64(String(decoding: digits, as: UTF8.self)) {
      self = .number(number)
    } else {
      self = .text(bytes)
    }
  }

  static func < (left: SortKey, right: SortKey) -> Bool {
    switch (left, right) {
    case (.unknown, .unknown): false
    case (.unknown, _): true
    case (_, .unknown): false
    case (.number(let one), .number(let two)): one < two
    case (.number, .text): true
    case (.text, .number): false
    case (.text(let one), .text(let two)): one.lexicographicallyPrecedes(two)
    }
  }
}
