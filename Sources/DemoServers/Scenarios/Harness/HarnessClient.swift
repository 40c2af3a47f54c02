import Glibc

/// A client connection that the harness itself holds; it never blocks.
///
/// The harness closes it at its end, with a reset, so that no TIME-WAIT is left behind.
struct HarnessClient: Sendable {
  let descriptor: Int32

  /// Begins to connect; whether that succeeds shows in `isConnected`.
  init(to server: HarnessServer) throws(DemoError) {
    descriptor = try Self.open(server.path == nil ? AF_INET : AF_UNIX, SOCK_STREAM)
    HarnessSocketOption.resetOnClose(descriptor)
    try connect(to: server)
  }

  /// Sends datagrams there; what the kernel does not take at once is lost.
  init(datagramsTo server: HarnessServer) throws(DemoError) {
    descriptor = try Self.open(AF_INET, SOCK_DGRAM)
    try connect(to: server)
  }

  private func connect(to server: HarnessServer) throws(DemoError) {
    let result = unsafe HarnessAddress(server).use { unsafe Glibc.connect(descriptor, $0, $1) }
    guard result == 0 || errno == EINPROGRESS || errno == EAGAIN else {
      let error = DemoError.system("connect to \(server.target)")
      close(descriptor)
      throw error
    }
  }

  private static func open(_ family: Int32, _ kind: __socket_type) throws(DemoError) -> Int32 {
    let descriptor = try HarnessSocket.open(family, kind)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    return descriptor
  }

  /// The handshake has ended well.
  var isConnected: Bool {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getpeername(descriptor, $0, &length) == 0
      }
    }
  }

  /// Writes as much as the kernel takes at once; answers how many bytes that were.
  @discardableResult
  func say(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    return max(0, unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)))
  }

  /// What has come in so far, at most some kilobytes; empty when nothing has.
  func hear() -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }

  /// Says goodbye as an ordinary client does, with a FIN, and is gone.
  func hangUp() {
    HarnessSocketOption.closeInOrder(descriptor)
    close(descriptor)
  }
}

/// Socket options that scenarios set.
enum HarnessSocketOption {
  /// Closing sends a reset (SO_LINGER with 0 s) instead of taking leave.
  static func resetOnClose(_ descriptor: Int32) { linger(descriptor, isOn: 1) }
  static func closeInOrder(_ descriptor: Int32) { linger(descriptor, isOn: 0) }

  private static func linger(_ descriptor: Int32, isOn: Int32) {
    var option = Glibc.linger(l_onoff: isOn, l_linger: 0)
    let size = socklen_t(MemoryLayout<Glibc.linger>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, size)
  }

  static func set(_ option: Int32, to value: Int32, on descriptor: Int32) {
    var value = value
    let size = socklen_t(MemoryLayout<Int32>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, option, &value, size)
  }
}
