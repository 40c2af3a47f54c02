/// The address family of a socket, with the kernel's number (`AF_*`).
public enum AddressFamily: UInt8, Sendable, CaseIterable {
  case unix = 1
  case inet = 2
  case inet6 = 10
  case packet = 17

  /// The word that ss and the filter language use.
  public var name: String {
    switch self {
    case .unix: "unix"
    case .inet: "inet"
    case .inet6: "inet6"
    case .packet: "link"
    }
  }
}
