import Glibc

/// Which ports of 127.0.0.1 nobody listens at and nothing is left over from: a lesson counts the
/// sockets at its ports, and those of a minute ago would disturb it.
enum FreePorts {
  static func isFree(_ port: Int) -> Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    guard socket >= 0 else { return true }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// The first of so many free ports in a row, the first choice if it can be had.
  static func base(preferring first: Int, count: Int) -> Int {
    let candidates = [first] + Array(stride(from: first + 100, to: 32_000, by: 100))
    return candidates.first { base in (base..<base + count).allSatisfy(isFree) } ?? first
  }
}
