import ProcNet
import Testing

@testable import sockinspect

/// Names as people type them.
@Suite("Which counters are shown")
struct CounterSelectionTests {
  private static let kernel = [
    KernelCounter(group: "TcpExt", name: "ListenDrops", value: 0),
    KernelCounter(group: "TcpExt", name: "TCPBacklogDrop", value: 1),
    KernelCounter(group: "TcpExt", name: "ListenOverflows", value: 2),
    KernelCounter(group: "Udp", name: "InErrors", value: 3),
    KernelCounter(group: "Udp6", name: "InErrors", value: 4),
    KernelCounter(group: "TcpExt", name: "TCPFromTheFuture", value: 5),
  ]

  private func chosen(_ names: String...) -> [String] {
    CounterSelection.named(names).chosen(from: Self.kernel).map(\.fullName)
  }

  @Test("full names, names without their group, groups and patterns, in any case")
  func names() {
    #expect(chosen("TcpExtListenDrops") == ["TcpExtListenDrops"])
    #expect(chosen("listendrops") == ["TcpExtListenDrops"])
    #expect(chosen("InErrors") == ["UdpInErrors", "Udp6InErrors"])
    #expect(chosen("udp") == ["UdpInErrors"])
    #expect(chosen("*drop*") == ["TcpExtListenDrops", "TcpExtTCPBacklogDrop"])
    #expect(chosen("Udp*", "udpinerrors") == ["UdpInErrors", "Udp6InErrors"])
    #expect(chosen("TCPFromTheFuture") == ["TcpExtTCPFromTheFuture"])
    #expect(chosen("Listen") == [])
  }

  @Test("the usual ones come in their own order, those that this kernel lacks not at all")
  func listen() {
    let names = CounterSelection.listen.chosen(from: Self.kernel).map(\.fullName)
    #expect(names == ["TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPBacklogDrop"])
  }

  @Test("a name that no kernel has is answered with the nearest one")
  func unknown() {
    func complaint(_ name: String) -> String {
      do {
        _ = try CounterSelection.named([name]).lacking(in: Self.kernel)
        return ""
      } catch { return error.message }
    }
    #expect(
      complaint("ListnDrops") == "there is no counter 'ListnDrops'; did you mean ListenDrops?")
    #expect(
      complaint("tcpextlistendrop")
        == "there is no counter 'tcpextlistendrop'; did you mean TcpExtListenDrops?")
    #expect(
      complaint("*xyzzy*")
        == "there is no counter '*xyzzy*'; 'sockinspect counters --all --zero' lists them")
    #expect(!complaint("\u{1b}[2J").contains("\u{1b}"))
  }

  @Test("a name that only this kernel lacks is no mistake")
  func lacking() throws {
    #expect(
      try CounterSelection.named(["RtoMin", "*Drop*"]).lacking(in: Self.kernel) == ["RtoMin"])
    #expect(try CounterSelection.all.lacking(in: []) == [])
  }

  @Test("zeros are shown where they were asked for, and those that were not 0 before")
  func zeros() throws {
    func names(_ arguments: CountersArguments, before: Int128? = nil) throws -> [String] {
      let plan = try CountersPlan(arguments, isTerminal: false, showsNamespace: false)
      let sample = CounterSample(place: .here, counters: Self.kernel, time: 2000)
      let old = before.map {
        CounterSample(
          place: .here, counters: [KernelCounter(group: "TcpExt", name: "ListenDrops", value: $0)],
          time: 1000)
      }
      return plan.rows(sample, since: old).map(\.counter.name)
    }
    var arguments = CountersArguments()
    #expect(try names(arguments) == ["ListenOverflows", "TCPBacklogDrop"])
    #expect(try names(arguments, before: 9).contains("ListenDrops"))
    arguments.showsZero = true
    #expect(try names(arguments).contains("ListenDrops"))
    arguments.showsZero = false
    arguments.names = ["ListenDrops"]
    #expect(try names(arguments) == ["ListenDrops"])
  }
}
