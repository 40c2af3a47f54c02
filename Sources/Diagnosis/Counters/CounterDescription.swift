/// What is known of one of the kernel's counters, whatever its value.
public struct CounterDescription: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Rises from 0 as long as its network namespace lives.
    case counter
    /// How many there are at the moment: goes up and down.
    case level
    /// Something that was set, or never changes: a rate would mean nothing.
    case setting
  }

  /// As `/proc` spells it: `TcpExt`, `Tcp`, `UDP6`, `sockets`.
  public let group: String
  /// `ListenOverflows`.
  public let name: String
  public let kind: Kind
  /// Of a counter what raises it, the rest of a sentence that begins with "rises each time"; of
  /// the other kinds what it is.
  public let raised: String
  /// What it means for somebody who runs the host; nil where no more is known here.
  public let meaning: String?

  /// nstat's spelling: `TcpExtListenOverflows`.
  public var fullName: String { group + name }

  public init(
    group: String, name: String, kind: Kind = .counter, raised: String, meaning: String? = nil
  ) {
    self.group = group
    self.name = name
    self.kind = kind
    self.raised = raised
    self.meaning = meaning
  }
}
