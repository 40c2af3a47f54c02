/// Cuts what arrives into whole messages, which end with a line feed.
///
/// Packets are no messages: one may hold many, and one message may need many, cut anywhere,
/// also within a character. An idle reader holds no memory.
struct MessageReader {
  /// More than this without a line feed is no message but an attempt on our memory.
  static let longest = 64 << 20

  private var bytes: [UInt8] = []
  /// Bytes before this one belong to messages that were taken.
  private var start = 0
  /// No line feed is between `start` and here.
  private var searched = 0

  var isTooLong: Bool { bytes.count - start > Self.longest }

  mutating func append(_ piece: ArraySlice<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes += piece
  }

  /// The next whole message with its line feed; nil until there is one.
  mutating func next() -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = bytes.count
      return nil
    }
    let message = Array(bytes[start...end])
    (start, searched) = (end + 1, end + 1)
    if start == bytes.count { self = MessageReader() }
    return message
  }

  /// What was sent after the last line feed, once nothing more can come; nil when nothing was.
  mutating func rest() -> [UInt8]? {
    let rest = Array(bytes[start...])
    self = MessageReader()
    return rest.isEmpty ? nil : rest
  }
}
