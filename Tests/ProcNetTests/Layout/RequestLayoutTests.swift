import Testing

@testable import ProcNet

/// The requests that we build, compared with structures that were filled in by header names.
@Suite struct RequestLayoutTests {
  @Test("a request for internet sockets is nlmsghdr and inet_diag_req_v2")
  func internetRequest() throws {
    var body = try HeaderStructure("inet_diag_req_v2")
    try body.set("sdiag_family", 10)
    try body.set("sdiag_protocol", 6)
    try body.set("idiag_states", UInt64(StateSet.all.rawValue))
    let request = DiagRequest.internet(.tcp, .inet6, states: .all, details: [])
    #expect(request == (try Self.message(body)))
  }

  @Test("what details ask for are the bits of their attributes, one less than the number")
  func extensions() throws {
    let place = try #require(HeaderOracle.place(of: "idiag_ext", in: "inet_diag_req_v2"))
    let request = DiagRequest.internet(.tcp, .inet, states: .all, details: .all)
    let asked = request[NetlinkMessage.headerSize + place.offset]
    for name in ["MEMINFO", "INFO", "VEGASINFO", "CONG", "TOS", "TCLASS", "SKMEMINFO"] {
      let number = try #require(HeaderOracle.constant("INET_DIAG_\(name)"))
      #expect(asked & 1 << UInt8(number - 1) != 0, "\(name)")
    }
  }

  @Test("byte code goes into the attribute that inet_diag reads it from")
  func program() throws {
    let plain = DiagRequest.internet(.tcp, .inet, states: .all, details: [])
    let program: [UInt8] = [1, 4, 4, 0]
    let request = DiagRequest.internet(.tcp, .inet, states: .all, details: [], program: program)
    let type = try #require(HeaderOracle.constant("INET_DIAG_REQ_BYTECODE"))
    #expect(Array(request[plain.count...]) == [8, 0, UInt8(type), 0] + program)
  }

  @Test("a request for unix sockets is nlmsghdr and unix_diag_req")
  func unixRequest() throws {
    var body = try HeaderStructure("unix_diag_req")
    try body.set("sdiag_family", 1)
    try body.set("udiag_states", UInt64(StateSet.all.rawValue))
    let shown = ["NAME", "VFS", "PEER", "ICONS", "RQLEN", "MEMINFO", "UID"]
    try body.set("udiag_show", try Self.union(shown.map { "UDIAG_SHOW_\($0)" }))
    #expect(DiagRequest.unix(states: .all, details: .all) == (try Self.message(body)))
  }

  @Test("a request for packet sockets is nlmsghdr and packet_diag_req")
  func packetRequest() throws {
    var body = try HeaderStructure("packet_diag_req")
    try body.set("sdiag_family", 17)
    let shown = ["INFO", "RING_CFG", "FANOUT", "MEMINFO"]
    try body.set("pdiag_show", try Self.union(shown.map { "PACKET_SHOW_\($0)" }))
    #expect(DiagRequest.packet() == (try Self.message(body)))
  }

  private static func union(_ constants: [String]) throws -> UInt64 {
    try constants.reduce(0) { try $0 | UInt64(#require(HeaderOracle.constant($1))) }
  }

  /// The body behind a header that asks for a dump by family.
  private static func message(_ body: HeaderStructure) throws -> [UInt8] {
    var header = try HeaderStructure("nlmsghdr")
    try header.set("nlmsg_len", UInt64(header.bytes.count + body.bytes.count))
    try header.set("nlmsg_type", try union(["SOCK_DIAG_BY_FAMILY"]))
    try header.set("nlmsg_flags", try union(["NLM_F_REQUEST", "NLM_F_DUMP"]))
    try header.set("nlmsg_seq", UInt64(NetlinkMessage.sequence))
    return header.bytes + body.bytes
  }
}
