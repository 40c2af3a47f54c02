import CLinux
import Foundation
import Glibc
import Synchronization

@testable import DemoServers

/// A server made of plain calls and threads, that shares nothing with the code under test.
final class TestServer: Sendable {
  let address: SocketAddress
  private let listener: Int32
  private let open = Mutex<Set<Int32>>([])
  private let accepted = Atomic<Int>(0)
  private let serve: @Sendable (TestConnection) -> Void

  /// Serves each connection on a thread of its own; it is closed when the closure returns.
  /// Without one nobody ever accepts.
  init(
    path: String? = nil, backlog: Int32 = 1024,
    _ serve: (@Sendable (TestConnection) -> Void)? = nil
  ) throws {
    let family = path == nil ? AF_INET : AF_UNIX
    listener = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    try Self.bind(listener, path)
    guard listen(listener, backlog) == 0 else { throw POSIXError(.EADDRINUSE) }
    address = try path.map { try .unix($0) } ?? .ip4(host: "127.0.0.1", port: Self.port(listener))
    self.serve = serve ?? { _ in }
    if serve != nil { Thread.detachNewThread { [self] in acceptAll() } }
  }

  /// Ends everything; connections are cut off.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    open.withLock { for number in $0 { shutdown(number, Int32(SHUT_RDWR)) } }
  }

  /// How many connections were accepted.
  var connections: Int { accepted.load(ordering: .relaxed) }

  /// Begins to accept, for a server that did not.
  func acceptNow(_ serve: @escaping @Sendable (TestConnection) -> Void) {
    Thread.detachNewThread { [self] in acceptAll(serve) }
  }

  private func acceptAll(_ other: (@Sendable (TestConnection) -> Void)? = nil) {
    while true {
      // No child of another test may hold it too: then closing it would not end it.
      let number = accept4(listener, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
      if number < 0 { break }
      open.withLock { _ = $0.insert(number) }
      let count = accepted.add(1, ordering: .relaxed).newValue
      Thread.detachNewThread { [self] in
        (other ?? serve)(TestConnection(number: number, count: count))
        open.withLock {
          $0.remove(number)
          close(number)
        }
      }
    }
    close(listener)
  }

  private static func bind(_ listener: Int32, _ path: String?) throws {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    if let path {
      length = socklen_t(MemoryLayout<sockaddr_un>.size)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_un.self) }
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
    }
    let answer = withUnsafePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(listener, $0, length) }
    }
    guard answer == 0 else { throw POSIXError(.EADDRINUSE) }
  }

  private static func port(_ listener: Int32) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// A port at which nobody listens: bound a moment ago, and free again.
  static func deadAddress() throws -> SocketAddress {
    let server = try TestServer()
    close(server.listener)
    return server.address
  }
}

/// The server's end of a connection.
struct TestConnection {
  let number: Int32
  /// The how manieth connection of its server it is, from 1.
  let count: Int

  /// Some bytes; empty at the end.
  func receive(atMost size: Int = 65536) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: size)
    let count = recv(number, &buffer, size, 0)
    return Array(buffer.prefix(max(count, 0)))
  }

  /// Up to and with a newline, byte by byte so that nothing behind it is taken; or what came
  /// before the end.
  func receiveLine() -> [UInt8] {
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      let byte = receive(atMost: 1)
      if byte.isEmpty { break }
      line += byte
    }
    return line
  }

  /// All of it; false when the other side has gone.
  @discardableResult
  func send(_ bytes: some Collection<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Each line back as it came, until the end.
  func echo() {
    while true {
      let line = receiveLine()
      if line.last != UInt8(ascii: "\n") || !send(line) { return }
    }
  }

  /// Makes closing send a reset.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// Waits until the other side has closed, reading and forgetting.
  func waitForEnd() { while !receive().isEmpty {} }
}

/// What threads of a server have seen.
final class Seen<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])

  func add(_ value: Value) { values.withLock { $0.append(value) } }
  var all: [Value] { values.withLock { $0 } }

  /// Waits until there are so many.
  func wait(for count: Int, within seconds: Double = 10) -> [Value] {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while all.count < count, Date() < deadline { usleep(1000) }
    return all
  }
}
