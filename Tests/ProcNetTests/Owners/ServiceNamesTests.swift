import TestSupport
import Testing

@testable import ProcNet

/// Names of ports and of IP protocols.
@Suite struct ServiceNamesTests {
  private static let kernel = FakeKernel()
    .file(
      "/etc/services",
      """
      # comment
      tcpmux\t1/tcp\t\t# TCP port service multiplexer
      echo 7/udp
      ssh 22/tcp
      domain 53/tcp
      domain 53/udp nameserver
      syslog 514/udp
      shell 514/tcp cmd
      su-mit-tg 89/tcp
      bad x/tcp
      big 70000/tcp
      short
      """
    )
    .file(
      "/etc/protocols", "icmp 1 ICMP # internet control message\nospf 89 OSPFIGP\nipv6-icmp 58\n")

  private func name(_ port: UInt16, _ netid: Netid) -> String? {
    ServiceNames(through: Self.kernel).name(of: port, netid: netid).map { String(rawBytes: $0) }
  }

  private func search(_ name: String, _ netids: NetidSet) -> ServiceNames.Search {
    ServiceNames(through: Self.kernel).search(Array(name.utf8), in: netids)
  }

  @Test("the port of a raw socket is a protocol")
  func protocols() {
    #expect(name(1, .raw) == "icmp")
    #expect(name(89, .raw) == "ospf")
    #expect(name(58, .raw) == "ipv6-icmp")
    #expect(name(22, .raw) == "ipproto-22")
    #expect(name(1, .tcp) == "tcpmux")
    #expect(name(89, .tcp) == "su-mit-tg")
    #expect(name(514, .tcp) == "shell")
    #expect(name(514, .udp) == "syslog")
    #expect(name(7, .tcp) == nil)
  }

  @Test("a word is a service of the tables that are asked for, or a protocol of raw sockets")
  func words() {
    #expect(search("ssh", .all) == .service(22))
    #expect(search("ssh", .raw) == .missing)
    #expect(search("ospf", .raw) == .ipProtocol(89))
    #expect(search("OSPFIGP", .all) == .ipProtocol(89))
    #expect(search("ospf", .tcp) == .missing)
    #expect(search("ipproto-254", .raw) == .ipProtocol(254))
    #expect(search("nameserver", .udp) == .service(53))
    #expect(search("syslog", [.tcp, .udp]) == .service(514))
    #expect(search("big", .all) == .missing)
  }

  @Test("a file that cannot be read does not say that a name is wrong")
  func unreadable() {
    let gone = ServiceNames(through: FakeKernel())
    guard case .unknown(let failure) = gone.search(Array("ssh".utf8), in: .tcp) else {
      Issue.record("nobody can say what ssh is")
      return
    }
    #expect(failure.message == "cannot read /etc/services: no such file or directory")
    #expect(gone.name(of: 22, netid: .tcp) == nil)
    #expect(gone.name(of: 89, netid: .raw) == nil)
    let half = ServiceNames(through: FakeKernel().file("/etc/services", "ssh 22/tcp\n"))
    #expect(half.search(Array("ssh".utf8), in: .all) == .service(22))
    #expect(half.search(Array("no".utf8), in: .tcp) == .missing)
  }
}
