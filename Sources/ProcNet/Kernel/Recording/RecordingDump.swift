/// What the messages of one datagram say about the dump that they belong to.
struct RecordingDump {
  /// `NLMSG_DONE` or `NLMSG_ERROR` came: no further datagram will.
  private(set) var isOver = false
  /// `NLM_F_DUMP_INTR`: the table changed under the dump.
  private(set) var wasInterrupted = false

  init(datagram: borrowing Span<UInt8>) {
    var offset = 0
    while let header = NetlinkMessage.header(in: datagram, at: offset) {
      typealias Control = NetlinkMessage.Control
      if header.type == Control.done || header.type == Control.error { isOver = true }
      if header.flags & NetlinkMessage.Flag.dumpInterrupted != 0 { wasInterrupted = true }
      offset += NetlinkMessage.aligned(header.length)
    }
  }
}
