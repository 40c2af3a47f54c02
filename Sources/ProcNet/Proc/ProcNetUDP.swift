/// `/proc/net/{udp,udp6,raw,raw6}`: a row per UDP or raw socket.
///
///       sl  local_address rem_address   st tx_queue rx_queue … inode ref pointer drops
///     6273: 0100007F:C610 00000000:0000 07 00000000:00000F00 … 32471 2 000000006f46efa2 17
///
/// The local port of a raw socket is its IP protocol.
enum ProcNetUDP {
  /// The socket of one line; nil when the line is not a row.
  ///
  /// With `drops` the number of datagrams dropped at the socket is put into its details.
  static func decode(
    line: Span<UInt8>, netid: Netid, family: AddressFamily, drops: Bool
  ) -> Socket? {
    var fields = FieldReader(line)
    guard let row = ProcNetInternetRow(&fields, family) else { return nil }
    var socket = row.socket(netid, family)
    if drops, let count = Self.drops(&fields) { socket.details = SocketDetails(drops: count) }
    return socket
  }

  static func isHeader(_ line: Span<UInt8>) -> Bool { line.isInternetHeader }

  /// The last column (since Linux 2.6.27), behind `ref` and `pointer`.
  private static func drops(_ fields: inout FieldReader) -> UInt32? {
    fields.skipColumn() && fields.skipColumn() ? fields.decimalColumn() : nil
  }
}
