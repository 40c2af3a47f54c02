import Foundation
import TestSupport
import Testing

@testable import DemoServers

/// What a server of no manners may do with a message.
private enum Deed: CaseIterable {
  case echo, echoInPieces, answerNonsense, answerTwice, close, reset, halfAnswer
}

@Suite("A load against servers that do anything", .timeLimit(.minutes(2)))
struct LoadPropertyTests {
  @Test("ends, and its counts agree with each other", arguments: SeededRandom.seeds(25))
  func anything(seed: UInt64) throws {
    let server = try TestServer { connection in
      var random = SeededRandom(seed: seed &+ UInt64(connection.count))
      while case let line = connection.receiveLine(), !line.isEmpty {
        guard let deed = Deed.allCases.randomElement(using: &random) else { return }
        if !Self.act(deed, on: line, connection, &random) { return }
      }
    }
    defer { server.stop() }
    var random = SeededRandom(seed: seed)
    let kind = LoadKind.allCases.filter(\.sendsMessages).randomElement(using: &random) ?? .talk
    let requests = Int.random(in: 1...60, using: &random)
    let run = try LoadRun(
      to: server.address, kind, connections: Int.random(in: 1...12, using: &random)
    ) {
      $0.requests = requests
      $0.patience = Clock.second
      if kind == .neverRead { $0.duration = 300 * Clock.millisecond }
    }
    check(run, requests, "SEED=\(seed): \(kind) \(run.counts)")
  }

  private func check(_ run: LoadRun, _ requests: Int, _ what: Comment) {
    let counts = run.counts
    #expect(run.report.end == .finished || run.report.plan.kind == .neverRead, what)
    #expect(counts.sent <= requests && counts.answered <= counts.sent, what)
    #expect(counts.wrong <= counts.answered && counts.connected <= counts.begun, what)
    #expect(run.report.latency.count == UInt64(counts.answered), what)
    #expect(run.report.connectTime.count == UInt64(counts.connected), what)
    #expect(run.ready != nil, what)
    if run.report.end == .finished { #expect(run.report.progress.open == 0, what) }
  }

  /// False when the connection is to end.
  private static func act(
    _ deed: Deed, on line: [UInt8], _ connection: TestConnection, _ random: inout SeededRandom
  ) -> Bool {
    switch deed {
    case .echo: return connection.send(line)
    case .echoInPieces:
      let cut = Int.random(in: 0...line.count, using: &random)
      return connection.send(line.prefix(cut)) && connection.send(line.dropFirst(cut))
    case .answerNonsense: return connection.send(random.bytes(upTo: 40) + [10])
    case .answerTwice: return connection.send(line) && connection.send(line)
    case .close: return false
    case .reset:
      connection.resetOnClose()
      return false
    case .halfAnswer:
      connection.send(line.prefix(line.count / 2))
      return false
    }
  }
}
