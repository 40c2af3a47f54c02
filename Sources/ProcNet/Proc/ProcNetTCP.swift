/// `/proc/net/tcp` and `/proc/net/tcp6`: a row per TCP socket.
///
///     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid …
///      1: 0100007F:A4F7 0100007F:8060 01 00000000:00000005 00:00000000 00000000     0 …
///
/// The pointer near the end of a row is not the cookie of sock_diag, so the cookie stays nil.
enum ProcNetTCP {
  /// The socket of one line; nil when the line is not a row.
  static func decode(line: Span<UInt8>, family: AddressFamily) -> Socket? {
    var fields = FieldReader(line)
    guard let row = ProcNetInternetRow(&fields, family) else { return nil }
    var socket = row.socket(.tcp, family)
    socket.timer = timer(row)
    // `tx_queue` of a listener is 0 whatever its limit is.
    if socket.state == .listen { socket.queues = .accept(waiting: row.recvQ, limit: nil) }
    // A socket in TIME-WAIT has forgotten its owner; the kernel writes 0 there.
    if socket.state == .timeWait && row.uid == 0 { socket.uid = nil }
    return socket
  }

  static func isHeader(_ line: Span<UInt8>) -> Bool { line.isInternetHeader }

  /// What `retrnsmt` and `timeout` count goes on counting without a timer; sock_diag and we don't.
  private static func timer(_ row: ProcNetInternetRow) -> SocketTimer {
    let count: UInt32
    switch row.timer.kind {
    case 0: count = 0
    case 1: count = row.retransmits
    default: count = row.probes
    }
    return SocketTimer(
      kind: row.timer.kind, expires: milliseconds(row.timer.ticks),
      retransmits: UInt8(clamping: count))
  }

  private static func milliseconds(_ ticks: UInt64) -> UInt32 {
    UInt32(clamping: ticks) *| 10
  }
}
