/// What a server does for a connection once it has it, whatever its model.
///
/// A handler's functions may block, burn or wait: in an event loop they do it to everybody.
protocol Handler: Sendable {
  /// Before anything is read.
  func open() throws(DemoError) -> Opening
  /// The answer to one whole message.
  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8]
  /// The client has closed or gone, or the server gives up; always follows `open`.
  func close(_ connection: Connection)
  /// Keeps connections that its clients have left: their process must live on.
  var keepsConnections: Bool { get }
}

/// What happens to a connection to begin with.
enum Opening: Equatable {
  /// Messages are read and answered.
  case converse
  /// Nothing is ever read.
  case ignore
  /// So many bytes are sent, nothing is read.
  case flood(Int)
}

extension Handler {
  func open() throws(DemoError) -> Opening { .converse }
  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] { message }
  func close(_ connection: Connection) {}
  var keepsConnections: Bool { false }
}
