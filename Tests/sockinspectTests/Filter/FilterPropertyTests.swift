import TestSupport
import ProcNet
import Testing

@testable import sockinspect

/// Random filters against random sockets: the evaluator, a naive evaluator and the byte code as
/// the kernel runs it must agree.
@Suite struct FilterPropertyTests {
  static let seed = SeededRandom.first

  @Test("evaluator, naive evaluator and kernel program agree", arguments: [false, true])
  func agreement(onlyKernel: Bool) throws {
    var random = SeededRandom(seed: Self.seed)
    let facts = FilterContext.random(&random)
    var kept = 0
    var programs = 0
    for _ in 0..<3000 {
      let model = RandomFilter.make(&random, depth: 4, onlyKernel: onlyKernel)
      let text = "(\(model.text(&random)))"
      let filter = try Filter.parse([text], .sample())
      let program = filter.kernelProgram().map(ByteCodeInterpreter.init)
      if let program { try #require(program.isAccepted, "SEED=\(Self.seed): \(text)") }
      programs += program == nil ? 0 : 1
      for _ in 0..<12 {
        let inode = UInt32.random(in: 1...60, using: &random)
        let socket = RandomSocket.make(&random, inode: inode)
        let wanted = model.holds(socket, facts)
        kept += wanted ? 1 : 0
        try #require(
          filter.matches(socket, facts) == wanted,
          "SEED=\(Self.seed): \(text) for \(socket)")
        Self.checkReach(filter, socket, wanted, text)
        Self.checkProgram(program, socket, wanted, model.isForKernel, text)
      }
    }
    #expect(kept > 3000, "too few sockets match for the test to mean something")
    #expect(programs > 300)
  }

  /// What the filter says need not be listed never matches.
  static func checkReach(_ filter: Filter, _ socket: Socket, _ wanted: Bool, _ text: String) {
    guard wanted else { return }
    #expect(filter.states?.contains(socket.state) ?? true, "SEED=\(seed): \(text)")
    #expect(filter.families?.contains(socket.family) ?? true, "SEED=\(seed): \(text)")
    #expect(filter.netids?.contains(socket.netid) ?? true, "SEED=\(seed): \(text)")
  }

  /// The kernel keeps whatever matches, and nothing else where it knows all conditions.
  static func checkProgram(
    _ program: ByteCodeInterpreter?, _ socket: Socket, _ wanted: Bool, _ isExact: Bool,
    _ text: String
  ) {
    guard socket.netid.isInternet else { return }
    let keeps = program?.keeps(entry(socket)) ?? true
    #expect(keeps || !wanted, "SEED=\(seed): the kernel would drop \(socket) for \(text)")
    if isExact { #expect(keeps == wanted, "SEED=\(seed): \(socket) for \(text)") }
  }

  static func entry(_ socket: Socket) -> ByteCodeInterpreter.Entry {
    ByteCodeInterpreter.Entry(
      family: socket.family.rawValue, sourcePort: socket.local.port,
      destinationPort: socket.peer.port, source: RandomSocket.bytes(socket.local.address),
      destination: RandomSocket.bytes(socket.peer.address))
  }
}
