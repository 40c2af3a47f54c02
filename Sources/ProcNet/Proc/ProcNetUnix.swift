/// `/proc/net/unix`: a row per unix socket.
///
///     Num               RefCount Protocol Flags    Type St Inode Path
///     00000000df59cbab: 00000002 00000000 00010000 0001 01 32478 /run/a b
///
/// The path is the rest of the line, raw: it may hold spaces and even newlines, so a line that is
/// no row goes on with the path of the row before it. An abstract name begins with `@`, and a
/// zero byte inside it looks like `@` too. The file can be misled: a path may imitate a row, and
/// a file called `@x` looks like an abstract name. sock_diag is not misled.
enum ProcNetUnix {
  /// Bytes of `sun_path`.
  static let longestPath = 108

  /// The socket of one line; nil when the line is not the beginning of a row.
  static func decode(line: Span<UInt8>) -> Socket? {
    var fields = FieldReader(line)
    guard fields.skipPointer(), fields.skip(":"),
      fields.hexadecimalColumn(most: 8) != nil, fields.hexadecimalColumn(most: 8) != nil,
      let flags = fields.hexadecimalColumn(most: 8),
      let netid = fields.hexadecimalColumn(most: 4).flatMap(netid),
      let state = fields.hexadecimalColumn(most: 2).flatMap({ state($0, flags: flags) }),
      let inode = fields.decimalColumn(), fields.isAtEnd || fields.isAtSpace,
      fields.rest.count <= 1 + longestPath
    else { return nil }
    var socket = Socket(netid: netid, family: .unix, state: state)
    socket.inode = inode
    socket.path = path(&fields)
    return socket
  }

  /// Adds a line to the path of the row before it; false when it can't belong to it.
  static func extend(_ socket: inout Socket, with line: Span<UInt8>) -> Bool {
    guard let length = socket.path?.count, length + 1 + line.count <= longestPath
    else { return false }
    socket.path?.append(10)
    for index in line.indices { socket.path?.append(line[index]) }
    return true
  }

  static func isHeader(_ line: Span<UInt8>) -> Bool {
    var fields = FieldReader(line)
    return fields.skip(word: "Num ")
  }

  /// `SOCK_STREAM` 1, `SOCK_DGRAM` 2, `SOCK_SEQPACKET` 5.
  private static func netid(_ type: UInt64) -> Netid? {
    switch type {
    case 1: .unixStream
    case 2: .unixDatagram
    case 5: .unixSeqpacket
    default: nil
    }
  }

  /// The state that sock_diag would tell. `SS_CONNECTING` is the end of a connection that waits
  /// for accept: no program has it yet, but it is connected.
  private static func state(_ state: UInt64, flags: UInt64) -> SocketState? {
    let acceptsConnections: UInt64 = 0x10000  // __SO_ACCEPTCON
    if flags & acceptsConnections != 0 { return .listen }
    switch state {
    case 1: return .close  // SS_UNCONNECTED
    case 2, 3: return .established  // SS_CONNECTING, SS_CONNECTED
    case 4: return .close  // SS_DISCONNECTING
    default: return nil
    }
  }

  /// What follows the one space behind the inode; nil when there is nothing.
  private static func path(_ fields: inout FieldReader) -> [UInt8]? {
    guard fields.skip(" "), !fields.isAtEnd else { return nil }
    var path = fields.rest.copied()
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    return path
  }
}
