import TestSupport
import Testing

@testable import ProcNet

/// The request that closes a socket names it exactly, and only the live kernel sends it.
@Suite("Requests to close sockets")
struct DestroyRequestTests {
  private static var socket: Socket {
    var socket = Socket(netid: .tcp, family: .inet, state: .established)
    socket.local = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 0x1F90)
    socket.peer = Endpoint(address: IPAddress(v4: 0x0A01_0203), port: 0x8B2C)
    socket.interface = 3
    socket.cookie = 0x1122_3344_5566_7788
    return socket
  }

  @Test("header, kind, ports and addresses as they travel, interface, cookie")
  func layout() throws {
    let message = try #require(DestroyRequest.message(Self.socket))
    #expect(message.count == 72 && message[0] == 72)
    #expect(Array(message[4..<8]) == [21, 0, 5, 0], "SOCK_DESTROY, REQUEST | ACK")
    #expect(Array(message[16..<20]) == [2, 6, 0, 0])
    #expect(Array(message[24..<28]) == [0x1F, 0x90, 0x8B, 0x2C])
    #expect(Array(message[28..<44]) == [127, 0, 0, 1] + [UInt8](repeating: 0, count: 12))
    #expect(Array(message[44..<48]) == [10, 1, 2, 3])
    #expect(Array(message[60..<64]) == [3, 0, 0, 0])
    #expect(Array(message[64...]) == [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11])
  }

  @Test("an IPv6 address fills its sixteen bytes")
  func v6() throws {
    var socket = Self.socket
    socket.family = .inet6
    socket.local.address = IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1)
    let message = try #require(DestroyRequest.message(socket))
    #expect(message[16] == 10 && Array(message[28..<32]) == [0x20, 0x01, 0x0D, 0xB8])
    #expect(message[43] == 1)
  }

  @Test("what has no number of its own is never closed, nor what the kernel does not close")
  func refused() {
    var socket = Self.socket
    socket.cookie = nil
    #expect(DestroyRequest.message(socket) == nil)
    socket = Self.socket
    socket.netid = .unixStream
    #expect(DestroyRequest.message(socket) == nil)
  }

  /// The number in an answer, 0 for done; nil when it is none.
  private static func answer(_ bytes: [UInt8]) -> Int32? {
    do throws(KernelError) {
      try DestroyRequest.check(answer: bytes.span)
      return 0
    } catch {
      return error.number
    }
  }

  @Test("only an error message answers, 0 or the reason")
  func answers() {
    let done: [UInt8] = [20, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(Self.answer(done) == 0)
    var denied = done
    denied.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(Self.answer(denied) == 1)
    for length in 0..<20 { #expect(Self.answer(Array(done[..<length])) == nil) }
    var other = done
    other[4] = 3
    #expect(Self.answer(other) == nil)
  }

  @Test("kernels that are not live refuse")
  func seam() {
    #expect(throws: KernelError.self) { try FakeKernel().close(Self.socket, in: .here) }
    let other = NetworkNamespace(inode: 1, path: "/proc/self/ns/net", tables: nil)
    let error = #expect(throws: KernelError.self) {
      try LiveKernel().close(Self.socket, in: other)
    }
    #expect(error?.reason == "another namespace has taken its place")
    #expect(throws: KernelError.self) {
      try LiveKernel(procRoot: "/somewhere").close(Self.socket, in: .here)
    }
  }
}
