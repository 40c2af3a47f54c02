import ProcNet

/// What has to be collected around the sockets before rows can be filtered or shown.
struct Needs: OptionSet, Sendable {
  let rawValue: UInt16

  /// `/proc/<pid>/fd` of every process.
  static let owners = Needs(rawValue: 1)
  /// The listening sockets, to tell queued connections from orphans.
  static let standing = Needs(rawValue: 2)
  /// Which socket is the other end of which.
  static let peers = Needs(rawValue: 4)
  /// Parts of the socket's details.
  static let tcp = Needs(rawValue: 8)
  static let memory = Needs(rawValue: 16)
  static let attributes = Needs(rawValue: 32)

  var details: SocketQuery.Details {
    var details: SocketQuery.Details = []
    if contains(.tcp) { details.insert(.tcp) }
    if contains(.memory) { details.insert(.memory) }
    if contains(.attributes) { details.insert(.attributes) }
    return details
  }
}
