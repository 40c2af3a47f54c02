import Glibc

/// A listener of this process, with more clients than its queue holds, that nobody accepts.
final class StuckListener {
  let port: UInt16
  private var descriptors: [Int32] = []

  init?() {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = Self.loopback(port: 0)
    guard listener >= 0, Self.with(&address, { bind(listener, $0, $1) }) == 0,
      listen(listener, 1) == 0
    else { return nil }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = Self.with(&address) { place, _ in
      getsockname(listener, UnsafeMutablePointer(mutating: place), &length)
    }
    port = UInt16(bigEndian: address.sin_port)
    descriptors = [listener]
    for _ in 0..<3 {
      let client = socket(
        AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
      _ = Self.with(&address) { connect(client, $0, $1) }
      descriptors.append(client)
    }
  }

  deinit { for descriptor in descriptors { close(descriptor) } }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
  }

  private static func with<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
