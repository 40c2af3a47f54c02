/// What a load is asked to do.
public struct LoadPlan: Sendable {
  public var address: SocketAddress
  public var kind: LoadKind
  public var connections: Int
  /// At most so many connections, and at most so many messages, begin in a second.
  public var rate: Int?
  /// Messages in all, divided evenly among the connections; nil for no end.
  public var requests: Int?
  /// Nanoseconds.
  public var duration: UInt64?
  /// Nanoseconds until an unfinished connect or a missing answer is given up; nil leaves that to
  /// the kernel.
  public var patience: UInt64?
  /// Bytes of a message with its newline.
  public var messageSize: Int
  /// Nanoseconds between two reports of progress; nil for none.
  public var progressInterval: UInt64?
  /// Ends at the end of standard input.
  public var endsWithInput = false

  public init(to address: SocketAddress, kind: LoadKind = .talk, connections: Int = 10) {
    self.address = address
    self.kind = kind
    self.connections = connections
    messageSize = kind == .neverRead ? 1024 : 32
  }

  /// A client's part of the messages; the first ones take what does not divide evenly.
  func share(of client: Int) -> Int? {
    guard let requests else { return nil }
    let even = requests / max(connections, 1)
    return even + (client < requests % max(connections, 1) ? 1 : 0)
  }
}
