import ProcNet

/// Something that goes wrong in a `FaultyKernel`.
public struct Fault: Sendable {
  public enum Operation: Sendable {
    case read, list, link, identity, walk, ask, memory
  }

  public enum Kind: Sendable {
    /// Fails at once with an error number.
    case fails(Int32)
    /// Passes on so many bytes of a file, descriptors of a process or datagrams of an answer,
    /// then fails.
    case failsAfter(Int, Int32)
    /// Passes a file on in pieces of so many bytes.
    case shortPieces(Int)
    /// Sets `NLM_F_DUMP_INTR` in every message of the answer.
    case interruptedDump
    /// Cuts each datagram of the answer to so many bytes.
    case truncatedDatagram(Int)
    /// Gives every message of the answer another sequence number.
    case wrongSequence
    /// Gives the first message of the answer another length.
    case wrongLength(UInt32)
  }

  public var operation: Operation
  /// The path, for a walk `/proc/<pid>/fd`, for memory `/proc/<pid>/mem`, for netlink the namespace path (empty for our own);
  /// nil for every path.
  public var path: String?
  public var kind: Kind
  /// How often it happens before all is well; nil for always.
  public var times: Int?

  public init(_ operation: Operation, _ path: String? = nil, _ kind: Kind, times: Int? = nil) {
    self.operation = operation
    self.path = path
    self.kind = kind
    self.times = times
  }
}
