import Glibc
import TestSupport
import Testing

@testable import ProcNet

/// Interfaces and addresses of a namespace where netlink is refused.
@Suite struct InterfacesFromTablesTests {
  private static let dev = """
    Inter-|   Receive                                                |  Transmit
     face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets
        lo:  920      10    0    0    0     0          0         0      920      10
      eth0: 1        1    0    0    0     0          0         0      1      1
    wg-über:1 1 0 0 0 0 0 0 0 0
    down0: 0 0 0 0 0 0 0 0 0 0

    """

  private static let kernel = FakeKernel()
    .file("/proc/9/net/dev", dev)
    .file(
      "/proc/9/net/igmp",
      """
      Idx\tDevice    : Count Querier\tReporter
      1\tlo        :     1      V3
      \t\t\t\t010000E0     1 0:00000000\t\t0
      2\teth0      :     1      V3
      \t\t\t\t010000E0     1 0:00000000\t\t0

      """
    )
    .file(
      "/proc/9/net/if_inet6",
      """
      00000000000000000000000000000001 01 80 10 80       lo
      fe800000000000000000000000000007 0b 40 20 80  wg-über

      """
    )
    .file(
      "/proc/9/net/fib_trie",
      """
      Main:
        +-- 0.0.0.0/0 3 0 5
           |-- 0.0.0.0
              /0 universe UNICAST
           +-- 10.7.0.0/24 2 0 2
              |-- 10.7.0.0
                 /24 link UNICAST
              |-- 10.7.0.2
                 /32 host LOCAL
              |-- 10.7.0.255
                 /32 link BROADCAST
      Local:
        +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.1
              /32 host LOCAL

      """)

  private let place = NetworkNamespace(inode: 4, path: "/proc/9/ns/net", tables: "/proc/9/net")

  private func read(_ kernel: FakeKernel) -> (Interfaces, [Gap]) {
    var gaps: [Gap] = []
    return (Interfaces(in: place, through: kernel, gaps: &gaps), gaps)
  }

  private func search(_ name: String, _ kernel: FakeKernel = kernel) -> Interfaces.Search {
    read(kernel).0.search(Array(name.utf8))
  }

  @Test("are found by name and number in the tables of that namespace")
  func tables() {
    #expect(search("lo") == .found(1))
    #expect(search("eth0") == .found(2))
    #expect(search("wg-über") == .found(11))
    #expect(read(Self.kernel).0.name(of: 11) == Array("wg-über".utf8))
    #expect(search("eth1") == .missing)
    #expect(read(Self.kernel).1.isEmpty)
  }

  @Test("one that is there without a number is not said to be missing")
  func unnumbered() {
    guard case .unknown = search("down0") else {
      Issue.record("down0 is in the list of interfaces")
      return
    }
  }

  @Test("without any table nobody knows, and a gap says so")
  func nothing() {
    let (interfaces, gaps) = read(FakeKernel())
    guard case .unknown(let failure) = interfaces.search(Array("lo".utf8)) else {
      Issue.record("lo may be there")
      return
    }
    #expect(failure.number == EPROTONOSUPPORT)
    #expect(gaps.map(\.missing) == ["interface names"])
  }

  @Test("the namespace's own addresses come from its routes")
  func addresses() throws {
    let own = try OwnAddresses(in: place, through: Self.kernel)
    #expect(own.contains(IPAddress(v4: 0x0A07_0002)))
    #expect(!own.contains(IPAddress(v4: 0x0A07_00FF)))
    #expect(!own.contains(IPAddress(v4: 0x0A07_0000)))
    #expect(own.contains(IPAddress(v6High: 0xFE80_0000_0000_0000, low: 7)))
    #expect(throws: KernelError.self) { try OwnAddresses(in: place, through: FakeKernel()) }
  }

  @Test("the live host's tables and calls say what netlink says")
  func live() throws {
    var gaps: [Gap] = []
    let told = Interfaces(through: LiveKernel(), gaps: &gaps)
    let refused = Interfaces(through: RefusingKernel(), gaps: &gaps)
    #expect(gaps.isEmpty)
    #expect(refused.search(Array("lo".utf8)) == told.search(Array("lo".utf8)))
    #expect(refused.search(Array("lo".utf8)) == .found(1))
    #expect(refused.search(Array("none0".utf8)) == .missing)
  }
}

/// The live kernel where a filter refuses netlink sockets.
private struct RefusingKernel: Kernel {
  private let live = LiveKernel()

  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) { try live.read(path, piece) }

  func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    try live.entries(of: folder)
  }

  func link(at path: String) throws(KernelError) -> [UInt8] { try live.link(at: path) }

  func identity(of path: String) throws(KernelError) -> FileIdentity {
    try live.identity(of: path)
  }

  func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) { try live.walkDescriptors(ofProcess: process, visit) }

  func interfaceIndex(
    of name: [UInt8], inNamespaceAt path: String?
  ) throws(KernelError) -> UInt32 { try live.interfaceIndex(of: name, inNamespaceAt: path) }

  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) { throw KernelError("open", "a netlink socket", .system(EACCES)) }
}
