import ProcNet
import TestSupport
import Testing

@testable import ProcNet
@testable import sockinspect

/// The byte code that spares us the connections of other ports.
@Suite struct ListenerPortProgramTests {
  private static func entry(_ source: UInt16, _ destination: UInt16) -> ByteCodeInterpreter.Entry {
    ByteCodeInterpreter.Entry(
      family: 2, sourcePort: source, destinationPort: destination, source: [127, 0, 0, 1],
      destination: [127, 0, 0, 1])
  }

  @Test(
    "by the kernel's rules it is valid and keeps exactly the ports that were asked for",
    arguments: SeededRandom.seeds(1))
  func interpreted(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<300 {
      let count = Int.random(in: 1...ListenerPortProgram.fewPorts, using: &random)
      let ports = Set((0..<count).map { _ in UInt16.random(in: 0 ... .max, using: &random) })
      let program = try #require(ListenerPortProgram.make(.local, isOneOf: ports))
      let code = ByteCodeInterpreter(code: program)
      try #require(code.isAccepted, "SEED=\(seed)")
      let near = ports.flatMap { [$0 &- 1, $0, $0 &+ 1] } + [0, .max]
      for port in near {
        #expect(code.keeps(Self.entry(port, 1)) == ports.contains(port), "SEED=\(seed): \(port)")
      }
    }
  }

  @Test("the client's end is asked by the port of its peer")
  func peers() throws {
    let program = try #require(ListenerPortProgram.make(.peer, isOneOf: [80]))
    let code = ByteCodeInterpreter(code: program)
    #expect(code.isAccepted)
    #expect(code.keeps(Self.entry(1, 80)) && !code.keeps(Self.entry(80, 1)))
  }

  @Test("no ports and too many make none")
  func none() {
    #expect(ListenerPortProgram.make(.local, isOneOf: []) == nil)
    let many = Set((0...UInt16(ListenerPortProgram.fewPorts)))
    #expect(ListenerPortProgram.make(.local, isOneOf: many) == nil)
  }

  @Test(
    "the running kernel takes it and keeps the connections of one listener",
    .enabled(if: LiveDump.isPossible))
  func live() throws {
    let own = try LoopbackSockets()
    let all = try LiveDump.sockets(nil).filter(own.owns)
    let listeners = all.filter { $0.state == .listen }.map(\.local.port)
    try #require(listeners.count == 2)
    for port in listeners {
      let others = Set((1...UInt16(ListenerPortProgram.fewPorts - 1)).filter { $0 != port })
      let program = ListenerPortProgram.make(.local, isOneOf: others.union([port]))
      let kept = try LiveDump.sockets(program).filter(own.owns)
      let expected = all.filter { $0.local.port == port }
      #expect(Set(kept.compactMap(\.cookie)) == Set(expected.compactMap(\.cookie)))
      #expect(kept.count >= 2)
    }
  }
}
