/// `/etc/passwd`: `name:password:uid:gid:comment:home:shell`, one user per line.
public struct Passwd: Sendable, Equatable {
  public struct User: Sendable, Equatable {
    public var name: [UInt8]
    public var uid: UInt32
  }

  /// In the file's order; of two with the same name or number the first counts.
  public var users: [User]

  /// Lines without a name and a number (comments, references to a directory service) are left
  /// out.
  public init(_ text: [UInt8]) {
    users = text.split(separator: 10).compactMap { line in
      let fields = line.split(separator: 58, maxSplits: 3, omittingEmptySubsequences: false)
      guard fields.count == 4, let first = fields[0].first, first != UInt8(ascii: "#"),
        first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
        let uid = UInt32(procDigits: fields[2])
      else { return nil }
      return User(name: Array(fields[0]), uid: uid)
    }
  }
}
