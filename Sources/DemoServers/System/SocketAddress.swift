import Glibc

/// Where a socket is: an internet address with its port, or a unix name.
public enum SocketAddress: Sendable, Hashable {
  /// Dotted numbers, port.
  case ip4(host: String, port: UInt16)
  /// Numbers with colons and without brackets, port.
  case ip6(host: String, port: UInt16)
  /// A file.
  case path(String)
  /// A name in the abstract namespace, without the leading `@`.
  case abstract(String)

  /// 127.0.0.1; with port 0, a port that the kernel chooses.
  static func loopback(_ port: UInt16 = 0) -> SocketAddress {
    .ip4(host: "127.0.0.1", port: port)
  }

  /// The port of an internet address.
  public var port: UInt16? {
    switch self {
    case .ip4(_, let port), .ip6(_, let port): port
    case .path, .abstract: nil
    }
  }

  /// The address without port or brackets.
  public var host: String? {
    switch self {
    case .ip4(let host, _), .ip6(let host, _): host
    case .path, .abstract: nil
    }
  }

  /// Reachable from this host only.
  public var isLocal: Bool {
    switch self {
    case .ip4(let host, _): host.hasPrefix("127.")
    case .ip6(let host, _): host == "::1" || host.hasPrefix("::ffff:127.")
    case .path, .abstract: true
    }
  }
}

extension SocketAddress: CustomStringConvertible {
  /// As `init(_:)` reads it: `127.0.0.1:9000`, `[::1]:9000`, `unix:/run/x`, `unix:@name`.
  public var description: String {
    switch self {
    case .ip4(let host, let port): "\(host):\(port)"
    case .ip6(let host, let port): "[\(host)]:\(port)"
    case .path(let path): "unix:\(path)"
    case .abstract(let name): "unix:@\(name)"
    }
  }
}

extension SocketAddress {
  /// Reads `HOST:PORT`, `[HOST]:PORT`, `:PORT` (this host), `unix:PATH` and `unix:@NAME`.
  public init(_ text: String) throws(DemoError) {
    if text.hasPrefix("unix:") {
      self = try Self.unix(String(text.dropFirst(5)))
      return
    }
    guard let colon = text.lastIndex(of: ":") else {
      throw .usage("'\(text)' has no port; write HOST:PORT or unix:PATH")
    }
    let host = text[..<colon]
    let port = try Self.port(text[text.index(after: colon)...])
    guard !host.contains(":") || host.hasPrefix("[") else {
      throw .usage("'\(text)' needs brackets around its address: [\(host)]:\(port)")
    }
    self = try Self.internet(host.isEmpty ? "127.0.0.1" : String(host), port: port)
  }

  /// A path, or a name in the abstract namespace after `@`.
  public static func unix(_ name: String) throws(DemoError) -> SocketAddress {
    guard !name.isEmpty, name != "@" else { throw .usage("the unix socket needs a name") }
    // sun_path has 108 bytes, and a path ends with a zero byte.
    guard name.utf8.count < 108, !name.utf8.contains(0) else {
      throw .usage("the unix name '\(name.prefix(40))…' does not fit into 107 bytes")
    }
    return name.hasPrefix("@") ? .abstract(String(name.dropFirst())) : .path(name)
  }

  /// An address in numbers; `localhost` and `*` (any address) are the only names.
  public static func internet(_ host: String, port: UInt16) throws(DemoError) -> SocketAddress {
    switch host {
    case "localhost": return .ip4(host: "127.0.0.1", port: port)
    case "*": return .ip4(host: "0.0.0.0", port: port)
    default: break
    }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let bare = isBracketed ? String(host.dropFirst().dropLast()) : host
    var address = in6_addr()
    if unsafe inet_pton(AF_INET, bare, &address) == 1 { return .ip4(host: bare, port: port) }
    if unsafe inet_pton(AF_INET6, bare, &address) == 1 { return .ip6(host: bare, port: port) }
    throw .usage("'\(host)' is not an address; write numbers such as 127.0.0.1 or [::1]")
  }

  /// A port from 0 to 65535, in digits only.
  static func port(_ text: some StringProtocol) throws(DemoError) -> UInt16 {
    guard let port = UInt16(text), text.first != "+" else {
      throw .usage("'\(text)' is not a port; ports go from 0 to 65535")
    }
    return port
  }
}

/// The kernel's form of an address (`struct sockaddr_*`).
extension SocketAddress {
  /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
  var family: Int32 {
    switch self {
    case .ip4: AF_INET
    case .ip6: AF_INET6
    case .path, .abstract: AF_UNIX
    }
  }

  /// Lends the kernel's form to one call.
  func withSockaddr<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var storage = sockaddr_storage()
    let length = unsafe withUnsafeMutableBytes(of: &storage) { unsafe fill($0) }
    return unsafe withUnsafePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(length))
      }
    }
  }

  /// Answers how many bytes count. Hosts were checked when they were read.
  private func fill(_ memory: UnsafeMutableRawBufferPointer) -> Int {
    switch self {
    case .ip4(let host, let port):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      unsafe inet_pton(AF_INET, host, &address.sin_addr)
      unsafe memory.storeBytes(of: address, as: sockaddr_in.self)
      return MemoryLayout<sockaddr_in>.size
    case .ip6(let host, let port):
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      unsafe inet_pton(AF_INET6, host, &address.sin6_addr)
      unsafe memory.storeBytes(of: address, as: sockaddr_in6.self)
      return MemoryLayout<sockaddr_in6>.size
    case .path(let path): return unsafe fill(memory, Array(path.utf8) + [0])
    case .abstract(let name): return unsafe fill(memory, [0] + Array(name.utf8))
    }
  }

  /// A unix name: two bytes of family, then its bytes.
  private func fill(_ memory: UnsafeMutableRawBufferPointer, _ name: [UInt8]) -> Int {
    unsafe memory.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: memory.dropFirst(2))
    unsafe room.copyBytes(from: name.prefix(108))
    return 2 + min(name.count, 108)
  }

  /// The address that a call writes (accept, getsockname, getpeername); nil for none.
  static func received(
    _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Void
  ) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe call($0, &length)
      }
    }
    return SocketAddress(storage, length: length)
  }

  /// Reads what the kernel wrote; nil for a socket without a name.
  private init?(_ storage: sockaddr_storage, length: socklen_t) {
    var copy = storage
    let bytes = unsafe withUnsafeBytes(of: &copy) { unsafe Array($0.prefix(Int(length))) }
    switch Int32(storage.ss_family) {
    case AF_INET where bytes.count >= 8:
      self = .ip4(host: Self.text(AF_INET, Array(bytes[4..<8])), port: Self.port(bytes))
    case AF_INET6 where bytes.count >= 24:
      self = .ip6(host: Self.text(AF_INET6, Array(bytes[8..<24])), port: Self.port(bytes))
    case AF_UNIX where bytes.count > 2:
      let name = bytes[2...]
      let isAbstract = name.first == 0
      let text = isAbstract ? name.dropFirst() : name.prefix { $0 != 0 }
      let word = String(decoding: text, as: UTF8.self)
      self = isAbstract ? .abstract(word) : .path(word)
    default: return nil
    }
  }

  private static func port(_ bytes: [UInt8]) -> UInt16 {
    UInt16(bytes[2]) << 8 | UInt16(bytes[3])
  }

  private static func text(_ family: Int32, _ address: [UInt8]) -> String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard unsafe inet_ntop(family, address, &text, socklen_t(text.count)) != nil else { return "?" }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
