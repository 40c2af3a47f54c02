import ProcNet

/// One step of a wait chain: a thread, what it does, and what it waits for.
public struct ChainLink: Sendable, Hashable {
  public var process: ProcessName
  public var thread: Int32?
  /// `recvfrom`, `running`, `stopped`; nil when it could not be seen.
  public var call: String?
  public var descriptor: Int32?
  /// Milliseconds for which it has been waiting; nil where that is not known.
  public var since: UInt64?
  public var waitsFor: Target?

  /// What is waited for.
  public struct Target: Sendable, Hashable {
    public var kind: Kind
    public var socket: SocketName?
    public var process: ProcessName?
    /// In words: `a lock at 0x7f…`.
    public var text: String
    /// The System V semaphore set, which all processes of the host share.
    var semaphoreSet: Int32?
    /// The address of a lock in memory that processes share: they have it from one parent, at the
    /// same address.
    var sharedAddress: UInt64?

    public enum Kind: String, Sendable, CaseIterable {
      case connection, acceptQueue = "accept-queue", lock, child, pipe, timer, processor, stopped
      case remote, disk, memory, output, input, unknown
    }

    public init(
      _ kind: Kind, _ text: String, socket: SocketName? = nil, process: ProcessName? = nil
    ) {
      self.kind = kind
      self.text = text
      self.socket = socket
      self.process = process
    }
  }

  public init(
    process: ProcessName, thread: Int32?, call: String?, descriptor: Int32? = nil,
    since: UInt64? = nil, waitsFor: Target? = nil
  ) {
    self.process = process
    self.thread = thread
    self.call = call
    self.descriptor = descriptor
    self.since = since
    self.waitsFor = waitsFor
  }
}
