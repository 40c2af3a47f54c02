import Glibc
import Testing

@testable import ProcNet

/// Against the kernel of the host that runs the tests.
@Suite(.serialized) struct NamespaceFinderLiveTests {
  private func find(_ argument: String) throws -> [NetworkNamespace] {
    var gaps: [Gap] = []
    return try NamespaceFinder(through: LiveKernel())
      .places(for: NamespaceChoice(argument), gaps: &gaps)
  }

  @Test func `our own namespace comes first and needs no entering`() throws {
    let places = try find("all")
    #expect(places.first == (try find("self").first))
    #expect(places.first?.inode != 0)
    #expect(places.first?.path == nil)
    #expect(try find("\(getpid())") == [places[0]])
    #expect(Set(places.map(\.inode)).subtracting([0]).count == places.count { $0.inode != 0 })
  }

  @Test(.enabled(if: OwnersProcess.isRoot, "making a network namespace takes root"))
  func `a namespace that a process made is found, and answers`() throws {
    let child = try #require(OwnersProcess(["unshare", "-n", "sleep", "60"]))
    let own = try find("self")[0].inode
    #expect(OwnersProcess.eventually { (try? find("\(child.process)"))?.first?.inode != own })
    let place = try find("\(child.process)")[0]
    #expect(place.path == "/proc/\(child.process)/ns/net")
    #expect(place.tables == "/proc/\(child.process)/net")
    #expect(try find("all").contains(place))
    var gaps: [Gap] = []
    let interfaces = Interfaces(in: place, through: LiveKernel(), gaps: &gaps)
    #expect(interfaces.index(of: Array("lo".utf8)) == 1)
    #expect(gaps.isEmpty)
  }

  @Test(.enabled(if: OwnersProcess.isRoot, "making a network namespace takes root"))
  func `a named namespace is found without a process in it`() throws {
    let name = "sockinspect-test-\(getpid())"
    guard OwnersProcess.output("ip", "netns", "add", name) != nil else {
      print("skipped: ip cannot make a network namespace here")
      return
    }
    defer { _ = OwnersProcess.output("ip", "netns", "del", name) }
    let place = try find(name)[0]
    #expect(place.name == name)
    #expect(place.path == "/run/netns/\(name)")
    #expect(place.tables == nil)
    #expect(try find("all").contains(place))
    #expect(try find("/run/netns/\(name)") == [place])
  }
}
