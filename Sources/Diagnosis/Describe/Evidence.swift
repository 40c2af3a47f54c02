import ProcNet

/// One fact that a finding rests on, and its source.
public struct Evidence: Sendable, Hashable {
  /// What it is: `accept queue`.
  public var fact: String
  public var value: Value
  /// `connections`, `ms`, `bytes`; nil for words and bare numbers.
  public var unit: String?
  /// `sock_diag idiag_rqueue`, `/proc/3040/syscall`.
  public var source: String
  /// The process, thread or connection that the fact belongs to.
  public var place = Place()

  public enum Value: Sendable, Hashable {
    case number(Int64)
    case text(String)
    case flag(Bool)
  }

  /// The process, thread, descriptor and connection that a fact belongs to.
  public struct Place: Sendable, Hashable {
    public var process: Int32?
    public var thread: Int32?
    public var descriptor: Int32?
    public var local: Endpoint?
    public var peer: Endpoint?
    /// unix: the path.
    public var path: [UInt8]?

    public init() {}
  }

  public init(_ fact: String, _ value: Value, unit: String? = nil, source: String) {
    self.fact = fact
    self.value = value
    self.unit = unit
    self.source = source
  }

  public init(_ fact: String, _ number: some BinaryInteger, unit: String? = nil, source: String) {
    self.init(fact, .number(Int64(clamping: number)), unit: unit, source: source)
  }

  public init(_ fact: String, _ text: String, source: String) {
    self.init(fact, .text(text), source: source)
  }

  /// The same with a process and thread.
  public func of(process: Int32?, thread: Int32? = nil, descriptor: Int32? = nil) -> Evidence {
    var copy = self
    copy.place.process = process ?? place.process
    copy.place.thread = thread ?? place.thread
    copy.place.descriptor = descriptor ?? place.descriptor
    return copy
  }

  /// The same with a connection.
  public func on(_ socket: borrowing Socket) -> Evidence {
    var copy = self
    if socket.netid.isUnix {
      copy.place.path = socket.path
    } else {
      copy.place.local = socket.local
      if socket.peer.port != 0 { copy.place.peer = socket.peer }
    }
    return copy
  }
}
