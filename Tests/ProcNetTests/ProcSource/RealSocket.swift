import Glibc

/// A socket that a test opens; it closes itself.
struct RealSocket: ~Copyable {
  let number: Int32

  struct Failure: Error {
    var call: String
    var number: Int32
  }

  deinit { close(number) }

  static func canOpen(_ family: Int32, _ type: __socket_type) -> Bool {
    guard let socket = try? opened(family, type, type == SOCK_RAW ? 1 : 0) else { return false }
    return family != AF_INET6 || socket.bindsToLoopback
  }

  static func opened(
    _ family: Int32, _ type: __socket_type, _ protocolNumber: Int32 = 0
  ) throws -> RealSocket {
    let number = Glibc.socket(
      family, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), protocolNumber)
    try check("socket", number)
    return RealSocket(number: number)
  }

  /// Bound to a free port of the loopback address.
  static func bound(_ family: Int32, _ type: __socket_type) throws -> RealSocket {
    let socket = try opened(family, type)
    try socket.bindToLoopback(family)
    return socket
  }

  /// A unix stream socket with this path; a first zero byte makes it abstract.
  static func bound(toPath path: [UInt8]) throws -> RealSocket {
    let socket = try opened(AF_UNIX, SOCK_STREAM)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    try check("bind", withSocketAddress(address) { bind(socket.number, $0, length) })
    return socket
  }

  /// Of the same kind as another one, and connected to its address.
  static func connected(to other: borrowing RealSocket) throws -> RealSocket {
    var (address, length) = try other.address()
    let family = Int32(address.ss_family)
    let socket = try opened(family, other.type)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket.number, $0, length) }
    }
    try check("connect", result)
    return socket
  }

  var inode: UInt32 {
    var status = stat()
    return fstat(number, &status) == 0 ? UInt32(truncatingIfNeeded: status.st_ino) : 0
  }

  var port: UInt16 {
    guard var (address, _) = try? address() else { return 0 }
    // The port has the same place in both families' addresses.
    return withUnsafeBytes(of: &address) {
      UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
  }

  private var type: __socket_type {
    var type: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &length)
    return __socket_type(UInt32(bitPattern: type))
  }

  private var bindsToLoopback: Bool {
    do { try bindToLoopback(AF_INET6) } catch { return false }
    return true
  }

  private func bindToLoopback(_ family: Int32) throws {
    var v4 = sockaddr_in()
    v4.sin_family = sa_family_t(AF_INET)
    v4.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var v6 = sockaddr_in6()
    v6.sin6_family = sa_family_t(AF_INET6)
    v6.sin6_addr = in6addr_loopback
    let result =
      family == AF_INET
      ? withSocketAddress(v4) { bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      : withSocketAddress(v6) { bind(number, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) }
    try check("bind", result)
  }

  private func address() throws -> (sockaddr_storage, socklen_t) {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
    }
    try check("getsockname", result)
    return (address, length)
  }
}

private func check(_ call: String, _ result: Int32) throws {
  if result == -1 { throw RealSocket.Failure(call: call, number: errno) }
}

private func withSocketAddress<Address>(
  _ address: Address, _ body: (UnsafePointer<sockaddr>) -> Int32
) -> Int32 {
  withUnsafePointer(to: address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
  }
}
