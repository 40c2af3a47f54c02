import Glibc
import TestSupport
import Testing

@testable import ProcNet

/// Another host's `/proc`: which of its files are read, and that they are not ours.
@Suite struct ProcRootTests {
  private typealias Place = ProcRoot.Place

  @Test("our own /proc is read as it is")
  func own() {
    for folder in ["/proc", "/proc/", "/proc//"] {
      let root = ProcRoot(folder)
      #expect(root.isOwn)
      #expect(root.place("/proc/net/tcp") == .path("/proc/net/tcp"))
      #expect(root.place("/etc/passwd") == .path("/etc/passwd"))
      #expect(root.namespace(ofSetting: "/proc/sys/net/core/somaxconn") == nil)
    }
  }

  @Test(
    "what is the reader's in another /proc is taken from its process 1",
    arguments: [
      ("/proc", Place.path("/host")), ("/proc/7/fd", .path("/host/7/fd")),
      ("/proc/net", .path("/host/1/net")), ("/proc/net/tcp", .path("/host/1/net/tcp")),
      ("/proc/self/ns/net", .path("/host/1/ns/net")),
      ("/proc/thread-self/ns/net", .path("/host/1/ns/net")),
      ("/proc/self/mounts", .path("/host/1/mounts")), ("/proc/mounts", .path("/host/1/mounts")),
      ("/proc/self/cgroup", .path("/host/1/cgroup")),
      ("/proc/self/status", .path("/proc/self/status")), ("/proc/uptime", .path("/host/uptime")),
      ("/proc/network", .path("/host/network")), ("/etc/passwd", .inRoot("/etc/passwd")),
      ("/proc/1/root/sys/fs/cgroup", .inRoot("/sys/fs/cgroup")),
      ("/host/7/ns/net", .path("/host/7/ns/net")), ("/run/netns/a", .inRoot("/run/netns/a")),
    ])
  private func other(path: String, place: Place) {
    #expect(ProcRoot("/host/").place(path) == place)
  }

  @Test("tables, settings and users of a copy are those in it")
  func copy() throws {
    let tree = try Tree()
    try tree.write("1/net/dev", "")
    try tree.write("1/net/tcp", "first")
    try tree.write("sys/net/core/somaxconn", "7\n")
    try tree.write("1/root/etc/passwd", "web:x:33:33::/:/bin/sh\n")
    let kernel = LiveKernel(procRoot: tree.folder)
    #expect(try kernel.contents(of: "/proc/net/tcp") == Array("first".utf8))
    #expect(
      NetworkNamespace.here.setting("/proc/sys/net/core/somaxconn", through: kernel) == [55, 10])
    #expect(Users(through: kernel).name(of: 33) == Array("web".utf8))
    #expect(Users(through: kernel).name(of: 0) == nil)
  }

  @Test("a copy without process folders has its tables in net itself")
  func flatCopy() throws {
    let tree = try Tree()
    try tree.write("net/tcp", "flat")
    let kernel = LiveKernel(procRoot: tree.folder)
    #expect(try kernel.contents(of: "/proc/net/tcp") == Array("flat".utf8))
  }

  @Test("links of the other host lead to its own files, never to ours")
  func links() throws {
    let tree = try Tree()
    try tree.write("1/root/usr/passwd", "theirs")
    try tree.write("1/root/ours", "")
    try tree.link("1/root/etc/passwd", "/usr/passwd")
    try tree.link("1/root/up", "../../../../../../../../etc/passwd")
    try tree.link("1/root/magic", "/proc/self/root/etc/passwd")
    let kernel = LiveKernel(procRoot: tree.folder)
    #expect(try kernel.contents(of: "/etc/passwd") == Array("theirs".utf8))
    #expect(try kernel.link(at: "/etc/passwd") == Array("/usr/passwd".utf8))
    #expect(try kernel.contents(of: "/up") == Array("theirs".utf8))
    #expect(throws: KernelError.self) { try kernel.contents(of: "/magic") }
    #expect(throws: KernelError.self) { try kernel.contents(of: "/etc/hostname") }
    #expect(try kernel.identity(of: "/etc/passwd").size == 6)
    #expect(try kernel.entries(of: "/usr").map(\.name) == ["passwd"])
  }

  @Test("a pipe in the place of a file is refused, not waited for")
  func pipe() throws {
    let tree = try Tree()
    try tree.write("1/root/etc/x", "")
    #expect(unsafe mkfifo("\(tree.folder)/1/root/etc/passwd", 0o600) == 0)
    let kernel = LiveKernel(procRoot: tree.folder)
    let error = #expect(throws: KernelError.self) { try kernel.contents(of: "/etc/passwd") }
    #expect(error?.reason == "it is not a regular file")
  }

  @Test("netlink is never asked for a /proc whose namespace is not there")
  func netlinkOfCopy() throws {
    let tree = try Tree()
    try tree.write("1/net/dev", "")
    let kernel = LiveKernel(procRoot: tree.folder)
    let request = NetlinkRequest(subsystem: .route, message: RouteMessage.linksRequest)
    let error = #expect(throws: KernelError.self) {
      try kernel.ask(request) { _ in .complete }
    }
    #expect(error?.subject == "\(tree.folder)/1/ns/net")
    #expect(throws: KernelError.self) {
      try kernel.interfaceIndex(of: Array("lo".utf8), inNamespaceAt: nil)
    }
  }

  @Test("the kernel's own /proc is told from a copy")
  func kinds() throws {
    let tree = try Tree()
    #expect(!ProcRoot(tree.folder).isKernels)
    #expect(ProcRoot("/proc/.").isKernels)
    #expect(!ProcRoot("/proc/.").isOwn)
  }

  @Test("a folder whose name is not UTF-8 is found")
  func rawFolder() throws {
    let tree = try Tree(name: String(rawBytes: [0x70, 0xFF]))
    try tree.write("1/net/tcp", "raw")
    let kernel = LiveKernel(procRoot: tree.folder)
    #expect(try kernel.contents(of: "/proc/net/tcp") == Array("raw".utf8))
  }
}

/// Files below a temporary folder.
private struct Tree {
  let folder: String
  private let top: TemporaryFolder

  init(name: String = "proc") throws {
    top = try TemporaryFolder()
    folder = "\(top.path)/\(name)"
    try make(folder)
  }

  private func make(_ path: String) throws {
    var way = ""
    for step in path.split(separator: "/") {
      way += "/\(step)"
      let status = unsafe way.withRawCString { unsafe mkdir($0, 0o700) }
      #expect(status == 0 || errno == EEXIST)
    }
  }

  private func parent(of name: String) -> String {
    "\(folder)/" + name.split(separator: "/").dropLast().joined(separator: "/")
  }

  func write(_ name: String, _ text: String) throws {
    try make(parent(of: name))
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC
    let number = unsafe "\(folder)/\(name)".withRawCString { unsafe open($0, flags, 0o600) }
    try #require(number >= 0)
    let bytes = Array(text.utf8)
    #expect(unsafe Glibc.write(number, bytes, bytes.count) == bytes.count)
    close(number)
  }

  func link(_ name: String, _ target: String) throws {
    try make(parent(of: name))
    let status = unsafe "\(folder)/\(name)".withRawCString { unsafe symlink(target, $0) }
    #expect(status == 0)
  }
}
