/// Reads whole messages from a connection and waits for them.
struct Inbox {
  private var reader = MessageReader()
  private var buffer: [UInt8]
  private var isAtEnd = false

  init(capacity: Int) { buffer = [UInt8](repeating: 0, count: capacity) }

  /// The next message; nil when the other side has closed or gone. What it sent last without a
  /// line feed counts as a message.
  mutating func message(from connection: Connection) throws(DemoError) -> [UInt8]? {
    while !isAtEnd {
      if let message = reader.next() { return message }
      guard !reader.isTooLong else { throw DemoError("a message was too long") }
      try fill(from: connection)
    }
    return reader.next() ?? reader.rest()
  }

  private mutating func fill(from connection: Connection) throws(DemoError) {
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
