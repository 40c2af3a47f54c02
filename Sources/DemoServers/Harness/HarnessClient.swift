import Glibc

/// A client connection that the harness itself holds; it never blocks.
///
/// The harness closes it at its end, with a reset, so that no TIME-WAIT is left behind.
struct HarnessClient: Sendable {
  let socket: Socket

  /// Begins to connect; whether that succeeds shows in `isConnected`.
  init(to server: HarnessServer) throws(DemoError) {
    socket = try Socket(SOCK_STREAM, family: server.socketAddress.family, waits: false)
    socket.resetOnClose(true)
    try connect(to: server)
  }

  /// Sends datagrams there; what the kernel does not take at once is lost.
  init(datagramsTo server: HarnessServer) throws(DemoError) {
    socket = try Socket(SOCK_DGRAM, family: AF_INET, waits: false)
    try connect(to: server)
  }

  private func connect(to server: HarnessServer) throws(DemoError) {
    if case .failed(let number) = socket.beginConnecting(to: server.socketAddress),
      number != EAGAIN
    {
      throw .system("connect to \(server.target)", number)
    }
  }

  var isConnected: Bool { socket.isConnected }

  /// Writes as much as the kernel takes at once.
  func say(_ text: String) { _ = socket.sendNow(Array(text.utf8)[...]) }

  /// What has come in so far, at most some kilobytes; empty when nothing has.
  func hear() -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    guard case .moved(let count) = socket.receiveNow(into: &bytes) else { return "" }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Says goodbye as an ordinary client does, with a FIN, and is gone.
  func hangUp() {
    socket.resetOnClose(false)
    socket.close()
  }

  /// Whether nothing listens at an address: tries once to connect, and waits for the answer.
  static func isRefused(by target: String) -> Bool {
    do {
      _ = try Socket.open(to: try SocketAddress(target))
      return false
    } catch {
      return error.isRefused
    }
  }
}
