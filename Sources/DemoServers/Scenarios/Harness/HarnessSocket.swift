import Glibc

/// Sockets that parts of a scenario make for themselves.
enum HarnessSocket {
  static func open(_ family: Int32, _ kind: __socket_type) throws(DemoError) -> Int32 {
    let descriptor = socket(family, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system("make a socket") }
    return descriptor
  }

  static func bind(_ descriptor: Int32, to address: HarnessAddress) throws(DemoError) {
    let result = unsafe address.use { unsafe Glibc.bind(descriptor, $0, $1) }
    guard result == 0 else { throw .system("bind a socket") }
  }

  /// Waits in connect for as long as the kernel lets it.
  static func connect(_ descriptor: Int32, to address: HarnessAddress) throws(DemoError) {
    let result = unsafe address.use { unsafe Glibc.connect(descriptor, $0, $1) }
    guard result == 0 else { throw .system("connect") }
  }

  /// The port that the kernel chose.
  static func port(of descriptor: Int32) throws(DemoError) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    guard result == 0 else { throw .system("ask for a socket's port") }
    return UInt16(bigEndian: address.sin_port)
  }

  /// Sends one datagram or piece, waiting until there is room.
  static func send(_ text: String, on descriptor: Int32) throws(DemoError) {
    let bytes = Array(text.utf8)
    guard unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) >= 0 else {
      throw .system("send")
    }
  }
}
