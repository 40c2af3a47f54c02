import Foundation
import Testing

@testable import DemoServers

@Suite("A load of talking clients", .timeLimit(.minutes(1)))
struct LoadTalkTests {
  @Test("gets an answer to every message, and times each")
  func answers() throws {
    let server = try TestServer { $0.echo() }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 20) { $0.requests = 990 }
    #expect(run.report.end == .finished && run.report.didWhatWasAsked)
    #expect(run.counts.sent == 990 && run.counts.answered == 990 && run.counts.wrong == 0)
    #expect(run.counts.connected == 20 && server.connections == 20)
    #expect(run.report.latency.count == 990 && run.report.connectTime.count == 20)
    #expect(run.counts.bytesSent == 990 * 32 && run.counts.bytesReceived == 990 * 32)
    #expect(run.report.progress.open == 0 && run.report.progress.waiting == 0)
  }

  @Test("takes an answer in pieces for one answer")
  func pieces() throws {
    let server = try TestServer { connection in
      while case let line = connection.receiveLine(), !line.isEmpty {
        connection.send(line.prefix(9))
        usleep(3000)
        connection.send(line.dropFirst(9))
      }
    }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 3) { $0.requests = 30 }
    #expect(run.counts.answered == 30 && run.counts.wrong == 0)
    // The pause in the middle is part of every latency.
    #expect(try #require(run.report.latency.least) >= 3_000_000)
  }

  @Test("messages larger than all buffers go through")
  func large() throws {
    let server = try TestServer { connection in
      while case let bytes = connection.receive(), !bytes.isEmpty { connection.send(bytes) }
    }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 1) {
      $0.requests = 1
      $0.messageSize = 12_000_000
    }
    #expect(run.counts.answered == 1 && run.counts.wrong == 0)
    #expect(run.counts.bytesReceived == 12_000_000)
  }

  @Test("counts an answer that is not the message", arguments: ["nonsense\n", "\n"])
  func wrong(_ answer: String) throws {
    let server = try TestServer { connection in
      while !connection.receiveLine().isEmpty { connection.send(answer.utf8) }
    }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 2) { $0.requests = 6 }
    #expect(run.counts.answered == 6 && run.counts.wrong == 6)
  }

  @Test("comes again when the server closes after each answer")
  func oneAnswerEach() throws {
    let server = try TestServer { $0.send($0.receiveLine()) }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 3) { $0.requests = 60 }
    #expect(run.counts.answered == 60 && run.report.didWhatWasAsked, "\(run.counts)")
    #expect(run.counts.connected >= 60)
    #expect(run.counts.sent == 60, "what is sent again counts once: \(run.counts)")
  }

  @Test("leaves a server that closes without a word, and says that answers are missing")
  func closes() throws {
    let server = try TestServer { _ = $0.receiveLine() }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 5) { $0.requests = 50 }
    #expect(run.report.end == .finished && !run.report.didWhatWasAsked)
    #expect(run.counts.closedByServer == 5 && run.counts.answered == 0)
    #expect(run.counts.sent == 5 && run.report.unanswered == 5)
  }

  @Test("counts resets")
  func resets() throws {
    let server = try TestServer { connection in
      _ = connection.receiveLine()
      connection.resetOnClose()
    }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 5) { $0.requests = 5 }
    #expect(run.counts.reset == 5 && !run.report.didWhatWasAsked)
  }

  @Test("counts refusals, and has done nothing then")
  func refused() throws {
    let run = try LoadRun(to: try TestServer.deadAddress(), connections: 5) { $0.requests = 5 }
    #expect(run.counts.refused == 5 && run.counts.connected == 0)
    #expect(run.ready == 0 && run.report.end == .finished && !run.report.didWhatWasAsked)
    #expect(run.report.latency.percentile(50) == nil)
  }

  @Test("gives an answer up that does not come in time")
  func timeOut() throws {
    let server = try TestServer { $0.waitForEnd() }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 5) {
      $0.requests = 10
      $0.patience = 200 * Clock.millisecond
    }
    #expect(run.counts.timedOut == 5 && run.counts.sent == 5)
    #expect(run.report.end == .finished && run.report.duration < 10 * Clock.second)
  }

  @Test("ends when its time is over, whoever still waits")
  func time() throws {
    let server = try TestServer { $0.waitForEnd() }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 5) {
      $0.duration = Clock.second
      $0.progressInterval = 100 * Clock.millisecond
    }
    #expect(run.report.end == .time && run.report.didWhatWasAsked)
    #expect(run.report.progress.waiting == 5 && run.report.unanswered == 5)
    #expect((1000..<9000).contains(run.report.duration / Clock.millisecond))
    #expect((1...10).contains(run.progress.count))
  }

  @Test("keeps to its rate")
  func rate() throws {
    let server = try TestServer { $0.echo() }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 2) {
      $0.requests = 60
      $0.rate = 200
    }
    // 60 at 200 a second begin within 295 ms, less what the pacer's memory of 20 ms makes up for.
    #expect(run.report.duration >= 270 * Clock.millisecond)
    #expect(run.counts.answered == 60)
  }
}
