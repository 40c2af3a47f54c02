import Glibc

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
