import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// Names that could not be looked up are not said to be wrong.
@Suite struct LookUpFaultTests {
  @Test(
    "the error says what failed, and that the words may be right",
    arguments: [
      ("dev unseen0", "interface 'unseen0' could not be looked up: cannot open a netlink socket"),
      ("dst unseen", "'unseen' could not be looked up: cannot look up host unseen: no answer"),
    ])
  func undecided(filter: String, beginning: String) throws {
    let error = #expect(throws: FilterError.self) { try Filter.parse([filter], .sample()) }
    #expect(try #require(error).message.hasPrefix(beginning))
    #expect(try #require(error).cause != nil)
  }

  @Test("a name that is wrong is wrong usage", arguments: ["dev none0", "dst no", "sport = :no"])
  func wrong(filter: String) throws {
    let error = #expect(throws: FilterError.self) { try Filter.parse([filter], .sample()) }
    #expect(try #require(error).cause == nil)
  }

  @Test("services that cannot be read do not make a service unknown")
  func services() throws {
    var context = ParseContext.sample()
    let gone = ServiceNames(through: FakeKernel())
    context.resolvePort = { gone.search($0.rawBytes, in: $1) }
    let error = #expect(throws: FilterError.self) { try Filter.parse(["sport = :ssh"], context) }
    #expect(
      error?.message
        == "'ssh' could not be looked up: cannot read /etc/services: no such file or directory")
  }

  @Test("the port of raw sockets is a protocol by name")
  func protocols() throws {
    let raw = try Filter.parse(["sport = :ospf"], .sample(netids: .raw))
    #expect(raw.expression.description == "sport = :89")
    let all = try Filter.parse(["sport = :ospf"], .sample())
    #expect(all.expression.description == "netid = raw and sport = :89")
    #expect(throws: FilterError.self) { try Filter.parse(["sport = :ssh"], .sample(netids: .raw)) }
  }
}
