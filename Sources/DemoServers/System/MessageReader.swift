/// Cuts what arrives into whole messages, which end with a line feed.
///
/// Packets are not messages: one may hold many, and one message may need many, cut anywhere,
/// also within a character. An idle reader holds no memory.
struct MessageReader {
  /// More than this without a line feed is an attempt on our memory, not a message.
  static let longest = 64 << 20

  private var bytes: [UInt8] = []
  /// Bytes before this one belong to messages that were taken.
  private var start = 0
  /// No line feed is between `start` and here.
  private var searched = 0
  /// What is longer is handed out in parts.
  private let longestPart: Int

  init(longestPart: Int = .max) { self.longestPart = max(longestPart, 4) }

  /// Bytes that are not yet a message.
  var count: Int { bytes.count - start }
  var isTooLong: Bool { count > Self.longest }

  mutating func append(_ piece: ArraySlice<UInt8>) {
    // Cheap on average: what is moved is less than what was taken.
    if start > count {
      bytes.removeFirst(start)
      (start, searched) = (0, searched - start)
    }
    bytes += piece
  }

  /// The next whole message with its line feed, or a part of one that is too long; nil until
  /// there is one.
  mutating func next() -> [UInt8]? {
    if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      return take(upTo: end + 1)
    }
    searched = bytes.count
    return count >= longestPart ? take(upTo: endOfCharacters) : nil
  }

  /// What was sent after the last line feed, once nothing more can come; nil when nothing was.
  mutating func rest() -> [UInt8]? { count > 0 ? take(upTo: bytes.count) : nil }

  private mutating func take(upTo end: Int) -> [UInt8] {
    let message = Array(bytes[start..<end])
    (start, searched) = (end, max(searched, end))
    if start == bytes.count { self = MessageReader(longestPart: longestPart) }
    return message
  }

  /// Before the last character if that may be incomplete: a part never ends inside one.
  private var endOfCharacters: Int {
    for index in (max(start + 1, bytes.count - 4)..<bytes.count).reversed() {
      // 10xxxxxx goes on with a character, 11xxxxxx begins one of several bytes.
      if bytes[index] & 0xC0 == 0x80 { continue }
      return bytes[index] >= 0xC0 ? index : bytes.count
    }
    return bytes.count
  }
}

/// Reads whole messages from a connection and waits for them.
struct Inbox {
  private var reader = MessageReader()
  private var buffer: [UInt8]
  private var isAtEnd = false

  init(capacity: Int) { buffer = [UInt8](repeating: 0, count: capacity) }

  /// The next message; nil when the other side has closed or gone. What it sent last without a
  /// line feed counts as a message.
  mutating func message(from connection: Socket) throws(DemoError) -> [UInt8]? {
    while !isAtEnd {
      if let message = reader.next() { return message }
      guard !reader.isTooLong else { throw DemoError("a message was too long") }
      try fill(from: connection)
    }
    return reader.next() ?? reader.rest()
  }

  private mutating func fill(from connection: Socket) throws(DemoError) {
    do {
      let count = try connection.receive(into: &buffer)
      reader.append(buffer[..<count])
      isAtEnd = count == 0
    } catch {
      guard error.isPeerGone else { throw error }
      reader = MessageReader()
      isAtEnd = true
    }
  }
}
