/// A process that holds a descriptor of a socket.
public struct Owner: Sendable, Hashable {
  public var process: Int32
  public var descriptor: Int32
  /// The process's `comm`, up to 15 bytes of anything.
  public var command: [UInt8]

  public init(process: Int32, descriptor: Int32, command: [UInt8]) {
    self.process = process
    self.descriptor = descriptor
    self.command = command
  }
}
