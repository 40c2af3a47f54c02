import ProcNet
import Testing

@testable import sockinspect

/// What single conditions mean, by example.
@Suite struct FilterMatchTests {
  static func matches(
    _ sentence: String, _ socket: Socket, _ facts: FilterContext = .init(),
    _ context: ParseContext = .sample()
  ) throws -> Bool {
    try Filter.parse([sentence], context).matches(socket, facts)
  }

  /// 127.0.0.1:8080, listening, three of five places taken.
  static let listener: Socket = {
    var socket = Socket(netid: .tcp, family: .inet, state: .listen)
    socket.local = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 8080)
    socket.queues = .accept(waiting: 3, limit: 5)
    (socket.inode, socket.uid, socket.namespace) = (10, 33, 7)
    socket.details = SocketDetails(
      memory: SocketMemory(words: [0, 0, 0, 0, 0, 0, 0, 0, 15]),
      tcp: TCPInfo(bytes: [UInt8](repeating: 0, count: 280)))
    return socket
  }()

  /// [::ffff:10.0.0.1]:8080 to [::ffff:10.0.0.2]:40000: IPv4 at a dual-stack server.
  static let mapped: Socket = {
    var socket = Socket(netid: .tcp, family: .inet6, state: .established)
    socket.local = Endpoint(address: IPAddress(v6High: 0, low: 0xFFFF_0A00_0001), port: 8080)
    socket.peer = Endpoint(address: IPAddress(v6High: 0, low: 0xFFFF_0A00_0002), port: 40000)
    (socket.inode, socket.interface) = (11, 2)
    var bytes = [UInt8](repeating: 0, count: 280)
    bytes[44...45] = [0xB8, 0x0B]  // last data sent 3000 ms ago
    bytes[52...53] = [0xE8, 0x03]  // last data received 1000 ms ago
    bytes[68...69] = [0x50, 0xC3]  // round trip 50000 us
    bytes[148...151] = [0xFF, 0xFF, 0xFF, 0xFF]  // shortest round trip: never measured
    socket.details = SocketDetails(tcp: TCPInfo(bytes: bytes), mark: 0x13, cgroupID: 4242)
    return socket
  }()

  static let path: Socket = {
    var socket = Socket(netid: .unixStream, family: .unix, state: .listen)
    socket.path = Array("/run/PHP.sock".utf8)
    return socket
  }()

  static let abstract: Socket = {
    var socket = Socket(netid: .unixStream, family: .unix, state: .listen)
    socket.path = [0] + Array("bus".utf8) + [0]
    return socket
  }()

  @Test(
    "conditions on a listener",
    arguments: [
      ("state listening", true), ("exclude listening", false), ("not state listening", false),
      ("state listening and fill = 50%", true), ("fill >= 50", true), ("fill > 50%", false),
      ("fill > 49.9999%", true), ("drops = 15", true), ("drops > 15", false), ("recvq < 1k", true),
      (":8080", true), ("127.0.0.1:8080", true), ("127.0.0.1:80", false), ("127/8", true),
      ("dport = 0", true), ("sport gt 8080", false), ("sport ge 8080", true),
      ("inode 10", true), ("user www-data", true), ("user 33", true), ("user != root", true),
      ("netns blue", true), ("netns 7", true), ("netns red", false), ("dev lo", false),
      // A listener has no round trip: neither answer of a comparison is true, `not` turns it round.
      ("rtt < 1s", false), ("rtt >= 0", false), ("not rtt < 1s", true), ("cwnd = 0", false),
      ("fwmark 0", false), ("fwmark != 0", true), ("age > 0", false),
    ])
  func listener(sentence: String, wanted: Bool) throws {
    #expect(try Self.matches(sentence, Self.listener) == wanted)
  }

  @Test(
    "conditions on IPv4 within IPv6",
    arguments: [
      ("src 10.0.0.1", true), ("src 10/8", true), ("src 0.0.0.0/0", true),
      ("src inet:10.0.0.1", false),
      ("src [::ffff:10.0.0.1]", true), ("src ::ffff:10.0.0.0/120", true), ("src [::]/0", true),
      ("dst 10.0.0.1", false), ("dst 10.0.0.2:40000", true), ("dst != 10.0.0.2:40000", false),
      ("family inet6", true), ("family inet", false), ("netid tcp", true),
      ("rtt = 50ms", true), ("rtt > 0.05s", false), ("rtt > 49999.5us", true),
      ("minrtt > 0", false),
      ("idle >= 1s", true), ("idle > 1s", false), ("lastsnd = 3s", true), ("cwnd = 0", true),
      ("fwmark 0x3/0xf", true), ("fwmark 0x13", true), ("dev eth0", true), ("dev 2", true),
      ("cgroup /system.slice/x.service", true), ("cgroup /other", false),
      ("autobound", false),
    ])
  func mapped(sentence: String, wanted: Bool) throws {
    #expect(try Self.matches(sentence, Self.mapped) == wanted)
  }

  @Test(
    "conditions on unix sockets",
    arguments: [
      ("src unix:/run/php*", true), ("src unix:*.sock", true), ("src unix:/run/ph[o-q].sock", true),
      ("src unix:/run/php", false), ("src /RUN/php.sock", true), ("/run/PHP.sock", true),
      ("/run/php.sock", false), ("dst unix:/run/*", false), ("unix:/run/*", true),
      ("sport = 0", false), ("sport != 0", true), ("10/8", false), ("netid unix", true),
    ])
  func unix(sentence: String, wanted: Bool) throws {
    #expect(try Self.matches(sentence, Self.path) == wanted)
  }

  @Test("an abstract name is written as it is shown")
  func abstractName() throws {
    #expect(try Self.matches("@bus@", Self.abstract))
    #expect(try Self.matches("src unix:@b*", Self.abstract))
    #expect(try !Self.matches("@bus", Self.abstract))
    #expect(try !Self.matches("autobound", Self.abstract))
  }

  @Test("age is the waiting time of queued connections and of nothing else")
  func age() throws {
    let facts = FilterContext()
    #expect(try !Self.matches("age > 1s", Self.mapped, facts))
    facts.ownerships[11] = .queued
    #expect(try Self.matches("age = 3s", Self.mapped, facts))
    #expect(try Self.matches("queued and age >= 2999ms", Self.mapped, facts))
    #expect(try !Self.matches("age > 3s", Self.mapped, facts))
  }

  @Test("one of several holders is enough, and != means that none is it")
  func holders() throws {
    let facts = FilterContext()
    #expect(try !Self.matches("pid != 5", Self.listener, facts), "nobody is known")
    facts.owners[10] = [
      Owner(process: 5, descriptor: 3, command: Array("nginx".utf8)),
      Owner(process: 6, descriptor: 3, command: Array("systemd-timesyn".utf8)),
    ]
    facts.services[10] = "web.service"
    for yes in [
      "pid 5", "pid:6", "pid > 5", "pid != 7", "comm nginx", "comm = ng*", "nginx", "comm != sshd",
      "systemd-timesyncd", "comm = systemd-timesyncd", "web", "web.service", "service = w?b",
    ] {
      #expect(try Self.matches(yes, Self.listener, facts), "\(yes)")
    }
    for no in ["pid != 5", "pid > 6", "comm != nginx", "ngin", "comm = NGINX", "service != web"] {
      #expect(try !Self.matches(no, Self.listener, facts), "\(no)")
    }
  }

  @Test("holders are looked up only when the row leaves it open")
  func laziness() throws {
    let facts = FilterContext()
    let filter = try Filter.parse(["comm nginx and sport = :1"], .sample())
    #expect(!filter.matches(Self.listener, facts))
    #expect(facts.ownersAsked == 0)
    #expect(filter.needs == .owners)
  }

  @Test(
    "a filter says what must be collected",
    arguments: [
      ("sport = 1 and state listening and fill > 1", []), ("rtt > 1ms", .tcp),
      ("drops > 0", .memory),
      ("fwmark 1", .attributes), ("age > 1s", [.tcp, .ownership]), ("pid 1", .owners),
      ("nginx", [.owners, .service, .attributes]), ("peer_comm x", .peerOwners),
      ("not (rtt > 1s or queued)", [.tcp, .ownership]),
      ("cgroup /x", [.attributes, .controlGroup]),
    ] as [(String, FilterNeeds)])
  func needs(sentence: String, needs: FilterNeeds) throws {
    #expect(try Filter.parse([sentence], .sample()).needs == needs)
  }

  @Test(
    "a filter says which states can match, if it speaks of states",
    arguments: [
      ("sport = 1", nil), ("nginx", nil), ("state listening", StateSet(.listen)),
      ("state listening and sport = 1", StateSet(.listen)), ("fill > 80%", StateSet(.listen)),
      ("not state listening", StateSet.all.subtracting(StateSet(.listen))),
      ("state listening or sport = 1", .all), ("not not state all", .all),
      ("state bound-inactive", StateSet(.boundInactive)),
      ("state bound-inactive or sport = 1", StateSet.all.union(StateSet(.boundInactive))),
      ("state listening and state established", []), ("exclude all", []),
      ("state listening state established", [StateSet(.listen), StateSet(.established)]),
    ] as [(String, StateSet?)])
  func states(sentence: String, states: StateSet?) throws {
    #expect(try Filter.parse([sentence], .sample()).states == states)
  }

  @Test(
    "a filter says which families can match",
    arguments: [
      ("state listening", nil), ("sport = 1", .internet), ("not sport = 1", nil),
      ("src 10.0.0.1", .internet), ("src inet:10.0.0.1", .inet), ("src [::1]", .inet6),
      ("src unix:*", .unix), ("src link:arp", .packet), ("/run/x or src [::1]", [.unix, .inet6]),
    ] as [(String, FamilySet?)])
  func families(sentence: String, families: FamilySet?) throws {
    #expect(try Filter.parse([sentence], .sample()).families == families)
  }

  @Test(
    "a reading that differs from ss's is told",
    arguments: [
      (
        "sport = :1 or sport = :2 and sport = :3",
        "read as: sport = :1 or (sport = :2 and sport = :3); ss, which reads from left to right, "
          + "takes it as: (sport = :1 or sport = :2) and sport = :3; parentheses make it plain"
      ),
      ("sport = :1 and sport = :2 or sport = :3", nil),
      ("sport = :1 or (sport = :2 sport = :3)", nil),
      (
        "src ::1:22",
        "'::1:22' is read as [::1]:22, as ss does; write [::1:22] for the address"
      ),
      ("listening", "'listening' is taken as a command; the state is: state listening"),
    ] as [(String, String?)])
  func warnings(sentence: String, warning: String?) throws {
    let warnings = try Filter.parse([sentence], .sample()).warnings
    #expect(warnings == (warning.map { [$0] } ?? []))
  }

  @Test("precedence is real")
  func precedence() throws {
    // A flat reading would ask for the port as well.
    #expect(try Self.matches("sport = :8080 or sport = :1 and dport = :99", Self.listener))
    #expect(try Self.matches("not sport = :1 and sport = :8080", Self.listener))
  }

  @Test("the program of a mixed filter keeps what the kernel can tell")
  func mixedProgram() throws {
    func program(_ sentence: String) throws -> [UInt8]? {
      try Filter.parse([sentence], .sample()).kernelProgram()
    }
    #expect(try program("comm nginx") == nil)
    #expect(try program("comm nginx or sport = :1") == nil)
    #expect(try program("") == nil)
    #expect(try program("not (sport = :1 and comm nginx)") == nil)
    // One instruction: code 7 (S_COND), 12 bytes on, else 16 (beyond the end); any family, no
    // bits, two bytes of padding, port 22.
    let port22: [UInt8] = [7, 12, 16, 0, 0, 0, 0, 0, 22, 0, 0, 0]
    #expect(try program("sport = :22") == port22)
    #expect(try program("comm nginx and sport = :22") == port22)
    #expect(try program("not (comm nginx or sport != :22)") == port22)
  }
}
