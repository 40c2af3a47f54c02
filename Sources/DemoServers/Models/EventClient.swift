import CLinux

/// A connection of the event loop, with all that is to be remembered between two events.
final class EventClient {
  let connection: Connection
  var reader = MessageReader()
  /// An answer that the client has not taken yet.
  var output: ArraySlice<UInt8> = []
  /// Bytes of a flood that are still to be sent.
  var flood = 0
  /// Nothing more will come from the client.
  var isAtEnd = false
  /// The events that epoll has been asked for.
  var events = SOCKINSPECT_EPOLLIN

  init(_ connection: Connection) { self.connection = connection }

  /// Sends what there is to send; false when the client must read first.
  func flush() throws(DemoError) -> Bool {
    do {
      while !output.isEmpty {
        output = output.dropFirst(try connection.send(some: output, .now))
      }
      while flood > 0 {
        flood -= try connection.send(some: Flood.piece.prefix(flood), .now)
        if flood == 0 { connection.finishSending() }
      }
    } catch {
      guard error.wouldWait else { throw error }
      return false
    }
    // An idle client holds no buffer.
    output = []
    return true
  }

  /// Reads once into the loop's buffer.
  func read(_ buffer: inout [UInt8]) throws(DemoError) {
    do {
      let count = try connection.receive(into: &buffer, .now)
      isAtEnd = count == 0
      reader.append(buffer[..<count])
    } catch {
      if !error.wouldWait { throw error }
    }
    if reader.isTooLong { throw DemoError("a message was too long") }
  }

  /// The next message to be answered.
  func nextMessage() -> [UInt8]? {
    reader.next() ?? (isAtEnd ? reader.rest() : nil)
  }
}
