import Foundation

/// A plain client, as nc is one: it sends bytes and waits for lines, not forever.
/// One thread may send while another one reads.
final class DemoClient: @unchecked Sendable {
  private let socket: Int32
  private var unread: [UInt8] = []

  struct Failed: Error { var call: String, number: Int32 }

  /// - Parameter waits: false only sends the SYN, for a server that will not answer it.
  init(port: UInt16, waits: Bool = true) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if !waits { _ = fcntl(socket, F_SETFL, O_NONBLOCK) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let answer = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    let error = errno
    // What is thrown here ends the object, and its end closes the socket: closed twice, the number
    // could be another thread's file by then.
    if answer != 0, error != EINPROGRESS { throw Failed(call: "connect", number: error) }
  }

  init(path: String) throws {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let answer = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if answer != 0 { throw Failed(call: "connect", number: errno) }
  }

  deinit { close(socket) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failed(call: "send", number: errno) }
      rest = rest.dropFirst(count)
    }
  }

  func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

  /// The next line with its line feed; what there is when nothing more came in time, or at the
  /// end of the connection.
  func line(within deadline: Duration = .seconds(60)) -> String {
    var isWhole = unread.contains(0x0A)
    while !isWhole, let piece = piece(deadline), !piece.isEmpty {
      unread += piece
      isWhole = piece.contains(0x0A)
    }
    let end = unread.firstIndex(of: 0x0A).map { $0 + 1 } ?? unread.count
    defer { unread.removeFirst(end) }
    return String(decoding: unread[..<end], as: UTF8.self)
  }

  func ask(_ text: String, within deadline: Duration = .seconds(60)) throws -> String {
    try send(text)
    return line(within: deadline)
  }

  /// Bytes until the server closes; nil when it does not in time.
  func count(within deadline: Duration = .seconds(60)) -> Int? {
    var count = unread.count
    while let piece = piece(deadline) {
      if piece.isEmpty { return count }
      count += piece.count
    }
    return nil
  }

  /// Closes with a reset, which leaves nothing in TIME-WAIT.
  func resetAtClose() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
  }

  /// Empty at the end; nil when nothing came in time.
  private func piece(_ deadline: Duration) -> [UInt8]? {
    var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, Int32(deadline / .milliseconds(1))) == 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return Array(bytes[..<max(0, recv(socket, &bytes, bytes.count, 0))])
  }
}
