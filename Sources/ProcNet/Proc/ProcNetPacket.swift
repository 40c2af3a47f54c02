/// `/proc/net/packet`: a row per packet socket.
///
///     sk               RefCnt Type Proto  Iface R Rmem   User   Inode
///     00000000b570c794 3      3    0003   0     1 236296 0      32476
///
/// `Type` is `SOCK_RAW` (3) or cooked, `Proto` an ethernet protocol in host order, `R` whether the
/// socket is attached, `Rmem` the memory of what waits to be read.
enum ProcNetPacket {
  /// The socket of one line; nil when the line is not a row.
  static func decode(line: Span<UInt8>) -> Socket? {
    var fields = FieldReader(line)
    guard fields.skipPointer(), fields.decimalColumn() != nil,
      let type = fields.decimalColumn(),
      let packetProtocol = fields.hexadecimalColumn(most: 4),
      let interface = fields.decimalColumn(), fields.decimalColumn() != nil,
      let memory = fields.decimalColumn(), let uid = fields.decimalColumn(),
      let inode = fields.decimalColumn(), fields.isAtEnd || fields.isAtSpace
    else { return nil }
    let netid: Netid = type == 3 ? .packetRaw : .packetDatagram
    var socket = Socket(netid: netid, family: .packet, state: .close)
    socket.packetProtocol = UInt16(truncatingIfNeeded: packetProtocol)
    socket.interface = interface
    socket.queues = .data(unread: memory, unacknowledged: nil)
    socket.uid = uid
    socket.inode = inode
    return socket
  }

  static func isHeader(_ line: Span<UInt8>) -> Bool {
    var fields = FieldReader(line)
    return fields.skip(word: "sk ")
  }
}
