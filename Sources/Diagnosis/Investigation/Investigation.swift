import ProcNet

/// Examines a host: two looks, then a closer one at whatever looks suspicious.
public struct Investigation {
  /// Where to look.
  public struct Scope {
    public var places: [NamespacePlace]
    public var source: any SocketSource
    public var moments: Moments

    public init(places: [NamespacePlace], source: any SocketSource, moments: Moments) {
      self.places = places
      self.source = source
      self.moments = moments
    }
  }

  /// What of the host the answer is to be about; findings elsewhere that cause these stay in it.
  public struct Focus {
    /// Whether a socket is meant: a listener, or a connection.
    public var includes: (borrowing Socket) -> Bool
    /// A process that is meant, whatever its sockets are.
    public var process: Int32?

    public init(process: Int32? = nil, includes: @escaping (borrowing Socket) -> Bool) {
      self.process = process
      self.includes = includes
    }
  }

  /// Looks, waits, looks again, and says what it found.
  public static func run(_ scope: Scope, focus: Focus? = nil) throws(KernelError) -> Diagnosis {
    Diagnosis(findings: [], gaps: [], scope: Diagnosis.Scope())
  }
}
