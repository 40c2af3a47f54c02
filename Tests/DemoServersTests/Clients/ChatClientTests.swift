import Foundation
import Testing

@testable import DemoServers

@Suite("A conversation from a pipe", .timeLimit(.minutes(1)))
struct ChatClientTests {
  @Test("each line is answered by its echo, and the end of input is a good end")
  func echoes() throws {
    let server = try TestServer { $0.echo() }
    defer { server.stop() }
    let chat = try Conversation(with: server.address)
    chat.type("a\nb ü\n\n")
    chat.endInput()
    #expect(chat.answers() == ("a\nb ü\n\n", .input, nil))
  }

  @Test("a last line without a newline is sent with one")
  func unfinishedLine() throws {
    let server = try TestServer { $0.echo() }
    defer { server.stop() }
    let chat = try Conversation(with: server.address)
    chat.type("a\nb")
    chat.endInput()
    #expect(chat.answers() == ("a\nb\n", .input, nil))
  }

  @Test("the line q ends it and is not sent", arguments: ["q\n", "q\r\n"])
  func quits(_ line: String) throws {
    let seen = Seen<[UInt8]>()
    let server = try TestServer { connection in
      while case let line = connection.receiveLine(), !line.isEmpty {
        seen.add(line)
        connection.send(line)
      }
    }
    defer { server.stop() }
    let chat = try Conversation(with: server.address)
    chat.type("quit\n\(line)never sent\n")
    #expect(chat.answers() == ("quit\n", .quit, nil))
    #expect(seen.all == [Array("quit\n".utf8)])
  }

  @Test("an echo in pieces, even inside a character, is one line")
  func splitEcho() throws {
    let server = try TestServer { connection in
      for byte in connection.receiveLine() {
        connection.send([byte])
        usleep(2000)
      }
      connection.waitForEnd()
    }
    defer { server.stop() }
    let chat = try Conversation(with: server.address)
    chat.type("✓ ü 🙂\n")
    chat.endInput()
    let (events, _) = chat.events()
    let lines = events.compactMap { if case .text(let bytes) = $0 { bytes } else { nil } }
    #expect(lines == [Array("✓ ü 🙂\n".utf8)])
  }

  @Test("a line larger than all buffers gets through to a server that echoes while it reads")
  func longLine() throws {
    let server = try TestServer { connection in
      while case let bytes = connection.receive(), !bytes.isEmpty { connection.send(bytes) }
    }
    defer { server.stop() }
    let line = String(repeating: "x", count: 12_000_000) + "\n"
    let chat = try Conversation(with: server.address)
    chat.typeAll(Array(line.utf8))
    let answers = chat.answers()
    #expect(answers.end == .input && answers.error == nil)
    #expect(answers.text == line)
  }

  @Test("a unix socket serves as well, by path or by name", arguments: [true, false])
  func unix(_ isPath: Bool) throws {
    let path = "/tmp/chat-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let server = try TestServer(path: path) { $0.echo() }
    defer {
      server.stop()
      unlink(path)
    }
    let address = isPath ? server.address : try SocketAddress("unix:\(path)")
    let chat = try Conversation(with: address)
    chat.type("a\n")
    chat.endInput()
    #expect(chat.answers() == ("a\n", .input, nil))
  }
}

@Suite("A conversation that fails says so in one sentence", .timeLimit(.minutes(1)))
struct ChatFailureTests {
  @Test("when nobody listens")
  func refused() throws {
    let address = try TestServer.deadAddress()
    let chat = try Conversation(with: address)
    #expect(chat.answers().error?.message == "cannot connect to \(address): connection refused")
  }

  @Test("when there is no such unix socket")
  func noSuchPath() throws {
    let error = #expect(throws: DemoError.self) {
      try Conversation(with: .path("/nonexistent/socket"))
    }
    #expect(
      error?.message
        == "cannot connect to unix:/nonexistent/socket: no such file or directory")
  }

  @Test("when a unix listener's queue is full")
  func unixFull() throws {
    let path = "/tmp/chat-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    // Nobody accepts; a backlog of 0 holds one.
    let server = try TestServer(path: path, backlog: 0)
    defer {
      server.stop()
      unlink(path)
    }
    let first = try Conversation(with: server.address)
    let error = #expect(throws: DemoError.self) { try Conversation(with: server.address) }
    #expect(error?.message == "cannot connect to unix:\(path): the server's queue is full")
    withExtendedLifetime(first) {}
  }

  @Test("when the server closes instead of answering, after what it had said")
  func closedBeforeAnswer() throws {
    let server = try TestServer { connection in
      _ = connection.receiveLine()
      connection.send("half an ans".utf8)
    }
    defer { server.stop() }
    let chat = try Conversation(with: server.address)
    chat.type("a\n")
    let answers = chat.answers()
    #expect(answers.text == "half an ans")
    #expect(
      answers.error?.message == "\(server.address) closed the connection before it had answered")
  }

  @Test("when the server resets instead of answering")
  func reset() throws {
    let server = try TestServer { connection in
      _ = connection.receiveLine()
      connection.resetOnClose()
    }
    defer { server.stop() }
    let chat = try Conversation(with: server.address)
    chat.type("a\n")
    #expect(
      chat.answers().error?.message
        == "\(server.address) reset the connection before it had answered")
  }

  @Test("a server that closes after its answer fails the next line, not the end of input")
  func closedAfterAnswer() throws {
    let server = try TestServer { $0.send($0.receiveLine()) }
    defer { server.stop() }
    let one = try Conversation(with: server.address)
    one.type("a\n")
    one.endInput()
    #expect(one.answers() == ("a\n", .input, nil))
    let two = try Conversation(with: server.address)
    two.type("a\nb\n")
    two.endInput()
    let answers = two.answers()
    #expect(answers.text == "a\n")
    #expect(answers.error?.message.hasPrefix("\(server.address) ") == true, "\(answers)")
  }
}

@Suite("A conversation with a person", .timeLimit(.minutes(1)))
struct ChatPersonTests {
  @Test("prompts once for each line")
  func prompts() throws {
    let server = try TestServer { $0.echo() }
    defer { server.stop() }
    let chat = try Conversation(with: server.address, isInteractive: true)
    guard case .connected(let own?) = try chat.client.next() else {
      Issue.record("not connected first")
      return
    }
    #expect(own.host == "127.0.0.1")
    #expect(try chat.client.next() == .prompt)
    chat.type("a\n")
    #expect(try chat.client.next() == .sent)
    #expect(try chat.client.next() == .text(Array("a\n".utf8)))
    #expect(try chat.client.next() == .prompt)
    chat.endInput()
    #expect(try chat.client.next() == .ended(.input))
  }

  @Test("says that it waits, for what, and lets q end the wait")
  func waits() throws {
    let server = try TestServer { connection in
      _ = connection.receiveLine()
      connection.send("abc".utf8)
      connection.waitForEnd()
    }
    defer { server.stop() }
    let chat = try Conversation(with: server.address, isInteractive: true)
    chat.type("a\n")
    var waits: [ChatEvent] = []
    while waits.count < 2 {
      let event = try chat.client.next()
      if case .waiting = event { waits.append(event) }
    }
    #expect(
      waits == [
        .waiting(for: .restOfAnswer(3), seconds: 0), .waiting(for: .restOfAnswer(3), seconds: 1),
      ])
    chat.type("q\n")
    #expect(chat.answers().end == .quit)
  }

  @Test("says that it waits for a connection that nobody completes")
  func waitsForConnection() throws {
    // A backlog of 0 holds one connection; the handshake of the next ones is not answered.
    let server = try TestServer(backlog: 0)
    defer { server.stop() }
    let others = try (0..<3).map { _ in try Conversation(with: server.address) }
    let chat = try Conversation(with: server.address, isInteractive: true)
    #expect(try chat.client.next() == .waiting(for: .connection, seconds: 0))
    chat.endInput()
    #expect(chat.answers().end == .input)
    withExtendedLifetime(others) {}
  }

  @Test("tells at once when the server closes at the prompt")
  func closedAtPrompt() throws {
    let server = try TestServer { $0.send($0.receiveLine()) }
    defer { server.stop() }
    let chat = try Conversation(with: server.address, isInteractive: true)
    chat.type("a\n")
    let answers = chat.answers()
    #expect(answers.text == "a\n")
    #expect(answers.error?.message == "\(server.address) closed the connection")
  }

  @Test("shows what comes unasked, and prompts again")
  func unasked() throws {
    let server = try TestServer { connection in
      connection.send("welcome\n".utf8)
      connection.echo()
    }
    defer { server.stop() }
    let chat = try Conversation(with: server.address, isInteractive: true)
    var events: [ChatEvent] = []
    while !events.contains(.text(Array("welcome\n".utf8))) || events.last != .prompt {
      events.append(try chat.client.next())
    }
    chat.type("q\n")
    #expect(chat.answers().end == .quit)
  }
}
