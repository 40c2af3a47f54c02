import TestSupport
import ProcNet
import Testing

@testable import sockinspect

/// The programs before the only judge: the running kernel.
@Suite(.enabled(if: LiveDump.isPossible), .serialized) struct LiveProgramTests {
  @Test("the kernel takes every program and keeps exactly what matches")
  func randomPrograms() throws {
    var random = SeededRandom(seed: FilterPropertyTests.seed)
    let own = try LoopbackSockets()
    let all = try LiveDump.sockets(nil).filter(own.owns)
    #expect(all.count == 10, "2 listeners, 4 connections of two ends")
    let facts = FilterContext()
    var programs = 0
    var kept = 0
    for _ in 0..<400 {
      let text = Self.sentence(all, depth: 3, &random)
      let filter = try Filter.parse([text], .sample())
      guard let program = filter.kernelProgram() else { continue }
      programs += 1
      let dumped = try LiveDump.sockets(program).filter(own.owns)
      let matched = all.filter { filter.matches($0, facts) }
      kept += matched.count
      #expect(
        Set(dumped.compactMap(\.cookie)) == Set(matched.compactMap(\.cookie)),
        "SEED=\(FilterPropertyTests.seed): \(text)")
    }
    #expect(programs > 200)
    #expect(kept > 200, "too few sockets match for the test to mean something")
  }

  @Test("the kernel takes the longest program that is made, and the shortest")
  func extremes() throws {
    let own = try LoopbackSockets()
    let ports = (1...300).map { "sport = :\($0)" }.joined(separator: " or ")
    #expect(try Filter.parse([ports], .sample()).kernelProgram() == nil, "too long to be of use")
    let fewer = (1...250).map { "sport = :\($0)" }.joined(separator: " or ")
    let long = try #require(try Filter.parse([fewer], .sample()).kernelProgram())
    #expect(long.count > 3900)
    #expect(try LiveDump.sockets(long).filter(own.owns).isEmpty)
    let nothing = try #require(try Filter.parse(["sport > 65535"], .sample()).kernelProgram())
    #expect(nothing.count == 4)
    #expect(try LiveDump.sockets(nothing).isEmpty)
  }

  @Test("ss lists the same sockets", .enabled(if: PeerTool.isThere))
  func sameAsSS() throws {
    var random = SeededRandom(seed: FilterPropertyTests.seed &+ 1)
    let own = try LoopbackSockets()
    let all = try LiveDump.sockets(nil).filter(own.owns)
    for _ in 0..<60 {
      let text = Self.sentence(all, depth: 2, isForSS: true, &random)
        .replacing("(", with: "( ").replacing(")", with: " )")
      let filter = try Filter.parse([text], .sample())
      let matched = all.filter { filter.matches($0, FilterContext()) }
        .map { "\($0.local.port) \($0.peer.port)" }
      let listed = try PeerTool.portPairs(text).filter { pair in
        pair.split(separator: " ").allSatisfy { $0 == "0" || own.ports.contains(UInt16($0) ?? 0) }
      }
      #expect(matched.sorted() == listed.sorted(), "SEED=\(FilterPropertyTests.seed): \(text)")
    }
  }

  /// Conditions that the kernel decides, on addresses and ports that are really there.
  private static func sentence(
    _ sockets: [Socket], depth: Int, isForSS: Bool = false, _ random: inout SeededRandom
  ) -> String {
    func inner() -> String {
      sentence(sockets, depth: depth - 1, isForSS: isForSS, &random)
    }
    switch depth == 0 ? 0 : Int.random(in: 0..<5, using: &random) {
    case 0, 1: return condition(sockets, isForSS, &random)
    case 2: return "not (\(inner()))"
    case 3: return "(\(inner()) and \(inner()))"
    default: return "(\(inner()) or \(inner()))"
    }
  }

  private static func condition(
    _ sockets: [Socket], _ isForSS: Bool, _ random: inout SeededRandom
  ) -> String {
    let socket = RandomFilter.any(sockets, &random)
    let isLocal = Bool.random(using: &random)
    let end = isLocal ? socket.local : socket.peer
    if Bool.random(using: &random) || (isForSS && end.address.isAny) {
      let sign = RandomFilter.any(["=", "!=", "<", ">", "<=", ">="], &random)
      return "\(isLocal ? "sport" : "dport") \(sign) :\(end.port)"
    }
    let bits = Int.random(in: 0...(end.address.isIPv6 ? 128 : 32), using: &random)
    // ss checks again by itself, and then compares the leading bits of IPv4 with those of IPv6.
    let length = Bool.random(using: &random) && !isForSS ? "/\(bits)" : ""
    let whole = AddressPattern(end.address).description
    // The length within the brackets, where every ss takes it.
    let address = whole.hasPrefix("[") ? "\(whole.dropLast())\(length)]" : whole + length
    let port = Bool.random(using: &random) ? ":\(end.port)" : ""
    return "\(isLocal ? "src" : "dst") \(address)\(port)"
  }
}
