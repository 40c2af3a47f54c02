/// What must be collected before a filter can answer, beyond the bare rows.
struct FilterNeeds: OptionSet, Sendable, Hashable {
  let rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `SocketDetails.tcp`.
  static let tcp = FilterNeeds(rawValue: 1)
  /// `SocketDetails.memory`.
  static let memory = FilterNeeds(rawValue: 2)
  /// `SocketDetails.mark` and `cgroupID`.
  static let attributes = FilterNeeds(rawValue: 4)
  /// Which processes hold the socket.
  static let owners = FilterNeeds(rawValue: 8)
  /// Which processes hold the other end of a local connection.
  static let peerOwners = FilterNeeds(rawValue: 16)
  /// Whether a row is queued, an orphan, …: needs the listeners.
  static let ownership = FilterNeeds(rawValue: 32)
  static let service = FilterNeeds(rawValue: 64)
  static let container = FilterNeeds(rawValue: 128)
  /// The cgroup's path.
  static let controlGroup = FilterNeeds(rawValue: 256)
  /// Names of users.
  static let userNames = FilterNeeds(rawValue: 512)
  /// Names of network namespaces.
  static let namespaceNames = FilterNeeds(rawValue: 1024)
}
