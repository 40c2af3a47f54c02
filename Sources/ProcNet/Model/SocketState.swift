/// The state of a socket, with the kernel's number (`TCP_ESTABLISHED` … in `net/tcp_states.h`).
///
/// All families use TCP's numbers: an unconnected UDP socket is `close`. A number that this
/// program does not know is kept and shown as `state 13`.
public struct SocketState: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let established = SocketState(rawValue: 1)
  public static let synSent = SocketState(rawValue: 2)
  public static let synReceived = SocketState(rawValue: 3)
  public static let finWait1 = SocketState(rawValue: 4)
  public static let finWait2 = SocketState(rawValue: 5)
  public static let timeWait = SocketState(rawValue: 6)
  public static let close = SocketState(rawValue: 7)
  public static let closeWait = SocketState(rawValue: 8)
  public static let lastAck = SocketState(rawValue: 9)
  public static let listen = SocketState(rawValue: 10)
  public static let closing = SocketState(rawValue: 11)
  /// `TCP_NEW_SYN_RECV`: a connection request; dumps show it as `synReceived`.
  public static let newSynReceived = SocketState(rawValue: 12)
  /// `TCP_BOUND_INACTIVE`: bound, neither listening nor connected (dumped since Linux 6.8, where
  /// it is asked for; the kernel's rows then say `close`).
  public static let boundInactive = SocketState(rawValue: 13)

  /// Known states in the kernel's order.
  public static let known: [SocketState] = (1...13).map { SocketState(rawValue: $0) }

  private static let names: [StaticString] = [
    "UNKNOWN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
    "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING", "SYN-RECV", "BOUND",
  ]

  /// The name on the screen, ss's; nil for a number that is not known.
  public var knownName: StaticString? {
    rawValue > 0 && rawValue < Self.names.count ? Self.names[Int(rawValue)] : nil
  }

  /// The name on the screen, or `state N`.
  public var name: String { knownName.map(\.description) ?? "state \(rawValue)" }
}

/// A set of states as sock_diag takes it: bit N stands for state N (`idiag_states`).
public struct StateSet: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public init(_ state: SocketState) { self.init(rawValue: 1 << UInt32(state.rawValue & 31)) }

  /// ss's `SS_ALL`, with room for states that a newer kernel adds (all but bound-inactive,
  /// which is asked for by name only).
  public static let all = StateSet(rawValue: 0xFFF)
  /// With what is bound but inactive: all that keeps a port.
  public static let every = all.union(StateSet(.boundInactive))
  /// Everything but listening and unconnected.
  public static let connected = all.subtracting([StateSet(.listen), StateSet(.close)])
  /// What ss lists without options: connected without TIME-WAIT and SYN-RECV.
  public static let usual = connected.subtracting([StateSet(.timeWait), StateSet(.synReceived)])
  public static let listening: StateSet = [StateSet(.listen), StateSet(.close)]

  public func contains(_ state: SocketState) -> Bool {
    rawValue & (1 << UInt32(state.rawValue & 31)) != 0
  }
  public var isSingle: Bool { rawValue != 0 && rawValue & (rawValue - 1) == 0 }
}
