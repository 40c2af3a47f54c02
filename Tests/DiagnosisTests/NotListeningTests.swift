import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Nothing listens at the target: what has the port, and what listens elsewhere.
@Suite("Nothing listens")
struct NotListeningTests {
  /// The answer to a question about a place on a host with these sockets; nil when something
  /// listens there.
  private func ask(
    _ place: TargetEndpoint, _ sockets: [Socket], kernel: FakeKernel = FakeKernel()
  ) -> (use: PortUse, host: HostObservation)? {
    var made = MadeObservation(settings: ["ipv4/ip_local_port_range": "32768 60999"])
    made.hold(sockets.map(\.inode), by: 7, "app")
    for socket in sockets { made.file.table.insert(socket) }
    let kernel = kernel.file("/proc/sys/kernel/osrelease", "6.18.0\n")
      .file("/proc/sys/net/ipv4/ip_local_reserved_ports", "7000-7010\n")
    let scope = Diagnoser.Scope(
      places: [.here], source: MadeSource(first: sockets, second: sockets),
      moments: SamplePair(recorded: kernel, kernel, interval: nil))
    let use = PortUseObserver(host: made.file, scope: scope).read(place)
    made.file.portUse = use
    return use.map { ($0, made.file) }
  }

  private func finding(
    _ place: TargetEndpoint, _ sockets: [Socket], kernel: FakeKernel = FakeKernel()
  ) throws -> Finding {
    let found = try #require(ask(place, sockets, kernel: kernel))
    return try #require(NotListening().findings(in: found.host).first)
  }

  private static func at(_ address: UInt32, _ port: UInt16) -> TargetEndpoint {
    .endpoint(Endpoint(address: IPAddress(v4: address), port: port))
  }

  private static func listener(_ port: UInt16, at address: IPAddress, inode: UInt32 = 1) -> Socket {
    var socket = Socket.tcp(.listen, port, 0, inode: inode)
    socket.family = address.isIPv6 ? .inet6 : .inet
    (socket.local.address, socket.peer) = (address, .anyV4)
    return socket
  }

  private static let loopback = IPAddress(v4: 0x7F00_0001)

  @Test("a listener that a client reaches is an answer by itself: nothing is said")
  func served() {
    let any = Self.listener(80, at: .anyV4)
    #expect(ask(.port(80), [any]) == nil && ask(Self.at(0x7F00_0001, 80), [any]) == nil)
    #expect(ask(.port(80), [Self.listener(80, at: Self.loopback)]) == nil)
    let dual = Self.listener(80, at: .anyV6)
    #expect(ask(Self.at(0x7F00_0001, 80), [dual]) == nil)
    let unix = Socket.unix(.unixStream, .listen, inode: 1, path: "/run/x.sock")
    #expect(ask(.path(Array("/run/x.sock".utf8)), [unix]) == nil)
    var udp = Socket.tcp(.close, 53, 0, inode: 1)
    udp.netid = .udp
    #expect(ask(.port(53), [udp]) == nil)
    #expect(NotListening().findings(in: MadeObservation().file).isEmpty)
  }

  @Test("another host's address is not for us to answer")
  func remote() {
    #expect(ask(Self.at(0xC000_0201, 80), []) == nil)
    #expect(ask(Self.at(0x7F00_0001, 80), []) != nil)
  }

  @Test("a free port: what listens nearest, and that a client is refused")
  func free() throws {
    let near = [79, 90, 443, 81].map { port in
      Self.listener(port, at: .anyV4, inode: UInt32(port))
    }
    let finding = try finding(.port(80), near)
    #expect(finding.title == "Nothing listens at :80: no socket has the port")
    #expect(finding.severity == .notice && finding.subject == .host)
    let story = finding.story.joined(separator: "\n")
    #expect(story.contains("0.0.0.0:79 (app (pid 7)), 0.0.0.0:81 (app (pid 7)) and 0.0.0.0:90"))
    #expect(!story.contains(":443") && story.contains("ECONNREFUSED"))
    #expect(finding.check.contains("ss -tanp 'sport = :80'"))
    #expect(finding.check.allSatisfy { !$0.contains("PATH") })
  }

  @Test("an outgoing connection took the port from the local range")
  func outgoing() throws {
    let finding = try finding(.port(40_000), [.tcp(.established, 40_000, 5432, inode: 3)])
    #expect(
      finding.title == """
        Nothing listens at :40000: app (pid 7) has the port for its connection to 127.0.0.1:5432
        """)
    #expect(finding.story.first?.contains("EADDRINUSE") == true)
    #expect(finding.story.first?.contains("(32768 to 60999)") == true)
    #expect(finding.remedy.last?.contains("ip_local_reserved_ports=7000-7010,40000") == true)
    let fact = try #require(finding.evidence.first)
    #expect(fact.place.process == 7 && fact.place.peer?.port == 5432)
  }

  @Test("a connection that a listener has left behind is no outgoing one")
  func left() throws {
    let finding = try finding(.port(80), [.tcp(.established, 80, 50_000, inode: 3)])
    #expect(finding.title == "Nothing listens at :80: app (pid 7) only keeps connections there")
    #expect(!finding.remedy.joined().contains("reserved"))
  }

  @Test("bound and not listening; in TIME-WAIT; both come with the port's rows")
  func unlisted() throws {
    let bound = try finding(.port(80), [.tcp(.boundInactive, 80, 0, inode: 4)])
    #expect(bound.title.hasSuffix("app (pid 7) has bound the port but does not listen"))
    let gone = try finding(.port(80), [.tcp(.timeWait, 80, 50_000), .tcp(.timeWait, 80, 50_001)])
    #expect(gone.title.hasSuffix("only 2 connections in TIME-WAIT have the port"))
    let other = try finding(.port(80), [.tcp(.timeWait, 81, 50_000), .tcp(.boundInactive, 82, 0)])
    #expect(other.title.hasSuffix("no socket has the port"))
  }

  @Test("a kernel that does not list bound sockets is not taken at its word")
  func older() throws {
    let found = try #require(ask(.port(80), []))
    var use = found.use
    use.seesBound = false
    var host = found.host
    host.portUse = use
    let finding = try #require(NotListening().findings(in: host).first)
    #expect(finding.title == "Nothing listens at :80")
    #expect(finding.story.first?.contains("6.8") == true)
  }

  @Test("on loopback only, for the other family only, on another device, with UDP")
  func elsewhere() throws {
    let own = Socket.tcp(.established, 50_001, 443, inode: 9, at: 0xC000_0201)
    var outside = own
    outside.local.address = IPAddress(v4: 0x0A00_0001)
    let loopback = try finding(
      Self.at(0x0A00_0001, 80), [Self.listener(80, at: Self.loopback), outside])
    #expect(loopback.title.hasSuffix("app (pid 7) listens at 127.0.0.1:80 only"))
    #expect(loopback.story[0].contains("which only this host reaches"))
    var six = Self.listener(80, at: .anyV6)
    six.isV6Only = true
    let family = try finding(Self.at(0x7F00_0001, 80), [six])
    #expect(family.story[0].contains("[::]:80 only, for IPv6 alone (IPV6_V6ONLY)"))
    var device = Self.listener(80, at: .anyV4)
    device.interface = 3
    let bound = try finding(Self.at(0x7F00_0001, 80), [device])
    #expect(bound.story[0].contains("0.0.0.0:80 on device number 3"))
    var udp = Socket.tcp(.close, 40_000, 0, inode: 1)
    udp.netid = .udp
    #expect(
      try finding(.port(40_000), [udp]).title.hasSuffix("receives UDP at 127.0.0.1:40000"))
  }

  @Test("a client in SYN-SENT means that no reset comes back")
  func silence() throws {
    let finding = try finding(.port(80), [.tcp(.synSent, 50_000, 80, inode: 5)])
    let story = finding.story.joined(separator: "\n")
    #expect(story.contains("A client gets no answer: 1 connection attempt of this host (app"))
    #expect(!story.contains("at once"))
    // One to another host is not for this place.
    let other = Socket.tcp(.synSent, 50_000, 80, inode: 5, at: 0xC000_0201)
    #expect(try !self.finding(.port(80), [other]).story.joined().contains("SYN-SENT"))
  }

  @Test("a unix path: the file decides what a client gets")
  func path() throws {
    let place = TargetEndpoint.path(Array("/run/x.sock".utf8))
    let beside = Socket.unix(.unixStream, .listen, inode: 1, path: "/run/y.sock")
    let moved = Socket.unix(.unixStream, .listen, inode: 2, path: "/run/app/x.sock")
    let absent = try finding(place, [beside, moved])
    #expect(absent.title.hasSuffix("x.sock: app (pid 7) listens at /run/app/x.sock only"))
    #expect(absent.story.joined().contains("In the same folder: /run/y.sock (app (pid 7))"))
    #expect(absent.story.last?.contains("ENOENT") == true)
    #expect(absent.check == ["ss -xlp src /run/x.sock", "ls -l /run/x.sock"])
    var kernel = FakeKernel()
    kernel.identities["/run/x.sock"] = FileIdentity(device: 1, inode: 2, size: 0)
    let left = try finding(place, [], kernel: kernel)
    #expect(left.title == "Nothing listens at /run/x.sock")
    #expect(left.story.last?.contains("ECONNREFUSED") == true)
  }
}
