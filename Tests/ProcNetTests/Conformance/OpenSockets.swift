import CLinux
import Glibc

/// Sockets of this process that a test opens; `close` ends them all.
final class OpenSockets {
  struct Failure: Error {
    let call: String
    let number: Int32
  }

  private var numbers: Set<Int32> = []
  private var paths: [String] = []

  func close() {
    for number in numbers { _ = Glibc.close(number) }
    for path in paths { unlink(path) }
    numbers = []
    paths = []
  }

  deinit { close() }

  var inodes: Set<UInt32> { Set(numbers.map(Self.inode)) }

  func close(_ number: Int32) {
    if numbers.remove(number) != nil { _ = Glibc.close(number) }
  }

  func open(_ family: Int32, _ type: __socket_type, _ protocolNumber: Int32 = 0) throws -> Int32 {
    let number = socket(family, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), protocolNumber)
    return try add(number, "socket")
  }

  private func add(_ number: Int32, _ call: String) throws -> Int32 {
    try Self.check(call, number)
    numbers.insert(number)
    return number
  }

  private static func check(_ call: String, _ result: Int32) throws {
    if result == -1 { throw Failure(call: call, number: errno) }
  }

  /// Bound to a free port of the loopback address, or of all addresses.
  func bound(_ family: Int32, _ type: __socket_type, toAny: Bool = false) throws -> Int32 {
    let number = try open(family, type)
    var off: Int32 = 0
    if family == AF_INET6 { setsockopt(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, 4) }
    try call("bind", number, Self.address(family, isAny: toAny), bind)
    return number
  }

  func listener(_ family: Int32, limit: Int32, toAny: Bool = false) throws -> Int32 {
    let number = try bound(family, SOCK_STREAM, toAny: toAny)
    try Self.check("listen", listen(number, limit))
    return number
  }

  /// Connected to a socket of this host, over the loopback address of a family.
  func client(_ family: Int32, _ type: __socket_type, to other: Int32) throws -> Int32 {
    let number = try open(family, type)
    try call("connect", number, Self.address(family, port: Self.port(of: other)), connect)
    return number
  }

  func accepted(from listener: Int32) throws -> Int32 {
    try add(accept4(listener, nil, nil, Int32(SOCK_CLOEXEC.rawValue)), "accept4")
  }

  func write(_ text: String, to number: Int32) throws {
    try Self.check("send", Int32(send(number, text, text.utf8.count, 0)))
  }

  /// `sockaddr_in` and `sockaddr_in6`: family, port, then the address at 4 or at 8.
  private static func address(_ family: Int32, isAny: Bool = false, port: UInt16 = 0) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 16 : 28)
    bytes[0] = UInt8(family)
    (bytes[2], bytes[3]) = (UInt8(port >> 8), UInt8(port & 0xFF))
    if isAny { return bytes }
    if family == AF_INET {
      (bytes[4], bytes[7]) = (127, 1)
    } else {
      bytes[23] = 1
    }
    return bytes
  }

  private func call(
    _ name: String, _ number: Int32, _ address: [UInt8],
    _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
  ) throws {
    let result = address.withUnsafeBytes {
      function(number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    try Self.check(name, result)
  }

  static func port(of number: Int32) -> UInt16 {
    var bytes = [UInt8](repeating: 0, count: 28)
    var length = socklen_t(bytes.count)
    _ = bytes.withUnsafeMutableBytes {
      getsockname(number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
  }

  static func inode(of number: Int32) -> UInt32 {
    var status = stat()
    return fstat(number, &status) == 0 ? UInt32(truncatingIfNeeded: status.st_ino) : 0
  }

  static func canOpen(_ family: Int32, _ type: __socket_type, _ protocolNumber: Int32 = 0) -> Bool {
    let sockets = OpenSockets()
    defer { sockets.close() }
    guard (try? sockets.open(family, type, protocolNumber)) != nil else { return false }
    return family != AF_INET6 || (try? sockets.bound(family, SOCK_DGRAM)) != nil
  }

  /// Bound to a path, which goes away with it, or to an abstract name that begins with a zero.
  func unix(_ type: __socket_type, _ name: [UInt8]) throws -> Int32 {
    let number = try open(AF_UNIX, type)
    try call("bind", number, [1, 0] + name, bind)
    if name.first != 0 { paths.append(String(decoding: name, as: UTF8.self)) }
    return number
  }

  func unixListener(_ type: __socket_type, _ name: [UInt8], limit: Int32) throws -> Int32 {
    let number = try unix(type, name)
    try Self.check("listen", listen(number, limit))
    return number
  }

  func unixClient(_ type: __socket_type, to name: [UInt8]) throws -> Int32 {
    let number = try open(AF_UNIX, type)
    try call("connect", number, [1, 0] + name, connect)
    return number
  }

  func pair(_ type: __socket_type) throws -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    try Self.check(
      "socketpair", socketpair(AF_UNIX, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends))
    return (try add(ends[0], "socketpair"), try add(ends[1], "socketpair"))
  }
}
