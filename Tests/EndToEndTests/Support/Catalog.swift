/// What a zoo says that it holds.
struct Catalog: Decodable {
  var pid: Int32
  /// Whether the sockets are alone in a network namespace of their own.
  var `private`: Bool
  var made: [Made]
  var skipped: [Skipped]
  var named: [Named]

  struct Made: Decodable {
    var kind: String
    var fd: Int32
    var inode: UInt32
    var port: UInt16?
    /// One character per byte, U+0000 to U+00FF.
    var path: String?
  }

  struct Skipped: Decodable {
    var kind: String
    var reason: String
  }

  /// A child with a special name, given like a path.
  struct Named: Decodable {
    var pid: Int32
    var name: String

    /// Any bytes at all.
    var bytes: [UInt8] { name.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
  }

  struct NoSuchKind: Error { var kind: String }

  func first(_ kind: String) throws -> Made {
    guard let found = made.first(where: { $0.kind == kind }) else { throw NoSuchKind(kind: kind) }
    return found
  }

  func port(_ kind: String) throws -> UInt16 {
    guard let port = try first(kind).port else { throw NoSuchKind(kind: kind) }
    return port
  }
}
