import Testing

extension EndToEnd {
  @Suite("lsof finds the same owners", .enabled(if: Tool.has("lsof"), "needs lsof"))
  struct AgainstLsof {
    @Test("process and descriptor", arguments: [LsofCase.internet, .unix])
    func owners(_ sockets: LsofCase) throws {
      let zoo = try Zoo()
      let lsof = try zoo.run(["lsof", "-nPw", "-Fpf"] + sockets.lsofOptions)
      let ours = try zoo.sockinspect(["-OHanp"] + sockets.ourOptions)
      #expect(ours.status == 0, "\(ours)")
      let expected = lsofOwners(lsof).filter(isInZoo(zoo))
      let found = ourOwners(ours).filter(isInZoo(zoo))
      #expect(found.subtracting(expected).isEmpty, "only sockinspect")
      #expect(expected.subtracting(found).isEmpty, "only lsof")
      #expect(found.count >= 15)
    }
  }
}

struct LsofCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var lsofOptions: [String]
  var ourOptions: [String]

  static let internet = LsofCase(
    testDescription: "TCP and UDP", lsofOptions: ["-i"], ourOptions: ["-tu"])
  static let unix = LsofCase(testDescription: "unix", lsofOptions: ["-U"], ourOptions: ["-x"])
}

private struct Holder: Hashable {
  var process: Int32
  var descriptor: Int32
}

/// A busy machine's other processes come and go; the zoo's stay. lsof leaves out processes with
/// an odd parenthesis in their name.
private func isInZoo(_ zoo: Zoo) -> (Holder) -> Bool {
  let children = Set(zoo.catalog.named.filter { !$0.name.contains("(") }.map(\.pid))
  return { $0.process == zoo.catalog.pid || children.contains($0.process) }
}

/// `p12` begins a process, `f3` is one of its descriptors.
private func lsofOwners(_ outcome: Outcome) -> Set<Holder> {
  var process: Int32 = 0
  var holders: Set<Holder> = []
  for line in outcome.text.split(separator: "\n") {
    guard let number = Int32(line.dropFirst()) else { continue }
    if line.first == "p" { process = number }
    if line.first == "f" { holders.insert(Holder(process: process, descriptor: number)) }
  }
  return holders
}

private func ourOwners(_ outcome: Outcome) -> Set<Holder> {
  let found = outcome.text.matches(of: /,pid=(\d+),fd=(\d+)\)/)
  return Set(
    found.compactMap { match in
      guard let process = Int32(match.1), let descriptor = Int32(match.2) else { return nil }
      return Holder(process: process, descriptor: descriptor)
    })
}
