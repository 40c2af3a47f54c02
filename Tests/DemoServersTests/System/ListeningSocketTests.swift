import Foundation
import Testing

@testable import DemoServers

@Suite("A listening socket") struct ListeningSocketTests {
  private static let anywhere = SocketAddress.ip4(host: "127.0.0.1", port: 0)

  @Test("knows the port that the kernel chose, and who connects")
  func accepts() throws {
    let listener = try ListeningSocket(ListenOptions(Self.anywhere))
    let client = try Socket.open(to: listener.address)
    let served = try listener.accept()
    let clientAddress = try ListeningSocket.address(of: client)
    #expect(listener.address.port != 0)
    #expect(served.peer == clientAddress.description)
    try served.send(Array("hello\n".utf8))
    var inbox = Inbox(capacity: 2)
    #expect(try inbox.message(from: client) == Array("hello\n".utf8))
  }

  @Test("says that a port is taken, and what to do")
  func taken() throws {
    let listener = try ListeningSocket(ListenOptions(Self.anywhere))
    let error = #expect(throws: DemoError.self) {
      try ListeningSocket(ListenOptions(listener.address))
    }
    #expect(error?.number == EADDRINUSE)
    #expect(error?.message.contains("--reuse-address") == true)
  }

  @Test("shares its port only when both want to")
  func shared() throws {
    var options = ListenOptions(Self.anywhere)
    options.sharesPort = true
    let listener = try ListeningSocket(options)
    #expect(throws: DemoError.self) { try ListeningSocket(ListenOptions(listener.address)) }
    options.address = listener.address
    #expect(try ListeningSocket(options).address == listener.address)
  }

  @Test("does not wait once it was asked not to")
  func nonBlocking() throws {
    let listener = try ListeningSocket(ListenOptions(Self.anywhere))
    listener.stopWaiting()
    let error = #expect(throws: DemoError.self) { try listener.accept(isBlocking: false) }
    #expect(error?.wouldWait == true)
  }

  @Test("of the unix kind names its clients by their processes")
  func unix() throws {
    let name = SocketAddress.abstract("demo-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
    let listener = try ListeningSocket(ListenOptions(name))
    let client = try Socket.open(to: listener.address)
    #expect(try listener.accept().peer == "pid:\(getpid())")
    _ = client
  }

  @Test("reports a refused connection as one")
  func refused() throws {
    var listener: ListeningSocket? = try ListeningSocket(ListenOptions(Self.anywhere))
    let address = try #require(listener?.address)
    listener = nil
    let error = #expect(throws: DemoError.self) { try Socket.open(to: address) }
    #expect(error?.isRefused == true)
    #expect(error?.message == "cannot connect to \(address): connection refused")
  }
}
