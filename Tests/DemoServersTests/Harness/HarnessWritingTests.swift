import Foundation
import Testing

@testable import DemoServers

@Suite("What the harness says and sends")
struct HarnessWritingTests {
  @Test("a ready line is one line of JSON with the promised keys")
  func readyLine() throws {
    let server = try HarnessServer(
      try #require(ReadyFields("ready pid=12 address=127.0.0.1 port=9000")))
    let text = ReadyLine.text(
      SerialBlocked(), RunningScenario(server, note: "a \"note\""), [ProcessView(pid: 12)])
    #expect(!text.contains("\n"))
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(text.dropFirst("ready ".count).utf8))
        as? [String: Any])
    #expect(json["scenario"] as? String == "serial-blocked")
    #expect(json["expects"] as? [String] == ["accept-queue-full", "server-blocked"])
    #expect(json["pids"] as? [Int] == [12])
    #expect(json["address"] as? String == "127.0.0.1")
    #expect(json["port"] as? Int == 9000)
    #expect(json["note"] as? String == "a \"note\"")
    #expect(json["netns"] == nil)
    #expect(json["target"] as? String == ":9000")
    #expect(json["try"] as? String == "sockinspect diagnose :9000")
  }

  @Test("what to diagnose is the first server, unless the scenario says otherwise")
  func target() throws {
    let words = "ready pid=1 address=127.0.0.1 port=9000"
    let server = try HarnessServer(try #require(ReadyFields(words)))
    let unix = try HarnessServer(try #require(ReadyFields("ready pid=1 path=@x")))
    #expect(RunningScenario(server, unix).target == ":9000")
    #expect(RunningScenario(unix, server).target == "@x")
    #expect(RunningScenario(server, target: "127.0.0.2:9000").target == "127.0.0.2:9000")
    #expect(RunningScenario([]).target == nil)
  }

  @Test("a server of a scenario's own reads the words that it was started with")
  func namedServer() throws {
    let full = NamedServer("demo-app", .prefork, "upstream:[::1]:9", workers: 2, backlog: 5)
    for server in [full, NamedServer("demo-app", .thread, "echo")] {
      let read = try #require(NamedServer(server.words))
      #expect(read.words == server.words)
    }
    #expect(NamedServer(["demo-app", "thread", "echo"]) == nil)
    #expect(NamedServer(["demo-app", "tread", "echo", "5"]) == nil)
    #expect(NamedServer(["demo-app", "thread", "echo", "five"]) == nil)
  }

  @Test("text that JSON must escape comes back as it was")
  func quoting() throws {
    let text = "a\"b\\c é 漢"
    let json = try JSONSerialization.jsonObject(
      with: Data(JSONText.quote(text).utf8), options: .fragmentsAllowed)
    #expect(json as? String == text)
    #expect(JSONText.quote("a\nb") == "\"a?b\"")
  }

  @Test("a SYN's checksum is right: over everything it comes to nothing")
  func synChecksum() {
    let packet = SynPacket.bytes(from: 0x0A01_0203, port: 1024, to: 0x7F00_0001, port: 9000)
    #expect(packet.count == 40)
    #expect(packet[33] == 0x02, "only SYN is set")
    #expect(Array(packet[22..<24]) == [0x23, 0x28], "port 9000")
    let pseudoHeader = Array(packet[12..<20]) + [0, 6, 0, 20]
    #expect(SynPacket.checksum(pseudoHeader + packet[20...]) == 0)
  }

  @Test("the checksum of RFC 1071's example")
  func checksum() {
    // 0001 + f203 + f4f5 + f6f7 = 2ddf0, folded ddf2; the checksum is its complement.
    #expect(SynPacket.checksum([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == ~0xDDF2)
  }

  @Test("a FUSE greeting is answered under its name, and with nothing else is begun")
  func fuseGreeting() throws {
    // struct fuse_in_header: 40 bytes long, FUSE_INIT (26), named 7; on a little-endian processor.
    let header: [UInt8] = [40, 0, 0, 0, 26, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]
    let reply = try #require(HangingFilesystem.greeting(answering: header))
    // 80 bytes, no error, the same name, protocol 7.
    #expect(reply.count == 80)
    #expect(reply.prefix(20) == [80, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0])
    // FUSE_LOOKUP is 1.
    var other = header
    other[4] = 1
    #expect(HangingFilesystem.greeting(answering: other) == nil)
    for length in 0..<header.count {
      #expect(HangingFilesystem.greeting(answering: Array(header.prefix(length))) == nil)
    }
  }
}
