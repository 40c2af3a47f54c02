import ProcNet

/// How a listing is written out, row by row as the rows arrive.
protocol ListFormat {
  mutating func begin(_ writer: inout ByteWriter)
  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ writer: inout ByteWriter)
  /// Ends the listing; the gaps are what could not be looked at.
  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter)
}

/// What stands around every report: which command, of which host, when.
struct ReportHead: Sendable {
  var command: String
  /// Milliseconds since 1970.
  var time: UInt64
  var host: [UInt8]
  var kernel: [UInt8]
}
