import Glibc
import Testing

@testable import ProcNet

@Suite struct NamespaceFinderTests {
  private static let device: UInt64 = 4

  /// Processes 1 and 10 in ours (100), 20 and 21 in 300, 30 in 200; a name for 200, one for 400
  /// where nobody lives, and a left-over file that is none.
  private func tables() -> OwnersKernel.Tables {
    var tables = OwnersKernel.Tables()
    let places: [(String, UInt64)] = [
      ("self", 100), ("1", 100), ("10", 100), ("20", 300), ("21", 300), ("30", 200),
    ]
    for (process, inode) in places {
      if let number = Int32(process) { tables.addProcess(number, "x") }
      tables.links["/proc/\(process)/ns/net"] = "net:[\(inode)]"
      tables.identities["/proc/\(process)/net/dev"] = identity(inode + 1, device: 9)
    }
    tables.identities["/proc/self/ns/net"] = identity(100)
    tables.identities["/proc/net/dev"] = identity(101, device: 9)
    tables.folders["/run/netns"] = ["zebra", "blue", "stale"].map {
      FolderEntry(name: $0, inode: 5, isFolder: false)
    }
    tables.identities["/run/netns/blue"] = identity(200)
    tables.identities["/run/netns/zebra"] = identity(400)
    tables.identities["/run/netns/stale"] = identity(77, device: 30)
    return tables
  }

  private func identity(_ inode: UInt64, device: UInt64 = device) -> FileIdentity {
    FileIdentity(device: device, inode: inode, size: 0)
  }

  private func find(
    _ argument: String, _ tables: OwnersKernel.Tables
  ) throws -> ([NetworkNamespace], [Gap]) {
    var gaps: [Gap] = []
    let finder = NamespaceFinder(through: OwnersKernel(tables))
    return (try finder.places(for: NamespaceChoice(argument), gaps: &gaps), gaps)
  }

  private let own = NetworkNamespace(inode: 100, path: nil, tables: "/proc/net")

  @Test(arguments: [
    ("self", NamespaceChoice.own), ("all", .all), ("7", .process(7)), ("blue", .named("blue")),
    ("./7", .path("./7")), ("99999999999", .named("99999999999")), ("-1", .named("-1")),
    ("", .named("")),
  ])
  func `an argument is a word, a number, a path or a name`(text: String, choice: NamespaceChoice) {
    #expect(NamespaceChoice(text) == choice)
  }

  @Test func `all are ours first, then each other one once, by inode`() throws {
    let (places, gaps) = try find("all", tables())
    #expect(
      places == [
        own,
        NetworkNamespace(
          inode: 200, path: "/run/netns/blue", tables: "/proc/30/net", name: "blue"),
        NetworkNamespace(inode: 300, path: "/proc/20/ns/net", tables: "/proc/20/net"),
        NetworkNamespace(inode: 400, path: "/run/netns/zebra", tables: nil, name: "zebra"),
      ])
    #expect(gaps.isEmpty)
  }

  @Test func `namespaces of denied processes are told apart by their open tables`() throws {
    var tables = tables()
    for process in [1, 20, 21, 30] { tables.faults["/proc/\(process)/ns/net"] = EACCES }
    let (places, gaps) = try find("all", tables)
    #expect(places.map(\.inode) == [100, 200, 400, 0, 0])
    #expect(
      places.map(\.tables) == [
        "/proc/net", nil, nil, "/proc/20/net", "/proc/30/net",
      ])
    #expect(gaps.isEmpty)
  }

  @Test func `processes of which nothing can be told are a gap`() throws {
    var tables = tables()
    for process in [20, 21, 30] {
      tables.faults["/proc/\(process)/ns/net"] = EPERM
      tables.faults["/proc/\(process)/net/dev"] = EPERM
    }
    tables.faults["/proc/30/net/dev"] = ENOENT
    let (places, gaps) = try find("all", tables)
    #expect(places.map(\.inode) == [100, 200, 400])
    #expect(
      gaps.map(\.message) == [
        "network namespaces of 2 processes not shown: operation not permitted; run as root"
      ])
  }

  @Test(arguments: [ENOENT, ESRCH, EACCES, EPERM, EIO])
  func `a fault in one place costs no other namespace`(number: Int32) throws {
    for path in ["/proc/20/ns/net", "/proc/30/net/dev", "/run/netns", "/run/netns/blue"] {
      var tables = tables()
      tables.faults[path] = number
      let inodes = try find("all", tables).0.map(\.inode)
      #expect(Set(inodes).isSuperset(of: [100, 200, 300]), "\(path)")
    }
  }

  @Test func `a process leads to its namespace, and to ours when it shares it`() throws {
    let place = NetworkNamespace(inode: 300, path: "/proc/21/ns/net", tables: "/proc/21/net")
    #expect(try find("21", tables()).0 == [place])
    #expect(try find("10", tables()).0 == [own])
    var tables = tables()
    tables.faults["/proc/10/ns/net"] = EACCES
    #expect(try find("10", tables).0 == [own])
  }

  @Test func `a name leads to its namespace, with the tables of a process in it`() throws {
    let place = NetworkNamespace(
      inode: 200, path: "/run/netns/blue", tables: "/proc/30/net", name: "blue")
    #expect(try find("blue", tables()).0 == [place])
    #expect(try find("/run/netns/blue", tables()).0 == [place])
  }

  @Test(arguments: [
    (
      "99",
      "cannot find the network namespace of process 99: there is no such process, or it has ended"
    ),
    ("red", "cannot find network namespace red: there is no such name in /run/netns"),
    ("..", "cannot find network namespace ..: there is no such name in /run/netns"),
    ("", "cannot find network namespace : there is no such name in /run/netns"),
    ("stale", "cannot use /run/netns/stale: it is not a network namespace"),
    ("/etc/hosts", "cannot use /etc/hosts: it is not a network namespace"),
    ("/proc/1/ns/mnt", "cannot use /proc/1/ns/mnt: it is not a network namespace"),
    ("/nowhere", "cannot read /nowhere: no such file or directory"),
  ])
  func `what does not exist is refused with a sentence`(argument: String, sentence: String) {
    var tables = tables()
    tables.faults["/etc/hosts"] = nil
    tables.links["/etc/hosts"] = "elsewhere"
    tables.links["/run/netns/stale"] = "elsewhere"
    tables.identities["/etc/hosts"] = identity(77, device: 30)
    tables.links["/proc/1/ns/mnt"] = "mnt:[4026531841]"
    let error = #expect(throws: KernelError.self) { try find(argument, tables) }
    #expect(error?.message == sentence)
  }
}
