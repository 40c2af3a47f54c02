/// The users of the host by number and by name, as `/etc/passwd` has them.
///
/// Directory services are not asked: that could wait for a network that is being diagnosed.
public struct Users: Sendable {
  private var names: [UInt32: [UInt8]] = [:]
  private var numbers: [[UInt8]: UInt32] = [:]
  /// Why there are no names.
  public private(set) var gap: Gap?

  init(_ passwd: Passwd) {
    for user in passwd.users {
      names[user.uid] = names[user.uid] ?? user.name
      numbers[user.name] = numbers[user.name] ?? user.uid
    }
  }

  /// Reads `/etc/passwd`; where that fails only root has a name, and `gap` says why.
  public init(through kernel: any Kernel) {
    do throws(KernelError) {
      self.init(Passwd(try kernel.contents(of: "/etc/passwd", limit: 64 << 20)))
    } catch {
      // Number 0 is root in every kernel, whatever a file says.
      self.init(Passwd(Array("root:x:0:".utf8)))
      gap = Gap(missing: "user names", reason: error.message)
    }
  }

  /// The name of a user, any bytes; nil when the file has none.
  public func name(of uid: UInt32) -> [UInt8]? { names[uid] }
  /// The number of a user; nil when the file has no such name.
  public func uid(of name: [UInt8]) -> UInt32? { numbers[name] }
  /// All names, in no order.
  public var all: [[UInt8]] { Array(numbers.keys) }
}

/// `/etc/passwd`: `name:password:uid:gid:comment:home:shell`, one user per line.
struct Passwd: Sendable, Equatable {
  struct User: Sendable, Equatable {
    var name: [UInt8]
    var uid: UInt32
  }

  /// In the file's order; of two with the same name or number the first counts.
  var users: [User]

  /// Lines without a name and a number (comments, references to a directory service) are left
  /// out.
  init(_ text: [UInt8]) {
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
