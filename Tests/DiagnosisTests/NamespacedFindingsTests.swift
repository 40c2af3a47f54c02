import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// What network namespaces are called, and findings about them.
@Suite("Findings in other network namespaces")
struct NamespacedFindingsTests {
  private static let container = String(repeating: "3f2a9c1b2d3e", count: 5) + "0123"

  /// Our own namespace 1 (`pid 1`), `blue` 2 with pid 20, a container 3 with pid 30, one without
  /// a name 4 with pid 40, and one that nobody lives in 5.
  private static let kernel: FakeKernel = {
    var kernel = FakeKernel().file("/proc/self/cgroup", "0::/user.slice\n")
    for (process, namespace, group) in [
      (1, 1, "/init.scope"), (20, 2, "/user.slice"), (40, 4, "/user.slice"),
      (30, 3, "/system.slice/docker-\(container).scope"),
    ] {
      kernel = kernel.link("/proc/\(process)/ns/net", "net:[\(namespace)]")
        .file("/proc/\(process)/cgroup", "0::\(group)\n").file("/proc/\(process)/comm", "app\n")
    }
    return kernel
  }()

  private static func place(_ inode: UInt32, _ process: Int32?, _ name: String? = nil)
    -> NetworkNamespace
  {
    NetworkNamespace(
      inode: inode, path: name.map { "/run/netns/\($0)" } ?? process.map { "/proc/\($0)/ns/net" },
      tables: process.map { "/proc/\($0)/net" }, name: name)
  }

  private static let own = NetworkNamespace(inode: 1, path: nil, tables: "/proc/net")
  private static let names = NamespaceNames(
    [own, place(2, 20, "blue"), place(3, 30), place(4, 40), place(5, nil, "all")],
    through: kernel)

  @Test("a name, a container, a process, a number")
  func words() throws {
    let names = Self.names
    #expect(names[1] == nil && names[9] == nil && !names.isEmpty)
    #expect(names[2]?.text == "netns blue" && names[2]?.short == "netns blue")
    #expect(names[3]?.text == "container 3f2a9c1b2d3e")
    #expect(names[4]?.text == "netns of app (pid 40)" && names[4]?.short == "netns 4")
    #expect(names[5]?.text == "netns all")
    #expect(names.namespace(ofProcess: 30) == 3 && names.namespace(ofProcess: 31) == nil)
    #expect(NamespaceNames([Self.own], through: Self.kernel).isEmpty)
  }

  @Test("the container that the tool itself runs in names no other namespace")
  func inside() {
    let group = "0::/docker/\(Self.container)\n"
    let kernel = Self.kernel.file("/proc/self/cgroup", group).file("/proc/20/cgroup", group)
    let names = NamespaceNames([Self.own, Self.place(2, 20)], through: kernel)
    #expect(names[2]?.text == "netns of app (pid 20)")
  }

  @Test("commands enter the namespace where what they show belongs to one")
  func commands() throws {
    let blue = NamespaceCommands(try #require(Self.names[2]))
    #expect(blue.line("ss -ltn 'sport = :80'") == "ip netns exec blue ss -ltn 'sport = :80'")
    #expect(blue.line("sockinspect listen :80") == "sockinspect listen --netns blue :80")
    #expect(blue.line("cat /proc/net/sockstat") == "ip netns exec blue cat /proc/net/sockstat")
    for line in ["cat /proc/7/syscall", "ls /proc/7/fd | wc -l", "sockinspect explain x", ""] {
      #expect(blue.line(line) == line)
    }
    #expect(
      blue.prose("Close it: `sockinspect kill 'sport = :9'`, or see `accept(2)` of ss.")
        == "Close it: `sockinspect kill --netns blue 'sport = :9'`, or see `accept(2)` of ss.")
    let container = NamespaceCommands(try #require(Self.names[3]))
    #expect(container.line("ss -s") == "nsenter --net=/proc/30/ns/net -- ss -s")
    #expect(container.line("sockinspect kill :80") == "sockinspect kill --netns 30 :80")
    let odd = NamespaceCommands(try #require(Self.names[5]))
    #expect(odd.line("ss -s") == "nsenter --net='/run/netns/all' -- ss -s")
  }

  @Test("something is put behind a whole word only, and once")
  func text() {
    #expect(NamespaceText("pid 812, pid 81").after("pid 81", "!") == "pid 812, pid 81!")
    #expect(NamespaceText(":80 and :80").after(":80", "!") == ":80! and :80")
    #expect(NamespaceText("nothing").after("pid 1", "!") == "nothing")
    #expect(!NamespaceText("").contains("x") && !NamespaceText("x").contains(""))
  }

  private func blocked(in namespace: UInt32) -> Finding {
    var socket = ObservedListener.tcp([0], limit: 5).socket
    socket.namespace = namespace
    var finding = Finding(
      ServerBlocked.kind, .critical, "127.0.0.1:9000 answers no one: it waits for 10.0.0.2:5000",
      about: .listener(SocketName(socket)))
    var app = ProcessName(process: 20, command: Array("app".utf8))
    var front = app
    (front.process, app.process) = (1, 30)
    var call = Socket.tcp(.established, 50_000, 5000, inode: 7, at: 0x0A00_0002)
    call.namespace = namespace
    finding.chain = [
      ChainLink(
        process: front, thread: 1, call: "recvfrom",
        waitsFor: .init(
          .connection, "10.0.0.2:5000 (app, pid 30)", socket: SocketName(call), process: app)),
      ChainLink(process: app, thread: 30, call: "futex"),
    ]
    finding.story = ["app (pid 1) serves.", "It waits for app (pid 30)."]
    finding.check = ["ss -ltn 'sport = :9000'"]
    return finding
  }

  @Test("a chain into a container names it in the title, the story and the chain")
  func chain() {
    let named = NamespacedFindings(Self.names).named([blocked(in: 1)])[0]
    #expect(
      named.title == """
        127.0.0.1:9000 answers no one: it waits for 10.0.0.2:5000 in container 3f2a9c1b2d3e
        """)
    #expect(named.story[1] == "It waits for app (pid 30, container 3f2a9c1b2d3e).")
    #expect(named.chain[0].process.text == "app (pid 1)")
    #expect(named.chain[1].process.text == "app (pid 30, container 3f2a9c1b2d3e)")
    #expect(
      named.chain[0].waitsFor?.text == "10.0.0.2:5000 (app, pid 30, container 3f2a9c1b2d3e)")
    #expect(named.check == ["ss -ltn 'sport = :9000'"])
  }

  @Test("a subject elsewhere is followed by its namespace; a host's finding begins with it")
  func subject() {
    let named = NamespacedFindings(Self.names).named([blocked(in: 2)])[0]
    #expect(named.title.hasPrefix("127.0.0.1:9000 in netns blue "))
    #expect(named.check == ["ip netns exec blue ss -ltn 'sport = :9000'"])
    #expect(named.reference == blocked(in: 2).reference)
    var ports = Finding(EphemeralPorts.kind, .warning, "90 of 100 ports", about: .host)
    ports.namespace = 4
    #expect(
      NamespacedFindings(Self.names).named([ports])[0].title
        == "In netns of app (pid 40): 90 of 100 ports")
  }

  @Test("where only our own is read, nothing changes")
  func alone() {
    let finding = blocked(in: 1)
    let named = NamespacedFindings(.none).named([finding])[0]
    #expect(named.title == finding.title && named.chain == finding.chain)
    #expect(named.check == finding.check && named.story == finding.story)
  }
}
