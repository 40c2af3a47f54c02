import Foundation
import Testing

@testable import DemoServers

@Suite("Handlers") struct HandlerTests {
  private static let message = Array("Grüße\n".utf8)
  private static let nowhere = HandlerContext(
    server: .ip4(host: "127.0.0.1", port: 1), lock: .none)

  @Test("the list holds the handler of every file in the folder")
  func folder() throws {
    // The type of each handler is named after its file.
    let types = (HandlerFactory.all + HandlerFactory.ofScenarios).map { "\($0.type)" }
    #expect(types.count == Set(types).count)
    #expect(try Set(sources("Handlers")).subtracting(["Handler"]) == Set(types))
  }

  @Test(
    "are of the type that the list says",
    arguments: [
      "echo", "sleep:0", "spin:0", "never-read", "never-close", "flood:0", "lock",
      "upstream::1", "self", "kept-lock", "never-answer",
      "pooled-upstream:2@:1", "file-lock:x", "polled-file-lock:x",
      "log-line", "nested-loop::1", "child:x", "read-file:x",
    ])
  func types(_ text: String) throws {
    let name = String(text.prefix { $0 != ":" })
    let factory = (HandlerFactory.all + HandlerFactory.ofScenarios).first { $0.name == name }
    let made = try HandlerChoice(text).make(Self.nowhere)
    #expect(factory.map { $0.type == type(of: made) } == true)
  }

  @Test("of scenarios are not offered to those who type")
  func hidden() {
    let offered = HandlerChoice.names
    #expect(
      !offered.isEmpty && HandlerFactory.ofScenarios.allSatisfy { !offered.contains($0.name) })
  }

  @Test(
    "are written back as they were typed",
    arguments: [
      "echo", "sleep:3", "spin:0.5", "never-read", "never-close", "flood:1000", "lock",
      "upstream:127.0.0.1:9000", "upstream:[::1]:9000", "upstream:unix:@db", "self",
    ])
  func spelling(_ text: String) throws {
    #expect(try HandlerChoice(text).description == text)
  }

  @Test(
    "that are typed wrong are refused before anything starts",
    arguments: [
      ("ecko", "unknown handler 'ecko'"), ("sleep", "the handler 'sleep' is written sleep:SECONDS"),
      ("echo:3", "the handler 'echo' is written echo"),
      ("sleep:x", "'x' is not a number of seconds"),
      ("flood:-1", "'-1' is not a number of bytes"), ("flood:", "'' is not a number of bytes"),
      ("pooled-upstream:0@:1", "'0@:1' is not a pool; write SIZE@HOST:PORT"),
      ("upstream:db", "'db' has no port; write HOST:PORT or unix:PATH"),
    ])
  func wrong(_ text: String, _ message: String) {
    #expect(throws: DemoError.usage(message)) { try HandlerChoice(text) }
  }

  @Test("sleep and spin take their time and answer with the message", arguments: ["sleep", "spin"])
  func delay(_ kind: String) throws {
    let handler = try HandlerChoice("\(kind):0.05").make(Self.nowhere)
    let begin = ContinuousClock.now
    #expect(try handler.answer(to: Self.message) == Self.message)
    #expect(ContinuousClock.now - begin >= .milliseconds(50))
  }

  @Test("spin uses the processor for its time, sleep does not")
  func burning() throws {
    let sleeping = try processorTime(of: "sleep:0.1")
    let spinning = try processorTime(of: "spin:0.1")
    #expect(sleeping < 0.05)
    #expect(spinning > sleeping)
  }

  @Test("a call to oneself is marked, so that the inner one is answered at once")
  func selfCall() throws {
    let handler = try HandlerChoice("self").make(Self.nowhere)
    let inner = Array("self-call x\n".utf8)
    #expect(try handler.answer(to: inner) == inner)
    // The outer one goes to the server, which is nowhere.
    let error = #expect(throws: DemoError.self) { try handler.answer(to: Self.message) }
    #expect(error?.isRefused == true)
  }

  @Test("the lines of a flood have 64 bytes")
  func flood() {
    #expect(Flood.piece.count == 65536)
    #expect(Flood.piece.indices.allSatisfy { (Flood.piece[$0] == 0x0A) == ($0 % 64 == 63) })
  }

  /// Seconds of processor time of this thread.
  private func processorTime(of text: String) throws -> Double {
    let handler = try HandlerChoice(text).make(Self.nowhere)
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let begin = now()
    _ = try handler.answer(to: Self.message)
    return now() - begin
  }
}
