import TestSupport
import Testing

@testable import ProcNet

/// Reading all counters of a namespace, and saying what could not be read.
@Suite("A sample of counters")
struct CounterSampleTests {
  private static let complete = FakeKernel()
    .file("/proc/net/netstat", "TcpExt: ListenDrops\nTcpExt: 15\n")
    .file("/proc/net/snmp", "Tcp: RtoMin MaxConn\nTcp: 200 -1\n")
    .file("/proc/net/snmp6", "Ip6InReceives \t7\nUdpLite6NoPorts\t0\nUdp6NoPorts\t2\n")
    .file("/proc/net/sockstat", "sockets: used 3\nTCP: inuse 1 tw 4\n")
    .file("/proc/net/sockstat6", "TCP6: inuse 2\n")

  private func read(
    _ kernel: any Kernel, _ place: NetworkNamespace = .here
  ) -> (lines: [String]?, gaps: [String]) {
    var gaps: [Gap] = []
    let sample = CounterSample.read(place, through: kernel, at: 1000, gaps: &gaps)
    return (
      sample?.counters.map { "\($0.group) \($0.name) \($0.value)" }, gaps.map(\.message)
    )
  }

  @Test("has the counters of all five files, in the order of /proc")
  func complete() {
    let (lines, gaps) = read(Self.complete)
    #expect(
      lines == [
        "TcpExt ListenDrops 15", "Tcp RtoMin 200", "Tcp MaxConn -1", "Ip6 InReceives 7",
        "UdpLite6 NoPorts 0", "Udp6 NoPorts 2", "sockets used 3", "TCP inuse 1", "TCP tw 4",
        "TCP6 inuse 2",
      ])
    #expect(gaps.isEmpty)
  }

  @Test("a host without IPv6 misses nothing; a missing netstat is told")
  func missing() {
    var kernel = Self.complete
    kernel.files["/proc/net/snmp6"] = nil
    kernel.files["/proc/net/sockstat6"] = nil
    #expect(read(kernel).gaps.isEmpty)
    kernel.files["/proc/net/netstat"] = nil
    let (lines, gaps) = read(kernel)
    #expect(lines?.count == 5)
    #expect(gaps == ["counters of /proc/net/netstat not shown: no such file or directory"])
  }

  @Test("a namespace without a process, and one without a single file, have no sample")
  func nothing() {
    let empty = NetworkNamespace(inode: 7, path: "/run/netns/blue", tables: nil, name: "blue")
    let (lines, gaps) = read(Self.complete, empty)
    #expect(lines == nil)
    #expect(
      gaps == [
        """
        counters of network namespace blue not shown: no process lives in it, so it has no \
        /proc; run sockinspect in it, as with ip netns exec
        """
      ])
    #expect(read(FakeKernel()).lines == nil)
    #expect(read(FakeKernel()).gaps.count == 3)
  }

  @Test("another namespace in the same place is told by its files")
  func replaced() throws {
    var gaps: [Gap] = []
    func sample(_ inode: UInt64?) throws -> CounterSample {
      var kernel = Self.complete
      if let inode {
        kernel.identities["/proc/net/dev"] = FileIdentity(device: 1, inode: inode, size: 0)
      }
      return try #require(
        CounterSample.read(.here, through: kernel, at: 0, gaps: &gaps))
    }
    #expect(try sample(5).isSameNamespace(as: sample(5)))
    #expect(try !sample(5).isSameNamespace(as: sample(6)))
    #expect(try sample(nil).isSameNamespace(as: sample(6)))
  }
}

/// `/proc/net/snmp6` has group and name in one word.
@Suite("The counters of IPv6")
struct ProcNetSnmp6Tests {
  @Test("the longer group wins, an unknown one stays in the name")
  func groups() {
    let text = Array("UdpLite6InErrors 1\nXfrm6In 2\nIcmp6OutType135  4\n".utf8)
    let table = ProcNetSnmp6.decode(text.span)
    #expect(
      table.counters == [
        KernelCounter(group: "UdpLite6", name: "InErrors", value: 1),
        KernelCounter(group: "", name: "Xfrm6In", value: 2),
        KernelCounter(group: "Icmp6", name: "OutType135", value: 4),
      ])
  }

  @Test("a bad line costs that line")
  func badLines() {
    let text = Array("\nIp6\nIp6InReceives x\nIp6InReceives 99999999999999999999\nIp6In 3 4".utf8)
    #expect(
      ProcNetSnmp6.decode(text.span).counters == [
        KernelCounter(group: "Ip6", name: "In", value: 3)
      ])
  }
}
