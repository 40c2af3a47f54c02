import TestSupport
import Testing

@testable import ProcNet

/// Which states the kernel is asked for.
@Suite("States asked of sock_diag") struct DiagSourceStatesTests {
  /// The state mask of the request for one table (`idiag_states`, behind header and four bytes).
  private func mask(_ netid: NetidSet, _ states: StateSet) throws -> [UInt8] {
    let kernel = FakeKernel().answering { (request) throws(KernelError) in
      let mask = request.message[20..<24].map { String($0) }.joined(separator: " ")
      throw KernelError("ask", "sock_diag", .malformed(mask))
    }
    let query = SocketQuery(netids: netid, families: .inet, states: states)
    var gaps: [Gap] = []
    try DiagSource().list(query, through: kernel, gaps: &gaps) { _ in }
    return try #require(gaps.first).reason.split(separator: " ").compactMap { UInt8($0) }
  }

  @Test("TCP listeners without CLOSE, for which the kernel would walk through all connections")
  func listeners() throws {
    #expect(try mask(.tcp, .listening) == [0, 4, 0, 0])
    #expect(try mask(.udp, .listening) == [0x80, 4, 0, 0])
  }

  @Test("any other states as they were asked for")
  func others() throws {
    #expect(try mask(.tcp, .all) == [0xFF, 0x0F, 0, 0])
    #expect(try mask(.tcp, StateSet(.close)) == [0x80, 0, 0, 0])
  }
}
