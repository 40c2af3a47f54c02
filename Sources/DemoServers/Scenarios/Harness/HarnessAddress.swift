import Glibc

/// A socket address as the kernel takes it: 127.0.0.1 and a port, or a unix path.
struct HarnessAddress {
  private var storage = sockaddr_storage()
  private let length: socklen_t

  init(_ server: HarnessServer) {
    self = server.path.map { HarnessAddress(path: $0) } ?? HarnessAddress(port: server.port)
  }

  /// 127.0.0.1, or any other address in network byte order.
  init(port: UInt16, address: UInt32 = UInt32(INADDR_LOOPBACK).bigEndian) {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr = in_addr(s_addr: address)
    length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutableBytes(of: &storage) {
      unsafe $0.storeBytes(of: name, as: sockaddr_in.self)
    }
  }

  /// A leading `@` is the NUL byte of an abstract name. Names longer than the kernel's 108 bytes
  /// are cut; ours are short.
  init(path: String) {
    var name = Array(path.utf8.prefix(107))
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    let offset = MemoryLayout<sa_family_t>.size
    length = socklen_t(offset + name.count)
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe bytes.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
      for (index, byte) in name.enumerated() { unsafe bytes[offset + index] = byte }
    }
  }

  /// Lends the address to a system call.
  func use<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe withUnsafePointer(to: storage) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }
}
